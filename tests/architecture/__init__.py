"""Tests of the code's shape: who imports whom, what lies where."""
