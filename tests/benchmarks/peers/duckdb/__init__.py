"""DuckDB, which keeps columns together and asks them on all cores; it runs in an environment of its own."""
