"""Compile the French before the tests read it, since a fresh clone has its source only, and keep it to who asked."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from config import translations


def pytest_configure() -> None:
    """Write what Django reads if it is missing or old; several workers may do this at once."""
    translations.compile_stale()


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Forget the language of the last request: what was French for one test is not for the next."""
    yield
    translation.deactivate()
