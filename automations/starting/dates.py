"""Dates of recurring payments that come: days before, on or after them, at an hour of the account's zone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from automations.entering import Entry
from automations.models import Automation, Trigger
from automations.starting.listening import Listener, allowed, enter, listener
from automations.steps.waits import at_hour
from automations.triggers import DATED
from config.turns import unheld
from contacts.holding import hold
from subscriptions.catalogue import BY_NAME
from subscriptions.models import RecurringPayment
from subscriptions.segments.clock import Clock

# What should have happened while nobody looked is made up for, but no mail is later than this.
MOST_LATE = timedelta(days=1)
_AT_ONCE = 2000


def dispatch(*, now: datetime | None = None) -> int:
    """Let in the people whose day has come since it was looked last; return how many that may be."""
    now = now or timezone.now()
    rows = Trigger.objects.filter(kind=DATED.name, automation__state=Automation.State.ACTIVE, checked_until__lt=now)
    due = [row for row in rows.select_related("automation") if any(_days(listener(row), row.checked_until, now))]
    return sum(_dispatch(row.pk, now) for row in due)


@transaction.atomic
def _dispatch(pk: int, now: datetime) -> int:
    """Look after one trigger, unless somebody else is doing that; people and the moment are written together."""
    row = unheld(Trigger.objects.filter(pk=pk)).first()
    if row is None:
        return 0
    one = listener(row)
    counts = [_enter(one, day, now) for day in _days(one, row.checked_until, now)]
    if None not in counts:  # otherwise it is looked again, and whoever is inside stays there once
        Trigger.objects.filter(pk=pk).update(checked_until=max(now, row.checked_until))
    return sum(count or 0 for count in counts)


def _days(one: Listener, since: datetime, now: datetime) -> Iterator[date]:
    """Return the days whose hour has come after a moment and until now."""
    since = max(since, now - MOST_LATE)
    zone = timezone.get_default_timezone()
    day, last = timezone.localtime(since, zone).date(), timezone.localtime(now, zone).date()
    while day <= last:
        if since < at_hour(day, one.options["hour"]) <= now:
            yield day
        day += timedelta(days=1)


def _enter(one: Listener, today: date, now: datetime) -> int | None:
    """Let in whose day this is, and return how many; None where somebody was just being merged or erased."""
    count, is_whole = 0, True
    rows = candidates(one, today).order_by("pk").values_list("pk", "contact_id")
    for some in batched(rows.iterator(chunk_size=_AT_ONCE), _AT_ONCE, strict=False):
        held = hold({contact for _pk, contact in some})
        contacts = {pk: contact for pk, contact in some if contact in held}
        is_whole &= len(contacts) == len(some)
        fit = allowed(one.where, contacts.keys(), now)
        entries = [(one.automation, entry(one, pk, contacts[pk], today)) for pk in sorted(fit)]
        count += enter(entries, now)
    return count if is_whole else None


def candidates(one: Listener, today: date) -> "QuerySet[RecurringPayment, Any]":
    """Return the payments of known people whose day this is, before their conditions are asked."""
    field = BY_NAME[one.options["field"]]
    meant = today - timedelta(days=one.options["days"])
    column = field.column or field.name
    asked = _of_year(column, meant) if one.options["yearly"] else _of_day(column, meant, is_month=field.month_only)
    return RecurringPayment.objects.filter(asked, contact__isnull=False)


def _of_day(column: str, day: date, *, is_month: bool) -> Q:
    begins, ends = span(day, is_month=is_month)
    return Q(**{f"{column}__gte": begins, f"{column}__lt": ends})


def span(day: date, *, is_month: bool) -> tuple[datetime, datetime]:
    """Return between which moments a date lies that is meant by a day; the second is not meant any more."""
    clock = Clock()
    return clock.begins(day, is_month=is_month), clock.ends(day, is_month=is_month)


def _of_year(column: str, day: date) -> Q:
    """Ask for that day of any earlier year; who began on 29 February has it on the 28th where there is none."""
    days = [day.day, 29] if (day.month, day.day) == (2, 28) and not _is_leap(day.year) else [day.day]
    first = Clock().begins(date(day.year, 1, 1))
    return Q(**{f"{column}__month": day.month, f"{column}__day__in": days, f"{column}__lt": first})


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def entry(one: Listener, payment: int, contact: int, today: date) -> Entry:
    """Let somebody in once for a payment and date: the day is as good a name for it as the date that leads to it."""
    return Entry(contact=contact, payment=payment, cause=f"d{one.key}:{payment}:{today}", trigger=one.key)
