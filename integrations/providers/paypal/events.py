"""From PayPal's events to records: what is the state now, of whatever the events are about?

With credentials the answer comes from PayPal itself, so late and repeated events do no harm. Without, an event's own
picture tells the state by its own time.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from integrations.providers.base import Ignored, Page
from integrations.providers.paypal import orders, pages, refunds, resources
from integrations.providers.paypal.mapping import Reading
from integrations.providers.paypal.subjects import ORDER, is_known
from integrations.providers.reading import Json, object_at

if TYPE_CHECKING:
    from integrations.models import Connection, Delivery

_OWN = "BILLING.SUBSCRIPTION."
# Events of one moment are told apart by what they can only follow, then by their id, so that any order ends alike.
_RANK = {"BILLING.SUBSCRIPTION.CREATED": 0, "BILLING.SUBSCRIPTION.CANCELLED": 2, "BILLING.SUBSCRIPTION.EXPIRED": 2}


def read(connection: "Connection", deliveries: Sequence["Delivery"]) -> Page | Ignored:
    """Read what deliveries about one subject mean; those of a resource that is not connected mean nothing."""
    first = deliveries[0]
    if not is_known(first.event_type):
        return Ignored(reason=gettext("Events of this kind do not concern recurring payments."))
    if reason := resources.ignored_because(connection, first.event_type):
        return Ignored(reason=reason)  # it was retried, and its resource is still not connected
    kind, _, name = first.subject.partition(":")
    if not name:
        return Ignored(reason=gettext("The event names no subscription, so it cannot be matched to one."))
    if kind == ORDER:
        return orders.read(connection, name, _resource(max(deliveries, key=lambda one: one.occurred_at)))
    reading = replace(pages.reading_for(connection), occurred_at=max(delivery.occurred_at for delivery in deliveries))
    if not connection.api_key:
        return _pictures(deliveries, reading)
    page = pages.single(connection, name, reading)
    return _forgotten(deliveries, reading) if page is None else refunds.applied(connection, deliveries, page)


def _forgotten(deliveries: Sequence["Delivery"], reading: Reading) -> Page | Ignored:
    """Take what PayPal does not have from its newest event; a sale may belong to an agreement of another kind."""
    own = [one for one in deliveries if one.event_type.startswith(_OWN)]
    if not own:
        return Ignored(reason=gettext("PayPal has no subscription of this ID, so the event cannot be matched to one."))
    newest = max(own, key=lambda delivery: delivery.occurred_at)
    return pages.told(_resource(newest), replace(reading, as_of=newest.occurred_at, is_whole=False))


def _pictures(deliveries: Sequence["Delivery"], reading: Reading) -> Page | Ignored:
    """Read each event's own picture of the subscription, by the event's own time."""
    own = [delivery for delivery in deliveries if delivery.event_type.startswith(_OWN)]
    if not own:
        return Ignored(reason=gettext("Without credentials, only a subscription's own events can be read."))
    whole = Page()
    for delivery in sorted(own, key=lambda one: one.occurred_at):
        at_event = replace(
            reading,
            as_of=delivery.occurred_at,
            sequence=f"{_RANK.get(delivery.event_type, 1)}:{delivery.key}",
            occurred_at=delivery.occurred_at,
            is_whole=False,
        )
        page = pages.told(_resource(delivery), at_event)
        whole.records += page.records
        whole.broken += page.broken
    return whole


def _resource(delivery: "Delivery") -> Json:
    event = json.loads(delivery.body)
    return object_at(event, "resource") or {}
