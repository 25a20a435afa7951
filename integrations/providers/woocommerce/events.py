"""From Woo's webhooks to records: what is the state now, of whatever they are about?

With keys the answer comes from the shop itself, so late, repeated and near-identical deliveries do no harm. Without,
a payload tells its own state by the time of its modification.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext

from integrations.problems import Problem
from integrations.providers.base import Ignored, Page, ProviderError
from integrations.providers.woocommerce import orders, pages, signature, statuses
from integrations.providers.woocommerce.history import reading_for
from integrations.providers.woocommerce.mapping import Reading
from subscriptions.models import RecurringPayment
from subscriptions.records import build

if TYPE_CHECKING:
    from integrations.models import Connection, Delivery

CREATED, DELETED = "subscription.created", "subscription.deleted"
# a subscription that a historical sync could not read, and that is tried again
HISTORY = "history"


def read(connection: "Connection", deliveries: Sequence["Delivery"]) -> Page | Ignored:
    """Read what deliveries about one subject mean."""
    subject, _, source = deliveries[0].subject.partition("@")
    if not signature.is_from(connection, source):
        return Ignored(reason=signature.foreign(source))
    kind, _, name = subject.partition(":")
    if not name:
        return Ignored(reason=gettext("The event is about no recurring payment, or about one deleted since."))
    if kind not in _ASK:
        return Ignored(reason=gettext("Events of this kind do not concern recurring payments."))
    occurred_at = max(delivery.occurred_at for delivery in deliveries)
    reading = replace(reading_for(connection), occurred_at=occurred_at)
    if not connection.api_key and kind != "subscription":
        return Ignored(reason=gettext("Without credentials, only a subscription's own events can be read."))
    if not connection.api_key:
        return _payloads(connection, name, deliveries, reading)
    return _ASK[kind](connection, name, deliveries, reading)


def _payloads(connection: "Connection", name: str, deliveries: Sequence["Delivery"], reading: Reading) -> Page:
    """Read each payload's own picture of the subscription, by the time of its own modification."""
    whole = Page()
    for delivery in sorted(deliveries, key=lambda one: one.occurred_at):
        if delivery.event_type == DELETED:
            whole.records += _deleted(connection, name, delivery.occurred_at, delivery.occurred_at).records
            continue
        at_event = replace(
            reading,
            as_of=delivery.occurred_at,
            sequence=f"1:{delivery.key}",
            occurred_at=delivery.occurred_at,
            is_first_sight=delivery.event_type == CREATED,
        )
        page = pages.told(json.loads(delivery.body), at_event)
        whole.records += page.records
        whole.broken += page.broken
    return whole


def _subscription(connection: "Connection", name: str, deliveries: Sequence["Delivery"], reading: Reading) -> Page:
    return current(connection, name, reading)


def current(connection: "Connection", name: str, reading: Reading) -> Page:
    """Read a subscription as the shop has it now, or has it no more."""
    try:
        return pages.single(connection, name, reading)
    except ProviderError as error:
        if error.problem is not Problem.NOT_FOUND:
            raise
        return _deleted(connection, name, timezone.now(), reading.occurred_at or timezone.now())


def _deleted(connection: "Connection", name: str, as_of: datetime, moment: datetime) -> Page:
    """Tell that the shop no longer has it; of one that we never saw there is nothing to tell."""
    known = RecurringPayment.objects.filter(store_id=connection.store_id, store_recurring_payment_id=name).first()
    if known is None:
        return Page()
    status = (statuses.TABLE | dict(connection.status_overrides))[statuses.DELETED]
    values = {
        "store_recurring_payment_id": name,
        "store_status": statuses.DELETED,
        "status": status,
        "cancelled_date": known.cancelled_date or moment,
        "next_payment_date": None,
    }
    return Page(records=[build(values, items=None, as_of=as_of, sequence="2:deleted", occurred_at=moment)])


def _product(connection: "Connection", name: str, deliveries: Sequence["Delivery"], reading: Reading) -> Page:
    """Read the subscriptions again that have the product among their line items, some at a time."""
    after = deliveries[0].cursor
    payments = RecurringPayment.objects.filter(store_id=connection.store_id, line_items__store_primary_id=name)
    later = payments.filter(pk__gt=int(after or 0)).order_by("pk").distinct()[: pages.PAGE_SIZE]
    found = list(later.values_list("pk", "store_recurring_payment_id"))
    if not found:
        return Page()
    include = [identity for _, identity in found]
    page = pages.listed(connection, 1, reading, {}, include=include)
    page.cursor = str(found[-1][0]) if len(found) == pages.PAGE_SIZE else ""
    return page


def _order(connection: "Connection", name: str, deliveries: Sequence["Delivery"], reading: Reading) -> Page | Ignored:
    """Read an order's subscriptions again when money went back: their own webhooks do not tell that."""
    told = [json.loads(delivery.body) for delivery in deliveries]
    if not any(map(orders.is_refunded, told)):
        return Ignored(reason=gettext("Of orders, only refunds concern recurring payments."))
    wanted = orders.subscriptions_of(connection, name, told[-1])
    if not wanted:
        return Ignored(reason=gettext("The order that was refunded belongs to no recurring payment."))
    start, whole = int(deliveries[0].cursor or 0), Page()
    end = start + _ORDERS_AT_ONCE
    for identity in wanted[start:end]:
        one = _subscription(connection, identity, deliveries, reading)
        whole.records += one.records
        whole.broken += one.broken
    whole.cursor = str(end) if end < len(wanted) else ""
    return whole


# Subscriptions, each with its orders, that one step asks for.
_ORDERS_AT_ONCE = 10
_Ask = Callable[["Connection", str, Sequence["Delivery"], Reading], Page | Ignored]
_ASK: dict[str, _Ask] = {
    "subscription": _subscription,
    "product": _product,
    "order": _order,
}
