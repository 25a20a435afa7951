"""Tests of people and tags."""
