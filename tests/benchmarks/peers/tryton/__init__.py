"""Tryton with its module for marketing automation; it runs in an environment of its own."""
