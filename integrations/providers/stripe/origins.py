"""A subscription's origin order is its first invoice; once it has been renewed, the latest one tells no more of it.

History leaves it out, since it would take one more request for every subscription; the first event of a
subscription asks for it once.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integrations.providers.base import Page
from integrations.providers.reading import list_at, text_at
from integrations.providers.stripe import api
from integrations.providers.stripe.reading import id_at
from subscriptions.models import RecurringPayment
from subscriptions.records import Record

if TYPE_CHECKING:
    from integrations.models import Connection

FIELD = "origin_order_id"
# The first invoice is made along with its subscription, give or take.
_NEAR = timedelta(days=1)


def known(connection: "Connection", ids: Collection[str]) -> frozenset[str]:
    """Return those subscriptions, of some, whose first invoice is stored."""
    stored = RecurringPayment.objects.filter(store_id=connection.store_id, store_recurring_payment_id__in=ids)
    return frozenset(stored.exclude(origin_order_id="").values_list("store_recurring_payment_id", flat=True))


def completed(connection: "Connection", page: Page, stored: Collection[str]) -> Page:
    """Add the first invoice's id to the records that do not tell it and are not among those that have it stored."""
    unknown = [record for record in page.records if FIELD not in record.values and page.invoices.get(record.id)]
    first = {record.id: _first_invoice(connection, record) for record in unknown if record.id not in stored}
    page.records = [_with_origin(record, first.get(record.id, "")) for record in page.records]
    return page


def _first_invoice(connection: "Connection", record: Record) -> str:
    created: datetime | None = record.values.get("store_created_date")
    if created is None:
        return ""
    until = {"lte": int((created + _NEAR).timestamp())}
    answer = api.get(connection, "invoices", subscription=record.id, created=until, limit=100)
    made = [one for one in list_at(answer, "data") if text_at(one, "billing_reason") == "subscription_create"]
    return id_at(made[-1], "id") if made else ""


def _with_origin(record: Record, invoice: str) -> Record:
    return replace(record, values=record.values | {FIELD: invoice}) if invoice else record
