"""The pace of requests to one store: however many processes ask, they share its ceiling.

The next free moment stands on the connection's row, and each request moves it on by one interval (the generic cell
rate algorithm with a burst of one), so that the ceiling holds over processes and machines alike.
"""

import threading
import time

from django.db import connection as database
from django.db import models
from django.db.models.functions import Greatest

from config.metrics import counters
from integrations.models import Connection

_taken = threading.local()


def wait(connection: Connection) -> None:
    """Sleep until this request may leave; a connection that is not stored, only tried, has no pace to keep."""
    if connection._state.adding:
        return
    counters.store_request(connection.provider_name)
    moment = vars(_taken).pop("moment", None)
    time.sleep(max(0.0, (reserve(connection) if moment is None else moment) - time.time()))


def spend(moment: float) -> None:
    """Let the next request of this thread leave at a moment that another thread has reserved for it.

    On SQLite whoever is writing keeps all others from reserving, and so from asking.
    """
    _taken.moment = moment


def reserve(connection: Connection) -> float:
    """Take the next free moment and return it, as seconds since the epoch."""
    interval, now = 1 / connection.requests_per_second, time.time()
    with database.cursor() as cursor:
        cursor.execute(_TAKE, [now, now, interval, connection.pk])
        row = cursor.fetchone()
    if row is None:
        raise Connection.DoesNotExist
    return float(row[0]) - interval


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
