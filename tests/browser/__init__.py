"""Tests that drive the real pages in Chromium."""
