"""Measuring opens and clicks: what comes in is written to a file first, and from there to the database in batches."""
