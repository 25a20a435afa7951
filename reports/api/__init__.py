"""The API for reports: running them, and saving them."""
