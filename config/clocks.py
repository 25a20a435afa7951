"""Of many machines one may have a wrong clock: its processes get no connection to the database, and so do no harm.

What a store tells is as of the moment when it was asked, and claims run out by the clock. A worker an hour ahead would
make all true news of an hour old news, and take over what others are at work on. So whoever connects compares its clock
with the server's. On SQLite everybody has the same one.
"""

import time
from typing import Any

from django.db import OperationalError
from django.db.backends.signals import connection_created

# Seconds that a clock may be off; machines that are kept in step differ by less than one.
TOLERANCE = 30.0


class WrongClock(OperationalError):
    """This machine's clock is off by so much that nothing may be done here; the text says by how much."""


def watch() -> None:
    """Compare clocks whenever a connection is opened, which is at least once in `CONN_MAX_AGE` seconds."""
    connection_created.connect(_refuse_if_wrong, dispatch_uid="config.clocks")


def _refuse_if_wrong(connection: Any, **_: Any) -> None:
    if connection.vendor != "postgresql":
        return
    ahead = _ahead(connection.connection)
    if abs(ahead) > TOLERANCE:
        connection.close()
        words = f"This machine's clock is {ahead:+.0f} seconds off the database's; nothing is done until it is set."
        raise WrongClock(words)


def _ahead(raw: Any) -> float:
    """Return by how many seconds our clock is ahead of the server's, whose answer takes its time."""
    before = time.time()
    [theirs] = raw.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    return (before + time.time()) / 2 - float(theirs)
