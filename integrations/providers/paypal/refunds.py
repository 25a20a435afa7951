"""Refunds and reversals: a subscription tells only that it was paid, and its transactions tell what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integrations.providers.base import Page
from integrations.providers.paypal import api
from integrations.providers.paypal.reading import moment_at
from integrations.providers.paypal.subjects import BACK
from integrations.providers.reading import Json, list_at, text_at
from subscriptions.catalogue import LastPaymentStatus
from subscriptions.records import Record

if TYPE_CHECKING:
    from integrations.models import Connection, Delivery

# PayPal's word -> how the last payment went
WORDS = {
    "COMPLETED": LastPaymentStatus.COMPLETED.value,
    "DECLINED": LastPaymentStatus.DECLINED.value,
    "PARTIALLY_REFUNDED": LastPaymentStatus.PARTIALLY_REFUNDED.value,
    "PENDING": LastPaymentStatus.PENDING.value,
    "REFUNDED": LastPaymentStatus.REFUNDED.value,
}
_NEAR = timedelta(days=1)


def applied(connection: "Connection", deliveries: Sequence["Delivery"], page: Page) -> Page:
    """Where money went back, let the newest transaction tell how the last payment went."""
    if any(delivery.event_type in BACK for delivery in deliveries):
        page.records = [_marked(connection, record) for record in page.records]
    return page


def _marked(connection: "Connection", record: Record) -> Record:
    paid_at: datetime | None = record.values.get("last_payment_date")
    newest = _newest(connection, record.id, paid_at) if paid_at else None
    status = WORDS.get(text_at(newest, "status"))
    return replace(record, values=record.values | {"last_payment_status": status}) if status else record


def _newest(connection: "Connection", identity: str, paid_at: datetime) -> Json | None:
    found = api.get(
        connection,
        f"v1/billing/subscriptions/{identity}/transactions",
        start_time=_written(paid_at - _NEAR),
        end_time=_written(paid_at + _NEAR),
    )
    return max(list_at(found, "transactions"), key=lambda one: moment_at(one, "time") or paid_at, default=None)


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
