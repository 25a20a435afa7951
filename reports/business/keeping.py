"""Keeping the past up: whatever of it a change of a payment may have changed is made again, and nothing else.

The database notes who is due (`triggers`); a turn takes some of them and makes their past anew in the
transaction that takes the notes away, so that a process that is killed has done nothing. One process does it at a time.
When the definitions or the time zone change, all is made again in the same way, customer by customer.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from reports.business import movements, timeline, totals
from reports.business.replacing import replace
from reports.models import Due, Episode, Movement, Upkeep
from subscriptions.models import Change, RecurringPayment

# Which definitions the past is made by; another number has all of it made again.
VERSION = 2
# Notes, or customers, of one transaction: others wait for it on SQLite.
BATCH = 300
_CHARGE = f"fields__{timeline.CHARGE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """Contacts, and payments that have none."""

    contacts: Collection[int]
    payments: Collection[int]

    def __bool__(self) -> bool:
        return bool(self.contacts or self.payments)

    def of(self) -> Q:
        """Return the condition on rows that are of one of them."""
        return Q(contact__in=self.contacts) | Q(contact=None, payment__in=self.payments)


def work(*, seconds: float) -> bool:
    """Keep the past up for that long, and return whether something is left."""
    until = time.monotonic() + seconds
    while _turn():
        if time.monotonic() >= until:
            return True
    return False


def is_waiting() -> bool:
    """Say whether something is to be done."""
    return not Upkeep.objects.filter(rules=_rules(), is_whole=True).exists() or Due.objects.exists()


def fresh_at() -> datetime | None:
    """Return the moment up to which everything is counted: now where nothing is due, None before it is whole."""
    now = timezone.now()
    upkeep = Upkeep.objects.filter(rules=_rules(), is_whole=True).first()
    return None if upkeep is None else upkeep.fresh_at if Due.objects.exists() else now


def done() -> float:
    """Return how much of the past is made, from 0 to 1."""
    upkeep = Upkeep.objects.filter(rules=_rules()).first()
    if upkeep is None:
        return 0.0
    if upkeep.is_whole:
        return 1.0
    most = RecurringPayment.objects.aggregate(contact=Max("contact"), payment=Max("pk"))
    parts = [(upkeep.contact, most["contact"]), (upkeep.payment, most["payment"])]
    return sum((min(1.0, place / end) for place, end in parts if end), 0.0) / 2


def _rules() -> str:
    return f"{VERSION} {settings.TIME_ZONE}"


@transaction.atomic
def _turn() -> bool:
    """Do a batch, and return whether there may be more."""
    began = timezone.now()
    upkeep, _is_new = Upkeep.objects.select_for_update().get_or_create(pk=Upkeep.ONLY)
    if upkeep.rules != _rules():
        _begin_anew(upkeep)
    if not upkeep.is_whole:
        _go_on(upkeep)
        return True
    customers = _due()
    if customers is None:
        upkeep.fresh_at = began
        upkeep.save(update_fields=["fresh_at"])
        return False
    _make(customers)
    return True


def _begin_anew(upkeep: Upkeep) -> None:
    Due.objects.all().delete()  # whoever is noted from now on is looked at once all is made
    for model in (Movement, Episode):
        model.objects.all().delete()
    totals.forget()
    upkeep.rules, upkeep.is_whole, upkeep.contact, upkeep.payment = _rules(), False, 0, 0
    upkeep.save()


def _go_on(upkeep: Upkeep) -> None:
    """Make the past of the next customers: of contacts first, then of the payments that have none."""
    rows = RecurringPayment.objects.order_by()
    contacts = list(
        rows.filter(contact__gt=upkeep.contact).values_list("contact", flat=True).distinct().order_by("contact")[:BATCH]
    )
    payments: list[int] = []
    if not contacts:
        alone = rows.filter(contact=None, pk__gt=upkeep.payment).order_by("pk")
        payments = list(alone.values_list("pk", flat=True)[:BATCH])
    customers = Customers(contacts=contacts, payments=payments)
    if customers:
        _make(customers)
    upkeep.contact, upkeep.payment = max([upkeep.contact, *contacts]), max([upkeep.payment, *payments])
    upkeep.is_whole = not customers
    upkeep.save()


def _due() -> Customers | None:
    """Take notes away and return of whom they are; None where there are none."""
    notes = list(Due.objects.order_by("pk").values_list("pk", "payment", "contact")[:BATCH])
    if not notes:
        return None
    Due.objects.filter(pk__in=[pk for pk, _payment, _contact in notes]).delete()
    payments = {payment for _pk, payment, _contact in notes if payment}
    owners = dict(RecurringPayment.objects.filter(pk__in=payments).values_list("pk", "contact"))
    people = {contact for _pk, _payment, contact in notes} | set(owners.values())
    # each of them may have been a customer by itself, before it had a contact or while it was there
    return Customers(contacts={contact for contact in people if contact}, payments=payments)


def _make(customers: Customers) -> None:
    """Make the past of some customers anew."""
    payments = list(
        RecurringPayment.objects.filter(
            Q(contact__in=customers.contacts) | Q(contact=None, pk__in=customers.payments)
        ).values("pk", "contact", "created_at", *timeline.FIELDS)
    )
    mine = {row["pk"] for row in payments} | set(customers.payments)
    new_movements, new_episodes = _past(payments)
    moved = replace(Movement.objects.filter(customers.of()), new_movements)
    times = Episode.objects.filter(Q(payment__in=mine) | Q(contact__in=customers.contacts))
    totals.correct(moved, replace(times, new_episodes))


def _past(payments: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the movements and times of payments, all those of each customer being among them."""
    firsts, laters = _log([row["pk"] for row in payments])
    unknown = _charges_before(row["pk"] for row in payments if row["pk"] not in firsts)
    levels: dict[tuple[int | None, int | None], list[tuple[datetime, str, int]]] = defaultdict(list)
    rows = []
    for payment in payments:
        pk, contact = payment["pk"], payment["contact"]
        first = firsts.get(pk) or _first_seen(payment, unknown.get(pk, {}))
        found = timeline.pieces({name: payment[name] for name in timeline.FIELDS}, first, laters.get(pk, ()))
        levels[contact, None if contact else pk].extend(timeline.levels(found))
        rows += [{"payment_id": pk, "contact_id": contact} | row for row in timeline.episodes(found)]
    moved = [
        {"contact_id": contact, "payment_id": pk} | row
        for (contact, pk), changes in levels.items()
        for row in movements.moved(changes)
    ]
    return moved, rows


def _log(payments: Iterable[int]) -> tuple[dict[int, timeline.Change], Mapping[int, list[timeline.Change]]]:
    """Return when each payment was first told, and what of its later changes matters, in the order of recording."""
    log = Change.objects.filter(payment__in=payments).order_by("pk")
    created = log.filter(kind=Change.Kind.CREATED).values_list("payment", "occurred_at", "recorded_at", _CHARGE)
    firsts = {
        pk: timeline.Change(occurred, recorded, {timeline.CHARGE: told[1] if told else None})
        for pk, occurred, recorded, told in created
    }
    laters: dict[int, list[timeline.Change]] = defaultdict(list)
    for pk, occurred, recorded, fields in _told(log):
        before = {name: values[0] for name, values in fields.items() if name in timeline.TOLD}
        laters[pk].append(timeline.Change(occurred, recorded, before))
    return firsts, laters


def _told(log: Any) -> Iterator[tuple[int, datetime, datetime, dict[str, Any]]]:
    updates = log.filter(kind=Change.Kind.UPDATED, fields__has_any_keys=list(timeline.TOLD))
    yield from updates.values_list("payment", "occurred_at", "recorded_at", "fields")


def _charges_before(payments: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return what the last charge was before the first change of it, of payments whose beginning is not on record."""
    asked = list(payments)
    if not asked:
        return {}
    log = Change.objects.filter(payment__in=asked, fields__has_key=timeline.CHARGE).order_by("-pk")
    return {pk: {timeline.CHARGE: told[0]} for pk, told in log.values_list("payment", _CHARGE)}


def _first_seen(payment: Mapping[str, Any], told: Mapping[str, Any]) -> timeline.Change:
    """Stand in for what is not on record of a payment's beginning."""
    return timeline.Change(payment["store_created_date"] or payment["created_at"], payment["created_at"], told)
