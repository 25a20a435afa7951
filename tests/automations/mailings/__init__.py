"""Direct campaigns."""
