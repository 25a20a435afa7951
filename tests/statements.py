"""The SQL statements of a block, for tests that count them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Django tells one statement with many rows as "7 times: INSERT ...".
_WRITING = re.compile(r"(\d+ times: )?(INSERT|UPDATE|DELETE)")


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
    found += [sql for sql in everything if _WRITING.match(sql)]
