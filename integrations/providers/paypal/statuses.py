"""PayPal's status words and what they mean here; an active subscription stays ACTIVE when its payment fails."""

from collections.abc import Mapping

from integrations.providers.paypal.reading import moment_at
from integrations.providers.reading import Json, integer_at, text_at
from subscriptions.catalogue import Status

# The rows with a colon stand for a word together with a failed payment; a connection can override any row.
TABLE: dict[str, str] = {
    "APPROVAL_PENDING": Status.PENDING.value,
    "APPROVED": Status.PENDING.value,
    "ACTIVE": Status.ACTIVE.value,
    "ACTIVE:payment_failure": Status.PAYMENT_FAILED.value,
    "SUSPENDED": Status.PAUSED.value,
    "SUSPENDED:payment_failure": Status.PAYMENT_FAILED.value,
    "CANCELLED": Status.CANCELLED.value,
    "EXPIRED": Status.EXPIRED.value,
}


def has_failed(subscription: Json) -> bool:
    """Whether the last attempt to charge failed: PayPal counts those in a row, and tells when the last one was."""
    if (integer_at(subscription, "billing_info.failed_payments_count") or 0) > 0:
        return True
    failed = moment_at(subscription, "billing_info.last_failed_payment.time")
    paid = moment_at(subscription, "billing_info.last_payment.time")
    return failed is not None and (paid is None or failed > paid)


def row(subscription: Json) -> str:
    """Name the row of the table that a subscription falls under; an unknown word names no row."""
    word = text_at(subscription, "status")
    counts = has_failed(subscription) if word == "ACTIVE" else _count(subscription) > 0
    failed = f"{word}:payment_failure"
    return failed if counts and failed in TABLE else word


def _count(subscription: Json) -> int:
    return integer_at(subscription, "billing_info.failed_payments_count") or 0


def normalised(subscription: Json, overrides: Mapping[str, str]) -> str | None:
    """Return the normalised status; None for a word that nobody knows, which keeps what is stored."""
    return (TABLE | dict(overrides)).get(row(subscription))
