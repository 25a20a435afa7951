"""One process at a time migrates a database, however many hosts begin at once; the others wait and find it done."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

# Any number that nothing else in the database takes a lock by.
_NUMBER = 0x5269746F75726E65
# Seconds between two tries. A statement that waited for the lock would hold a snapshot all that time, and an index that
# is made while everything runs waits for old snapshots: both would wait for ever.
_PAUSE = 0.5


@contextmanager
def held(connection: BaseDatabaseWrapper, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Be the only one who migrates this database while the block runs; call `waiting` once where another one is."""
    with _OF[connection.vendor](connection, waiting):
        yield


@contextmanager
def _by_the_server(connection: BaseDatabaseWrapper, waiting: Callable[[], None]) -> Iterator[None]:
    """Lock by a session of its own, which ends with the process, whatever becomes of that."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            _try(lambda: _is_ours(cursor), waiting)
            yield
    finally:
        own.close()


def _is_ours(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [_NUMBER])
    return bool(cursor.fetchone()[0])


@contextmanager
def _by_a_file(connection: BaseDatabaseWrapper, waiting: Callable[[], None]) -> Iterator[None]:
    """Lock a file beside an SQLite database, which only this host has; one in memory is nobody else's."""
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        yield
        return
    with open(f"{name}.migrating", "a") as file:  # noqa: PTH123 # a name, which may be an address
        _try(lambda: _is_free(file.fileno()), waiting)
        yield


def _is_free(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _try(is_ours: Callable[[], bool], waiting: Callable[[], None]) -> None:
    is_first = True
    while not is_ours():
        if is_first:
            waiting()
        is_first = False
        time.sleep(_PAUSE)


_OF = {"postgresql": _by_the_server, "sqlite": _by_a_file}
