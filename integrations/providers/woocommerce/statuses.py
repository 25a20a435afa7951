"""WooCommerce's status words and what they mean here.

A shop's database and its list of statuses say them with a prefix, a subscription without it.
"""

from collections.abc import Mapping

from integrations.providers.reading import Json, text_at
from subscriptions.catalogue import Status

# What a subscription that is no longer in the shop has in place of a status.
DELETED = "deleted"
# A subscription in the trash is told as deleted, and can still be seen.
TRASH = "trash"
# Woo puts a subscription on hold when its customer pauses it and when a payment fails; this row is the second.
FAILED = "on-hold:payment_failure"
# A connection can override any row: some shops read pending-cancel as a failed payment.
TABLE: dict[str, str] = {
    "pending": Status.PENDING.value,
    "active": Status.ACTIVE.value,
    "on-hold": Status.PAUSED.value,
    FAILED: Status.PAYMENT_FAILED.value,
    "pending-cancel": Status.ACTIVE.value,
    "cancelled": Status.CANCELLED.value,
    "switched": Status.CANCELLED.value,
    "expired": Status.EXPIRED.value,
    TRASH: Status.CANCELLED.value,
    DELETED: Status.CANCELLED.value,
}


def word(subscription: Json) -> str:
    """Return a subscription's status word, never with the prefix; empty where it has none."""
    return text_at(subscription, "status").removeprefix("wc-")


def needs_orders(subscription: Json) -> bool:
    """Whether only the newest order tells a pause from a failed payment."""
    return word(subscription) == "on-hold" and not subscription.get("payment_retry_date_gmt")


def row(subscription: Json, newest_order: Json | None) -> str:
    """Name the row of the table that a subscription falls under; an unknown word names no row."""
    told = word(subscription)
    is_failed = text_at(subscription, "payment_retry_date_gmt") or text_at(newest_order, "status") == "failed"
    return FAILED if told == "on-hold" and is_failed else told


def normalised(subscription: Json, newest_order: Json | None, overrides: Mapping[str, str]) -> str | None:
    """Return the normalised status; None for a word that nobody knows, which keeps what is stored."""
    return (TABLE | dict(overrides)).get(row(subscription, newest_order))
