"""A few recurring payments with a past, of which every report has something to show."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from subscriptions.models import Change, Store
from subscriptions.records import build
from subscriptions.services import apply_records

MONTHLY: dict[str, Any] = {"billing_interval": "monthly", "currency": "EUR", "status": "active"}
ADA, BOB, EVA = ({"email": f"{name}@example.com"} for name in ("ada", "bob", "eva"))


def ago(days: float) -> datetime:
    """Return the moment so many days ago."""
    return timezone.now() - timedelta(days=days)


def told(store: Store, sub: str, days: float, **values: Any) -> None:
    """Have the store tell of a payment, as of so many days ago."""
    when = ago(days)
    record = build(
        {"store_recurring_payment_id": sub, **values},
        items=None,
        as_of=when,
        sequence="",
        occurred_at=when,
        profile=None,
        announce_creation=True,
    )
    apply_records(store, [record], source=Change.Source.WEBHOOK, announce=True)


def live(store: Store) -> None:
    """Let seven payments live: they begin, grow, shrink, fail, are paid after all, end, come back, and are tried."""
    ahead = timezone.now() + timedelta(days=20)
    soon = {"next_payment_date": ahead, "last_payment_date": ago(10)}
    told(store, "grows", 200, **MONTHLY, **ADA, payment_amount="10", start_date=ago(200), **soon)
    told(store, "grows", 100, payment_amount="25")
    told(store, "shrinks", 200, **MONTHLY, **BOB, payment_amount="40", start_date=ago(200), **soon)
    told(store, "shrinks", 90, payment_amount="30")
    told(store, "leaves", 150, **MONTHLY, **EVA, payment_amount="7", start_date=ago(150))
    told(store, "leaves", 80, status="cancelled")
    told(store, "back", 40, **MONTHLY, **EVA, payment_amount="9", start_date=ago(40), **soon)
    told(store, "failing", 120, **MONTHLY, payment_amount="12", start_date=ago(120), **soon)
    told(store, "failing", 60, status="payment_failed")
    told(store, "failing", 55, status="active")
    told(store, "failing", 0.001, status="payment_failed")
    told(store, "tried", 70, **MONTHLY, payment_amount="5", is_trial=True, start_date=ago(70), **soon)
    told(store, "tried", 40, is_trial=False)
    told(store, "dollars", 70, **MONTHLY | {"currency": "USD"}, payment_amount="100", start_date=ago(70), **soon)
    card = timezone.now().replace(day=1)
    told(store, "dollars", 69, payment_method_expiration=card, cancel_at_period_end=False)
