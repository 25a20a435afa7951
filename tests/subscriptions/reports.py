"""What stores report, told in one line, and what it led to."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from contacts.services import Profile
from subscriptions.models import Change, RecurringPayment, Store
from subscriptions.records import Record, build
from subscriptions.services import Outcome, apply_records

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def after(seconds: int) -> datetime:
    """Return the moment so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def report(
    sub: str = "sub_1",
    *,
    at: int = 0,
    sequence: str = "",
    items: Iterable[Mapping[str, Any]] | None = None,
    occurred_at: datetime | None = None,
    profile: Profile | None = None,
    announce_creation: bool = True,
    **values: Any,
) -> Record:
    """Build what a store reports of the payment with this id, so many seconds after noon."""
    return build(
        {"store_recurring_payment_id": sub, **values},
        items=items,
        as_of=after(at),
        sequence=sequence,
        occurred_at=occurred_at,
        profile=profile,
        announce_creation=announce_creation,
    )


def tell(
    store: Store, *records: Record, announce: bool = True, source: Change.Source = Change.Source.WEBHOOK
) -> list[Outcome]:
    """Apply reports in one call."""
    return apply_records(store, records, source=source, announce=announce)


def told(store: Store, sub: str = "sub_1", **values: Any) -> RecurringPayment:
    """Apply one report and return the payment as it is stored now."""
    tell(store, report(sub, **values))
    return stored(store, sub)


def stored(store: Store, sub: str = "sub_1") -> RecurringPayment:
    """Fetch a payment as it is stored now."""
    return RecurringPayment.objects.get(store=store, store_recurring_payment_id=sub)


def news(store: Store, sub: str = "sub_1") -> list[dict[str, Any]]:
    """List what the change log says of a payment, oldest first, without its creation."""
    rows = Change.objects.filter(payment__store=store, payment__store_recurring_payment_id=sub, kind="updated")
    return list(rows.order_by("pk").values_list("fields", flat=True))


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever the block wrote: one example of a property test must not know of the others."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
