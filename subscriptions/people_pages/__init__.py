"""The people whom a segment finds, as a list, and what is done to all of them."""
