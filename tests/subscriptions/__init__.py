"""Tests of recurring payments."""
