"""A connection's page."""
