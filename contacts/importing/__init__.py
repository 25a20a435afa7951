"""Importing contacts from a file: read, mapped, previewed, and worked off in slices."""
