"""Asking the database only as long as there is time: a question that takes longer is given up there too."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

# What PostgreSQL is given for one question: enough memory to put hundreds of thousands of people into a table without
# a file, and no compiling of machine code, which takes longer than what it would save.
_MANNERS = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off"
# SQLite looks at the clock every so many steps, which is some milliseconds.
_STEPS = 5_000


class Deadline:
    """The moment at which time is up."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """How many seconds are left."""
        return self.at - time.monotonic()


@contextmanager
def hurried(end: Deadline) -> Iterator[None]:
    """Let each query be given up when time is up, with an OperationalError; nothing that is written stays."""
    with _WAYS[connection.vendor](end):
        yield


@contextmanager
def _on_postgresql(end: Deadline) -> Iterator[None]:
    """Set the limits in a transaction of its own, and take it back: so they end with it, also inside another one."""

    def limit(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        left = int(end.left * 1000)
        if left <= 0:
            raise OperationalError("Time is up.")
        context["cursor"].cursor.execute(f"SET LOCAL statement_timeout = {left}")
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_MANNERS)
        with connection.execute_wrapper(limit):
            yield
        transaction.set_rollback(True)


@contextmanager
def _on_sqlite(end: Deadline) -> Iterator[None]:
    """Look at the clock while a query runs; without a transaction, which would keep writers waiting."""
    connection.ensure_connection()
    raw = connection.connection
    raw.set_progress_handler(lambda: end.left <= 0, _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


_WAYS: dict[str, Callable[[Deadline], AbstractContextManager[None]]] = {
    "postgresql": _on_postgresql,
    "sqlite": _on_sqlite,
}
