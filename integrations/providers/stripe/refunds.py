"""Refunds: a subscription's latest invoice stays "paid" when its money goes back, so the charge must tell."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from integrations.providers.base import Page, ProviderError
from integrations.providers.reading import Json, at, list_at, object_at
from integrations.providers.stripe import api
from integrations.providers.stripe.reading import id_at
from subscriptions.catalogue import LastPaymentStatus
from subscriptions.records import Record

if TYPE_CHECKING:
    from integrations.models import Connection


def applied(connection: "Connection", events: Iterable[Json], page: Page) -> Page:
    """Mark the last payment of those records whose latest invoice was paid by a refunded charge."""
    charges = [charge for event in events if (charge := _refunded_charge(event))]
    statuses = {
        invoice: _status(charge) for charge in charges for invoice in _invoices_of(connection, charge) if invoice
    }
    page.records = [_marked(record, page.invoices.get(record.id, ""), statuses) for record in page.records]
    return page


def _refunded_charge(event: Json) -> Json | None:
    return object_at(event, "data.object") if event.get("type") == "charge.refunded" else None


def _status(charge: Json) -> str:
    whole = at(charge, "refunded") is True
    return (LastPaymentStatus.REFUNDED if whole else LastPaymentStatus.PARTIALLY_REFUNDED).value


def _invoices_of(connection: "Connection", charge: Json) -> list[str]:
    """Find the invoices that a charge paid: named on it before 2025-03-31, to be asked for since."""
    named = id_at(charge, "invoice")
    intent = id_at(charge, "payment_intent")
    if named or not intent:
        return [named]
    payment = {"type": "payment_intent", "payment_intent": intent}
    try:
        answer = api.get(connection, "invoice_payments", payment=payment, limit=10)
    except ProviderError as error:
        if error.permanent:
            return []
        raise
    return [id_at(row, "invoice") for row in list_at(answer, "data")]


def _marked(record: Record, invoice: str, statuses: dict[str, str]) -> Record:
    status = statuses.get(invoice)
    return replace(record, values=record.values | {"last_payment_status": status}) if status else record
