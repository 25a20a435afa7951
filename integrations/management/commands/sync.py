"""manage.py sync NAME: read a store's whole history, with a progress bar."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.audit.log import record
from integrations import history
from integrations.models import Connection, HistoricalSync
from integrations.naming import named
from integrations.providers import history_of

_WIDTH = 30


class Command(BaseCommand):
    """Read the history of a connection, going on where an interrupted sync stopped."""

    help = "Read a store's whole history; a sync that was interrupted goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", help="name of the connection")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run the sync here and now, showing how far it is."""
        connection = _connection(options["name"])
        sync = _opened(connection)
        try:
            sync = history.run(sync.pk, progress=self._show)
        except KeyboardInterrupt:
            self.stderr.write("\nInterrupted; the same command goes on where it stopped.")
            sys.exit(130)
        self._end(sync)

    def _show(self, sync: HistoricalSync) -> None:
        bar = ""
        if sync.total:
            filled = min(_WIDTH, _WIDTH * sync.done // sync.total)
            more = "more than " if sync.total_is_least else ""
            bar = f"[{'#' * filled}{'.' * (_WIDTH - filled)}] of {more}{sync.total}"
        end = "" if self.stderr.isatty() else "\n"
        start = "\r\x1b[K" if self.stderr.isatty() else ""
        self.stderr.write(f"{start}{sync.done} recurring payments {bar}", ending=end)

    def _end(self, sync: HistoricalSync) -> None:
        counts = ", ".join(f"{getattr(sync, name)} {name}" for name in HistoricalSync.COUNTS)
        if self.stderr.isatty():
            self.stderr.write("")
        if sync.state == HistoricalSync.State.FINISHED:
            self.stdout.write(f"Finished: {counts}.")
            return
        if sync.state == HistoricalSync.State.RUNNING:
            if Connection.objects.at_rest().filter(pk=sync.connection_id).exists():
                raise CommandError("The connection has been paused; the sync goes on once it is resumed.")
            raise CommandError("Another process works on this sync; its connection's page shows how far it is.")
        problem = f" {sync.get_problem_display()} {sync.problem_detail}".rstrip()
        raise CommandError(f"{sync.get_state_display()}:{problem} So far: {counts}. Run it again to go on.")


@transaction.atomic
def _opened(connection: Connection) -> HistoricalSync:
    """Open the last sync again if it failed or was cancelled, at the page where it stopped; else start one."""
    last = connection.syncs.first()
    if last and history.resume(last):
        record("history.resumed", about=connection)
        return last
    return history.start(connection)


def _connection(name: str) -> Connection:
    connection = named(name)
    if history_of(connection) is None:
        raise CommandError("This kind of store has no history to read.")
    if connection.paused_at:
        raise CommandError("The connection is paused; resume it on its page first.")
    if not connection.api_key:
        raise CommandError("The connection has no API key; `manage.py connect` takes one.")
    return connection
