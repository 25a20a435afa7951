"""Stripe's status words and what they mean here; source: docs.stripe.com/billing/subscriptions/overview."""

from collections.abc import Mapping
from typing import Any

from integrations.providers.reading import text_at
from subscriptions.catalogue import Status

# The rows with a colon stand for a word together with a circumstance; a connection can override any row.
TABLE: dict[str, str] = {
    "incomplete": Status.PENDING.value,
    "incomplete_expired": Status.EXPIRED.value,
    "trialing": Status.ACTIVE.value,
    "active": Status.ACTIVE.value,
    "past_due": Status.PAYMENT_FAILED.value,
    "unpaid": Status.PAYMENT_FAILED.value,
    "paused": Status.PAUSED.value,
    "paused:payment_failure": Status.PAYMENT_FAILED.value,
    "live:pause_collection": Status.PAUSED.value,
    "canceled": Status.CANCELLED.value,
}
LIVE = frozenset({"trialing", "active", "past_due", "unpaid"})
_PAYMENT_FAILURES = frozenset({"first_payment_failure", "final_payment_failure"})


def row(subscription: Mapping[str, Any]) -> str:
    """Name the row of the table that a subscription falls under; an unknown word names no row."""
    word = text_at(subscription, "status")
    if word in LIVE and subscription.get("pause_collection"):
        return "live:pause_collection"
    reason = text_at(subscription, "status_details.paused.subscription.type")
    if word == "paused" and reason in _PAYMENT_FAILURES:
        return "paused:payment_failure"
    return word


def normalised(subscription: Mapping[str, Any], overrides: Mapping[str, str]) -> str | None:
    """Return the normalised status; None for a word that nobody knows, which keeps what is stored."""
    return (TABLE | dict(overrides)).get(row(subscription))
