"""Segments in the browser: the list, one segment with its builder, and what the builder asks while somebody works."""
