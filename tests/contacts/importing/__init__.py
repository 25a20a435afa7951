"""Tests of importing contacts from files."""
