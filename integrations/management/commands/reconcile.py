"""manage.py reconcile NAME: compare a store with what is known of it, and repair what no webhook told."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations import inbox, reconciling
from integrations.models import Reconciliation
from integrations.naming import named


class Command(BaseCommand):
    """Compare a store here and now, going on where an interrupted comparison stopped."""

    help = "Compare a store with what is known of it, and repair what no webhook told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", help="name of the connection")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run the comparison, work off what it found, and say what was repaired."""
        connection = named(options["name"])
        if reconciling.of(connection) is None:
            raise CommandError("This connection cannot be compared: it has no credentials, or is one of the API.")
        if connection.paused_at:
            raise CommandError("The connection is paused; resume it on its page first.")
        run = reconciling.run(reconciling.ask(connection).pk)
        inbox.process()
        run.refresh_from_db()
        self._end(run)

    def _end(self, run: Reconciliation) -> None:
        if run.state == run.State.RUNNING:
            raise CommandError("Another process works on this comparison; the connection's page shows how far it is.")
        told = f"{run.checked} checked, {run.repaired} repaired ({run.updated} updated, {run.created} new)."
        if run.state != run.State.FINISHED:
            problem = f" {run.get_problem_display()} {run.problem_detail}".rstrip()
            raise CommandError(f"{run.get_state_display()}:{problem} So far: {told}")
        self.stdout.write(f"Compared: {told} {run.get_webhook_display()}")
