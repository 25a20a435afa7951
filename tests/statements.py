"""The SQL statements of a block, for tests that count them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL statements of the block; the list is filled at its end."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured.captured_queries]


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collect the SQL statements of the block that write rows; the list is filled at its end."""
    found: list[str] = []
    with statements() as everything:
        yield found
    found += [sql for sql in everything if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
