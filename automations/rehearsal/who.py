"""Who would have entered by a flow in a time that is past, from the record, and by which trigger at which moment.

What a trigger is about is asked by the code that asks it when it happens, and conditions of recurring payments as they
were at that moment. Nothing is written, and what the flow did in truth in that time does not matter.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from automations import entering
from automations.entering import Entry
from automations.flow.conditions import Conditions
from automations.flow.shape import Flow
from automations.models import Automation, Pending
from automations.rehearsal import record
from automations.starting import changes, dates, staying
from automations.starting.listening import Listener, allowed
from automations.steps.waits import at_hour
from automations.triggers import CREATED, DATED, SUBSCRIBED, TAGGED, UPDATED, TriggerKind
from automations.triggers.where import EVERY_PAYMENT
from contacts.models import IMPORT, Standing
from subscriptions.catalogue import BY_NAME
from subscriptions.models import Change, RecurringPayment

# Changes that are looked at, the newest; days and conditions that are asked, so that nobody waits for long.
MOST_CHANGES = 20_000
MOST_STARTS = 5_000
MOST_ASKED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Somebody who would have entered: when, by which trigger, and under which name of a run."""

    at: datetime
    contact: int
    payment: int | None
    trigger: str
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Everybody who was found, in order; all, if it `is_whole`. `unknown` names triggers of which nothing is kept."""

    found: tuple[Found, ...]
    is_whole: bool
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """Something that a trigger is about, before its conditions are asked."""

    at: datetime
    listener: Listener
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Time:
    since: datetime
    until: datetime

    def holds(self, moment: datetime) -> bool:
        return self.since < moment <= self.until


def would_have_entered(automation: Automation, flow: Flow, *, since: datetime, until: datetime) -> Who:
    """Find who would have entered in a time if the flow had been active then, and no person had entered before."""
    time = _Time(since=since, until=until)
    known = [
        Listener(pk=number, automation=automation, key=one.id, kind=one.kind, options=one.options, since=since)
        for number, one in enumerate(flow.triggers, 1)
    ]
    starts = sorted(_starts(known, time), key=lambda start: (start.at, start.listener.pk))
    asked = starts[-MOST_STARTS:]
    fulfilled, is_asked = _fulfilled(asked)
    found: dict[str, Found] = {}
    for start in fulfilled:
        run = entering.key_of(flow.runs, start.entry)
        found.setdefault(run, _found(start, run))
    return Who(
        found=tuple(found.values()),
        is_whole=len(asked) == len(starts) < MOST_CHANGES and is_asked,
        unknown=tuple(one.key for one in known if one.kind is TAGGED),
    )


def _found(start: _Start, run: str) -> Found:
    entry = start.entry
    return Found(at=start.at, contact=entry.contact, payment=entry.payment, trigger=entry.trigger, run=run)


def _starts(known: list[Listener], time: _Time) -> Iterator[_Start]:
    yield from _by_changes(_of(known, CREATED, UPDATED), time)
    for one in _of(known, DATED):
        yield from _by_dates(one, time)
    for one in _of(known, SUBSCRIBED):
        yield from _by_lists(one, time)


def _of(known: Iterable[Listener], *kinds: TriggerKind) -> list[Listener]:
    return [one for one in known if one.kind in kinds]


def _by_changes(known: list[Listener], time: _Time) -> Iterator[_Start]:
    rows = Change.objects.filter(announce=True, recorded_at__gt=time.since, recorded_at__lte=time.until)
    newest = sorted(rows.order_by("-pk")[:MOST_CHANGES] if known else (), key=lambda change: change.pk)
    owners = changes.owners_of({change.payment_id for change in newest})
    owned = changes.with_late_owners([change for change in newest if change.payment_id in owners])
    put_off: list[tuple[Listener, Change, datetime]] = []
    for one, change in changes.started_by(owned, known):
        if minutes := one.options.get("minutes"):
            put_off.append((one, change, change.recorded_at + timedelta(minutes=minutes)))
        else:
            yield _by_change(one, change, change.recorded_at, owners)
    for one, change, at in _stayed(put_off, time):
        yield _by_change(one, change, at, owners)


def _by_change(one: Listener, change: Change, at: datetime, owners: Mapping[int, int]) -> _Start:
    return _Start(at=at, listener=one, entry=changes.entry(one, change, owners[change.payment_id]))


def _stayed(
    put_off: list[tuple[Listener, Change, datetime]], time: _Time
) -> Iterator[tuple[Listener, Change, datetime]]:
    """Keep what had stayed so by the end of its time, if that has come."""
    known = {one.pk: one for one, _change, _at in put_off}
    rows = [
        Pending(trigger_id=one.pk, change=change, due_at=due_at)
        for one, change, due_at in put_off
        if time.holds(due_at)
    ]
    for row in staying.unchanged(rows, known):
        yield known[row.trigger_id], row.change, row.due_at


def _by_dates(one: Listener, time: _Time) -> Iterator[_Start]:
    """Find the payments whose day came: by the date that they have, and by those that they had then."""
    field = BY_NAME[one.options["field"]]
    told = _told_of(field.name, time)
    for day, at in _days(one, time):
        now = dates.candidates(one, day).order_by("pk").values_list("pk", "contact_id", "created_at")
        for pk, contact, made_at in now[:MOST_STARTS]:
            if _holds_since(told.get(pk, ()), made_at) <= at:
                yield _Start(at=at, listener=one, entry=dates.entry(one, pk, contact, day))
        yield from _by_older_dates(one, day, at, told)


def _by_older_dates(
    one: Listener, day: date, at: datetime, told: Mapping[int, list[tuple[datetime, Any]]]
) -> Iterator[_Start]:
    if one.options["yearly"]:  # a date of beginning is not moved every month
        return
    is_month = BY_NAME[one.options["field"]].month_only
    begins, ends = dates.span(day - timedelta(days=one.options["days"]), is_month=is_month)
    fit = [pk for pk, rows in told.items() if any(begins <= value < ends for value in _values_at(rows, at))]
    owners = changes.owners_of(fit)
    for pk in fit:
        if pk in owners:
            yield _Start(at=at, listener=one, entry=dates.entry(one, pk, owners[pk], day))


def _days(one: Listener, time: _Time) -> Iterator[tuple[date, datetime]]:
    """Return each day whose hour is in the time, and that moment."""
    zone = timezone.get_default_timezone()
    day, last = timezone.localtime(time.since, zone).date(), timezone.localtime(time.until, zone).date()
    while day <= last:
        if time.holds(at := at_hour(day, one.options["hour"])):
            yield day, at
        day += timedelta(days=1)


def _told_of(field: str, time: _Time) -> dict[int, list[tuple[datetime, Any]]]:
    """Return by payment when a field was changed since, in order, each with the value that it had before."""
    rows = Change.objects.filter(kind=Change.Kind.UPDATED, fields__has_key=field, recorded_at__gt=time.since)
    found: dict[int, list[tuple[datetime, Any]]] = defaultdict(list)
    for payment, moment, fields in rows.order_by("recorded_at", "pk").values_list("payment", "recorded_at", "fields")[
        :MOST_CHANGES
    ]:
        found[payment].append((moment, BY_NAME[field].kind.load(fields[field][0])))
    return found


def _holds_since(rows: Collection[tuple[datetime, Any]], made_at: datetime) -> datetime:
    """Return since when a payment has the value that it has now."""
    return max((moment for moment, _before in rows), default=made_at)


def _values_at(rows: list[tuple[datetime, Any]], at: datetime) -> Iterator[Any]:
    """Return the value that held at a moment, if it is another one now; nothing where it was empty."""
    before = next((value for moment, value in rows if moment > at), None)
    if before is not None:
        yield before


def _by_lists(one: Listener, time: _Time) -> Iterator[_Start]:
    """Find who is on a list since then, and not by a file; whoever has left it since is not on record."""
    rows = Standing.objects.filter(contact_list=one.options["list"], state=Standing.State.SUBSCRIBED)
    rows = rows.filter(changed_at__gt=time.since, changed_at__lte=time.until).exclude(source=IMPORT)
    for pk, contact, at in rows.order_by("-changed_at").values_list("pk", "contact_id", "changed_at")[:MOST_STARTS]:
        entry = Entry(contact=contact, payment=None, cause=f"o{pk}:{at.timestamp()}", trigger=one.key)
        yield _Start(at=at, listener=one, entry=entry)


def _fulfilled(starts: list[_Start]) -> tuple[list[_Start], bool]:
    """Keep those whose conditions were fulfilled at their moment; say whether all could be asked."""
    groups: dict[tuple[Conditions, datetime], list[_Start]] = defaultdict(list)
    for start in starts:
        if start.listener.where != EVERY_PAYMENT:
            groups[(start.listener.where, start.at)].append(start)
    asked = list(groups.items())[-MOST_ASKED:]
    fit = {number for (conditions, at), group in asked for number in _fit(conditions, at, group)}
    kept = [start for start in starts if start.listener.where == EVERY_PAYMENT or id(start) in fit]
    return kept, len(asked) == len(groups)


def _fit(conditions: Conditions, at: datetime, group: list[_Start]) -> set[int]:
    payments = {start.entry.payment for start in group if start.entry.payment}
    with record.undone():
        record.set_back(payments, at)
        allowed_then = set(allowed(conditions, payments, at))
    return {id(start) for start in group if start.entry.payment in allowed_then}


def payment_of(found: Found) -> RecurringPayment | None:
    """Read the recurring payment that somebody would have entered with."""
    if found.payment is None:
        return None
    return RecurringPayment.objects.select_related("store").filter(pk=found.payment).first()
