"""When a subscription began, renews, is next charged and ends."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from integrations.providers.reading import Json, at, object_at, text_at
from integrations.providers.stripe.reading import moment_at

_OVER = frozenset({"canceled", "incomplete_expired"})


def schedule(subscription: Json, items: list[Json]) -> dict[str, Any]:
    """Read the dates; the next payment is left out where it hangs on an invoice that is only named."""
    renewal = renewal_date(subscription, items)
    values = {
        "start_date": moment_at(subscription, "start_date"),
        "renewal_date": renewal,
        "anchor_date": moment_at(subscription, "billing_cycle_anchor"),
        "cancelled_date": moment_at(subscription, "canceled_at"),
        "cancel_at_period_end": bool(at(subscription, "cancel_at_period_end") or at(subscription, "cancel_at")),
    }
    return values | _next_payment(subscription, renewal)


def renewal_date(subscription: Json, items: list[Json]) -> datetime | None:
    """Return the earliest end of a period: of the items since 2025-03-31, of the subscription before."""
    ends = [end for item in items if (end := moment_at(item, "current_period_end"))]
    return min(ends, default=None) or moment_at(subscription, "current_period_end")


def _next_payment(subscription: Json, renewal: datetime | None) -> dict[str, datetime | None]:
    if _is_ending(subscription, renewal) or _is_paused(subscription):
        return {"next_payment_date": None}
    rule = _NEXT_PAYMENT.get(text_at(subscription, "status"))
    return rule(subscription) if rule else {"next_payment_date": renewal}


def _is_ending(subscription: Json, renewal: datetime | None) -> bool:
    """Whether no renewal is to come: it is over, ends with the period, or is to be cancelled before it renews."""
    if text_at(subscription, "status") in _OVER or at(subscription, "cancel_at_period_end"):
        return True
    ends_at = moment_at(subscription, "cancel_at")
    return ends_at is not None and (renewal is None or ends_at <= renewal)


def _is_paused(subscription: Json) -> bool:
    return text_at(subscription, "status") == "paused" or bool(at(subscription, "pause_collection"))


def _at_retry(subscription: Json) -> dict[str, datetime | None]:
    invoice = object_at(subscription, "latest_invoice")
    if invoice is None and at(subscription, "latest_invoice") is not None:
        return {}
    return {"next_payment_date": moment_at(invoice, "next_payment_attempt")}


def _at_trial_end(subscription: Json) -> dict[str, datetime | None]:
    return {"next_payment_date": moment_at(subscription, "trial_end")}


_NEXT_PAYMENT: dict[str, Callable[[Json], dict[str, datetime | None]]] = {
    "past_due": _at_retry,
    "trialing": _at_trial_end,
}
