"""Changes of recurring payments: what each starts is looked up once, many at a time, by any process."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from automations import waking
from automations.entering import Entry
from automations.models import Automation, Pending
from automations.starting.listening import Listener, allowed, enter, listeners
from automations.triggers import CREATED, UPDATED
from config.turns import unheld
from contacts.holding import hold
from subscriptions.models import Change, RecurringPayment

BATCH = 2000
type _Start = tuple[Listener, Change]


def dispatch(*, limit: int = BATCH, now: datetime | None = None) -> int:
    """Look what some changes start, let those people in, and return how many changes there were.

    All of it is one transaction, so that whoever dies in it has done nothing; two who do it at once never get the same
    change. Each change lets a person into an automation once, however many of its triggers it meets. Those of people
    who are being erased or merged at this moment wait until that is over.
    """
    with transaction.atomic():
        now = now or timezone.now()
        changes = _lock(limit)
        if not changes:
            return 0
        owners = owners_of({change.payment_id for change in changes})
        held = hold(set(owners.values()))
        changes = [change for change in changes if owners.get(change.payment_id) in {None, *held}]
        owned = with_late_owners([change for change in changes if change.payment_id in owners])
        starts = list(_allowed(started_by(owned, listeners(CREATED, UPDATED)), now))
        enter(_entries(starts, owners), now)
        Pending.objects.bulk_create(_pending(starts), ignore_conflicts=True)
        Change.objects.filter(pk__in=[change.pk for change in changes]).update(is_pending=False)
    waking.touched(set(owners.values()), now)
    return len(changes)


def owners_of(payments: Collection[int]) -> dict[int, int]:
    """Return whose payments these are, by the ids of both; payments of nobody are left out."""
    rows = RecurringPayment.objects.filter(pk__in=payments, contact__isnull=False).order_by()
    return {pk: contact for pk, contact in rows.values_list("pk", "contact_id") if contact}


def _lock(limit: int) -> list[Change]:
    pending = Change.objects.filter(is_pending=True).order_by("recorded_at")
    return sorted(unheld(pending)[:limit], key=lambda change: change.pk)


def started_by(changes: Iterable[Change], known: Iterable[Listener]) -> Iterator[_Start]:
    """Match changes with the triggers that are about them."""
    of_field: dict[str, list[Listener]] = defaultdict(list)
    for one in known:
        of_field[one.options.get("field", "")].append(one)
    for change in changes:
        heard = of_field[""] if change.kind == Change.Kind.CREATED else _of_fields(of_field, change)
        for one in heard:
            if change.recorded_at >= one.since and one.kind.starts and one.kind.starts(one.options, change):
                yield one, change


def _of_fields(of_field: dict[str, list[Listener]], change: Change) -> Iterator[Listener]:
    return (one for name in change.fields for one in of_field.get(name, ()))


def with_late_owners(changes: list[Change]) -> Iterator[Change]:
    """Return the changes; where a payment has just become somebody's, its creation happens now."""
    yield from changes
    late = {change.payment_id for change in changes if _has_found_owner(change)}
    if late:
        yield from Change.objects.filter(payment__in=late, kind=Change.Kind.CREATED, announce=True)


def _has_found_owner(change: Change) -> bool:
    return change.kind == Change.Kind.UPDATED and change.fields.get("contact", [0])[0] is None


def _allowed(starts: Iterable[_Start], now: datetime) -> Iterator[_Start]:
    """Leave out what the triggers' conditions forbid: one query for each different condition."""
    asked = defaultdict(list)
    for one, change in starts:
        asked[one.where].append((one, change))
    for conditions, some in asked.items():
        payments = allowed(conditions, {change.payment_id for _one, change in some}, now)
        yield from (start for start in some if start[1].payment_id in payments)


def _entries(starts: Iterable[_Start], owners: Mapping[int, int]) -> Iterator[tuple[Automation, Entry]]:
    for one, change in starts:
        if not one.options.get("minutes"):
            yield one.automation, entry(one, change, owners[change.payment_id])


def entry(one: Listener, change: Change, contact: int) -> Entry:
    """Have a change let in the person whose payment it is about."""
    return Entry(contact=contact, payment=change.payment_id, cause=f"x{change.pk}", trigger=one.key, change=change.pk)


def _pending(starts: Iterable[_Start]) -> list[Pending]:
    """Put off what must stay so for a while."""
    return [
        Pending(trigger_id=one.pk, change=change, due_at=change.recorded_at + timedelta(minutes=minutes))
        for one, change in starts
        if (minutes := one.options.get("minutes"))
    ]
