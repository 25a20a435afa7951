"""The pace of requests to one store: however many processes ask, they share its ceiling.

The next free moment stands on the connection's row, and each request moves it on by one interval (the generic cell
rate algorithm with a burst of one), so that the ceiling holds over processes and machines alike.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import connection as database
from django.db import models
from django.db.models.functions import Greatest

from config.metrics import counters
from integrations.models import Connection

_taken = threading.local()
# Seconds for which moments are reserved ahead where many requests are to leave, and for which one stays good: with much
# older ones a store that was slow would get what it missed at a blow.
_AHEAD = 0.1
_STALE = 0.05


def wait(connection: Connection) -> None:
    """Sleep until this request may leave; a connection that is not stored, only tried, has no pace to keep."""
    if connection._state.adding:
        return
    counters.store_request(connection.provider_name)
    moment = vars(_taken).pop("moment", None)
    if moment is None:
        with vars(_taken).get("lending", nullcontext)():
            moment = reserve(connection)
    time.sleep(max(0.0, moment - time.time()))


@contextmanager
def spending(moment: float, *, lending: Callable[[], AbstractContextManager[None]] = nullcontext) -> Iterator[None]:
    """Let the first request of this thread leave at a moment that another thread has reserved for it.

    On SQLite whoever is writing keeps all others from reserving, and so from asking. `lending` lends the connection to
    the database with which the moments of further requests are reserved.
    """
    _taken.moment, _taken.lending = moment, lending
    try:
        yield
    finally:
        vars(_taken).clear()


def reserve(connection: Connection, *, count: int = 1) -> float:
    """Take the next free moments, an interval apart, and return the first, as seconds since the epoch."""
    span, now = count / connection.requests_per_second, time.time()
    with database.cursor() as cursor:
        cursor.execute(_TAKE, [now, now, span, connection.pk])
        row = cursor.fetchone()
    if row is None:
        raise Connection.DoesNotExist
    return float(row[0]) - span


class Moments:
    """The moments of one thread that hands on many requests to a store: reserved some at a time, by one statement."""

    def __init__(self) -> None:
        self._reserved: deque[float] = deque()

    def take(self, connection: Connection, *, wanted: int) -> float:
        """Return the next moment; `wanted` is how many requests are known of."""
        while self._reserved and self._reserved[0] < time.time() - _STALE:
            self._reserved.popleft()
        if not self._reserved:
            interval = 1 / connection.requests_per_second
            count = max(1, min(wanted, int(_AHEAD / interval)))
            first = reserve(connection, count=count)
            self._reserved.extend(first + interval * number for number in range(count))
        return self._reserved.popleft()


def hold(connection: Connection, seconds: float) -> None:
    """Let nobody ask this store for a while, since it told us to wait."""
    until = models.Value(time.time() + seconds)
    Connection.objects.filter(pk=connection.pk).update(next_request_at=Greatest(models.F("next_request_at"), until))


# One statement, so that no two processes take the same moment.
_TAKE = """
    UPDATE integrations_connection
    SET next_request_at = CASE WHEN next_request_at > %s THEN next_request_at ELSE %s END + %s
    WHERE id = %s
    RETURNING next_request_at
"""
