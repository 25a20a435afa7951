"""From Stripe's events to records: what is the state now, of whatever the events are about?

With a key the answer comes from Stripe itself, so late and repeated events do no harm. Without one, a subscription's
own events tell its state by their own time; all others tell too little to be applied.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from integrations.problems import Problem
from integrations.providers.base import Ignored, Page, ProviderError, Read
from integrations.providers.reading import list_at, object_at
from integrations.providers.stripe import api, origins, pages, refunds
from integrations.providers.stripe.history import reading_for
from integrations.providers.stripe.mapping import Reading
from integrations.providers.stripe.reading import id_at
from integrations.providers.stripe.subjects import (
    CUSTOMER,
    EVENTS,
    PRICE,
    PRODUCT,
    SUBSCRIPTION,
    SUBSCRIPTION_EVENTS,
    is_thin,
    split,
)

if TYPE_CHECKING:
    from integrations.models import Connection, Delivery

# Events of one second are told apart by what they can only follow, then by their id, so that any order ends alike.
_RANK = {"customer.subscription.created": 0, "customer.subscription.deleted": 2}


def read(connection: "Connection", deliveries: Sequence["Delivery"]) -> Page | Ignored:
    """Read what deliveries about one subject mean."""
    return (prepare(connection, deliveries) or partial(_read, stored=()))(connection, deliveries)


def prepare(connection: "Connection", deliveries: Sequence["Delivery"]) -> Read | None:
    """Look up for many deliveries at once what is stored of their subscriptions; without a key nobody is asked."""
    if not connection.api_key:
        return None
    return partial(_read, stored=origins.known(connection, _subscriptions(deliveries)))


def _subscriptions(deliveries: Sequence["Delivery"]) -> set[str]:
    subjects = (split(delivery.subject) for delivery in deliveries)
    return {name for kind, name in subjects if kind == SUBSCRIPTION}


def _read(connection: "Connection", deliveries: Sequence["Delivery"], stored: Collection[str]) -> Page | Ignored:
    """Read deliveries about one subject; the newest that means something decides what is asked."""
    reasons = {delivery.key: _ignored_because(connection, delivery) for delivery in deliveries}
    telling = [delivery for delivery in deliveries if not reasons[delivery.key]]
    if not telling:
        return Ignored(reason=reasons[deliveries[0].key])
    page = _told(connection, telling, stored)
    page.ignored = {key: reason for key, reason in reasons.items() if reason}
    return page


def _told(connection: "Connection", deliveries: Sequence["Delivery"], stored: Collection[str]) -> Page:
    reading = _reading(connection, deliveries)
    if not connection.api_key:
        return _snapshots(deliveries, reading)
    newest = max(deliveries, key=lambda delivery: delivery.occurred_at)
    kind, name = split(newest.subject)
    ask = partial(_subscription, stored=stored) if kind == SUBSCRIPTION else _ASK[kind]
    page = ask(connection, name, newest, reading)
    return refunds.applied(connection, [json.loads(delivery.body) for delivery in deliveries], page)


def _ignored_because(connection: "Connection", delivery: "Delivery") -> str:
    event = json.loads(delivery.body)
    livemode = event.get("livemode")
    if isinstance(livemode, bool) and livemode != connection.livemode:
        return gettext("The event is of the other mode (live or test) than the connection.")
    if not is_thin(event) and event["type"] not in EVENTS:
        return gettext("Events of this kind do not concern recurring payments.")
    if not delivery.subject:
        return gettext("The event is about no recurring payment.")
    if not connection.api_key and event["type"] not in SUBSCRIPTION_EVENTS:
        return gettext("Without an API key, only a subscription's own events can be read.")
    return ""


def _reading(connection: "Connection", deliveries: Sequence["Delivery"]) -> Reading:
    modified = [delivery.occurred_at for delivery in deliveries if delivery.event_type in SUBSCRIPTION_EVENTS]
    return replace(
        reading_for(connection),
        occurred_at=max(delivery.occurred_at for delivery in deliveries),
        modified=max(modified, default=None),
    )


def _snapshots(deliveries: Sequence["Delivery"], reading: Reading) -> Page:
    """Read each event's own picture of the subscription, by the event's own time."""
    whole = Page()
    for delivery in sorted(deliveries, key=lambda delivery: delivery.occurred_at):
        at_event = replace(
            reading,
            as_of=delivery.occurred_at,
            sequence=f"{_RANK.get(delivery.event_type, 1)}:{delivery.key}",
            occurred_at=delivery.occurred_at,
            modified=delivery.occurred_at,
        )
        page = pages.told(object_at(json.loads(delivery.body), "data.object") or {}, at_event)
        whole.records += page.records
        whole.broken += page.broken
    return whole


def _subscription(
    connection: "Connection", name: str, delivery: "Delivery", reading: Reading, *, stored: Collection[str]
) -> Page:
    """Ask for the subscription; one that Stripe no longer has is taken from the event, where that shows it."""
    try:
        return origins.completed(connection, pages.single(connection, name, reading), stored)
    except ProviderError as error:
        shown = object_at(json.loads(delivery.body), "data.object")
        if error.problem is not Problem.REFUSED or id_at(shown, "id") != name:
            raise
        return pages.told(shown or {}, replace(reading, as_of=delivery.occurred_at))


def _of_customer(connection: "Connection", name: str, delivery: "Delivery", reading: Reading) -> Page:
    return _listed(connection, delivery, reading, customer=name)


def _of_price(connection: "Connection", name: str, delivery: "Delivery", reading: Reading) -> Page:
    return _listed(connection, delivery, reading, price=name)


def _listed(connection: "Connection", delivery: "Delivery", reading: Reading, **filters: Any) -> Page:
    after = {"starting_after": delivery.cursor} if delivery.cursor else {}
    return pages.listed(connection, reading, {}, **filters, **after)


def _of_product(connection: "Connection", name: str, delivery: "Delivery", reading: Reading) -> Page:
    """Go through the product's prices, one page at a time; the cursor is "price/subscription"."""
    price, _, after = delivery.cursor.partition("/")
    if not price:
        return Page(cursor=_next_price(connection, name, ""))
    filters = {"starting_after": after} if after else {}
    page = pages.listed(connection, reading, {}, price=price, **filters)
    page.cursor = f"{price}/{page.cursor}" if page.cursor else _next_price(connection, name, price)
    return page


def _next_price(connection: "Connection", product: str, price: str) -> str:
    after = {"starting_after": price} if price else {}
    found = list_at(api.get(connection, "prices", product=product, limit=1, **after), "data")
    return f"{id_at(found[0], 'id')}/" if found else ""


_ASK: dict[str, Callable[["Connection", str, "Delivery", Reading], Page]] = {
    CUSTOMER: _of_customer,
    PRICE: _of_price,
    PRODUCT: _of_product,
}
