"""Tests of what speaks Stripe's language."""
