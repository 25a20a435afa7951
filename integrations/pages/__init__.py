"""A connection's page: its head, and a module for each of its tabs."""
