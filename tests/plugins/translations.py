"""Compile the French before the tests read it: a fresh clone has its source only."""

from config import translations


def pytest_configure() -> None:
    """Write what Django reads if it is missing or old; several workers may do this at once."""
    translations.compile_stale()
