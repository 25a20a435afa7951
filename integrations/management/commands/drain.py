"""manage.py drain: work off everything that waits, without any worker."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Min

from contacts.importing import work as importing
from integrations import disconnecting, history, inbox, reconciling
from integrations.api import batches
from integrations.models import Batch, Connection, Delivery, HistoricalSync
from subscriptions.people_actions import work as people_actions


class Command(BaseCommand):
    """Work off the inbox and everything that follows from it, and say what is left."""

    help = "Work off the inbox and all long work that is open in this process, and say what is left."

    def handle(self, *_: Any, **__: Any) -> None:
        """Go round until nothing is due."""
        handled = inbox.process()
        for abandoned, run in _WORK:
            for pk in abandoned():
                run(pk)
        handled += inbox.process()
        self.stdout.write(f"Handled {handled} events.")
        for line in _left():
            self.stdout.write(line)


# what nobody works on, and what goes on with it
_WORK: tuple[tuple[Callable[[], Iterable[Any]], Callable[[Any], Any]], ...] = (
    (history.abandoned, history.run),
    (reconciling.abandoned, reconciling.run),
    (batches.abandoned, batches.run),
    (disconnecting.unfinished, disconnecting.run),
    (importing.abandoned, importing.run),
    (people_actions.abandoned, people_actions.run),
)


def _left() -> list[str]:
    resting = Connection.objects.at_rest().select_related("store")
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    kept = waiting.filter(connection__in=resting).count()
    due = waiting.exclude(connection__in=resting).aggregate(count=Count("pk"), first=Min("due_at"))
    failed = Delivery.objects.filter(state=Delivery.State.FAILED).count()
    syncs = HistoricalSync.objects.filter(state__in=HistoricalSync.OPEN).exclude(connection__in=resting).count()
    unfinished = Batch.objects.filter(state__in=Batch.OPEN).exclude(connection__in=resting).count()
    lines = [
        *(f"{one.name} is paused: what it sends is kept until it is resumed." for one in resting),
        f"{kept} wait for a connection to be resumed." if kept else "",
        f"{due['count']} wait for their next attempt, the first at {due['first']:%Y-%m-%d %H:%M:%S} UTC."
        if due["count"]
        else "",
        f"{failed} failed and can be retried in the inbox." if failed else "",
        f"{syncs} historical syncs are being worked on by other processes." if syncs else "",
        f"{unfinished} batches of the API are left, since they failed or others work on them." if unfinished else "",
    ]
    return [line for line in lines if line] or ["Nothing is left."]
