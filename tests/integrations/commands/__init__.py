"""Tests of the commands of the app."""
