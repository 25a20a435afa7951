"""Tests of the pretend shops, over HTTP with the providers' own libraries."""
