"""Changing the tables while everything runs: one host at a time, and no table locked for long.

The rules for migrations are in `docs/deployment.md`; `tests/architecture` holds new ones to them.
"""
