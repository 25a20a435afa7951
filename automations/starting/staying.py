"""Changes that must stay so for a while: when that is over, they start somebody if nothing has changed it since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from automations.entering import Entry
from automations.models import Automation, Pending
from automations.starting.changes import entry, owners_of
from automations.starting.listening import Listener, allowed, enter, listeners
from automations.triggers import UPDATED
from config.turns import unheld
from contacts.holding import hold
from subscriptions.models import Change

BATCH = 500


def dispatch(*, limit: int = BATCH, now: datetime | None = None) -> int:
    """Let people in whose change has stayed, forget the others, and return how many there were."""
    with transaction.atomic():
        now = now or timezone.now()
        rows = _of_held(_lock(limit, now))
        if rows:
            known = {one.pk: one for one in listeners(UPDATED, among={row.trigger_id for row in rows})}
            stayed = [row for row in rows if row.trigger_id in known]
            stayed = unchanged(stayed, known)
            enter(_entries(stayed, known, now), now)
            Pending.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _of_held(rows: list[Pending]) -> list[Pending]:
    """Leave for later those of people who are being erased or merged at this moment."""
    owners = owners_of({row.change.payment_id for row in rows})
    held = hold(set(owners.values()))
    return [row for row in rows if owners.get(row.change.payment_id) in {None, *held}]


def _lock(limit: int, now: datetime) -> list[Pending]:
    due = Pending.objects.filter(due_at__lte=now).order_by("due_at")
    ids = list(unheld(due).values_list("pk", flat=True)[:limit])
    return list(Pending.objects.filter(pk__in=ids).select_related("change").order_by("pk")) if ids else []


def unchanged(rows: Iterable[Pending], known: dict[int, Listener]) -> list[Pending]:
    """Keep those whose field nobody changed before their time was up: one query for each field."""
    of_field: dict[str, list[Pending]] = defaultdict(list)
    for row in rows:
        of_field[known[row.trigger_id].options["field"]].append(row)
    return [row for field, some in of_field.items() for row in _last(field, some)]


def _last(field: str, rows: list[Pending]) -> list[Pending]:
    first = min(row.change_id for row in rows)
    payments = {row.change.payment_id for row in rows}
    changes = Change.objects.filter(fields__has_key=field, payment__in=payments, pk__gt=first)
    later: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for payment, pk, moment in changes.order_by("pk").values_list("payment_id", "pk", "recorded_at"):
        later[payment].append((pk, moment))
    return [row for row in rows if not any(_undoes(one, row) for one in later[row.change.payment_id])]


def _undoes(later: tuple[int, datetime], row: Pending) -> bool:
    pk, moment = later
    return pk > row.change_id and moment <= row.due_at


def _entries(rows: list[Pending], known: dict[int, Listener], now: datetime) -> Iterator[tuple[Automation, Entry]]:
    owners = owners_of({row.change.payment_id for row in rows})
    for where in {known[row.trigger_id].where for row in rows}:
        some = allowed(where, owners.keys(), now)
        for row in rows:
            one, payment = known[row.trigger_id], row.change.payment_id
            if one.where == where and payment in some:
                yield one.automation, entry(one, row.change, owners[payment])
