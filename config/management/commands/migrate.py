"""`manage.py migrate`: Django's own, safe to run on several hosts at once and while everything runs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from config.schema import lock

# How long a change of a table may keep others from it by waiting itself, and how often it is tried again.
LOCK_TIMEOUT = "3s"
TRIES = 20
_LOCK_NOT_AVAILABLE = "55P03"


class Command(Migrate):
    """Lets one process at a time migrate, and gives way where a table is in use."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, or wait for whoever does and then find that it is done."""
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        connection = connections[options["database"]]
        with lock.held(connection, waiting=self._say_that_it_waits):
            self._migrate(*args, **options)

    def _migrate(self, *args: Any, **options: Any) -> None:
        """Migrate, and begin again where a lock on a table does not come soon: what is done stays done."""
        for left in reversed(range(TRIES)):
            try:
                with _giving_way(connections[options["database"]]):
                    super().handle(*args, **options)
            except OperationalError as error:
                if not left or getattr(error.__cause__, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                    raise
                self.stderr.write("A table is in use; trying again.")
                time.sleep(1)
            else:
                return

    def _say_that_it_waits(self) -> None:
        self.stdout.write("Somebody else migrates this database; waiting.")


@contextmanager
def _giving_way(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Wait for no lock for long: whoever comes after the one that waits for it has to wait too."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")
