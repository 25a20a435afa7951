"""Make events, keep them, and hand them to the webhooks that want them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from integrations.sandbox.delivery import Delivery, DeliveryQueue
from integrations.sandbox.paypal.ids import mint_event
from integrations.sandbox.paypal.links import links
from integrations.sandbox.paypal.moments import written_finely
from integrations.sandbox.store import Record, Store
from integrations.sandbox.wire import encode

Document = dict[str, Any]

KEPT = 5_000
"""How many events stay to be looked up; older ones are forgotten."""

_LINKS = (("", "self", "GET"), ("/resend", "resend", "POST"))
# How a type begins, what it is about, and that object's version if it has one.
_RESOURCES = (
    ("BILLING.SUBSCRIPTION.", "subscription", "2.0"),
    ("CHECKOUT.ORDER.", "checkout-order", "2.0"),
    ("PAYMENT.SALE.REFUNDED", "refund", None),
    ("PAYMENT.SALE.", "sale", None),
    ("", "object", None),
)
_SUMMARIES = {
    "BILLING.SUBSCRIPTION.CREATED": "Subscription created",
    "BILLING.SUBSCRIPTION.ACTIVATED": "Subscription activated",
    "BILLING.SUBSCRIPTION.UPDATED": "Subscription updated",
    "BILLING.SUBSCRIPTION.EXPIRED": "Subscription expired",
    "BILLING.SUBSCRIPTION.CANCELLED": "Subscription cancelled",
    "BILLING.SUBSCRIPTION.SUSPENDED": "Subscription suspended",
    "BILLING.SUBSCRIPTION.RE-ACTIVATED": "Subscription reactivated",
    "BILLING.SUBSCRIPTION.PAYMENT.FAILED": "Subscription payment failed",
    "PAYMENT.SALE.COMPLETED": "Payment completed",
    "PAYMENT.SALE.REFUNDED": "Payment refunded",
    "PAYMENT.SALE.REVERSED": "Payment reversed",
    "CHECKOUT.ORDER.APPROVED": "An order has been approved by buyer",
    "CHECKOUT.ORDER.COMPLETED": "Checkout order is completed",
}
TYPES = tuple(_SUMMARIES)
"""The types of events that happen in this shop by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What an event tells; `subscription` is the one concerned, whether or not the resource says so."""

    type: str
    at: int
    milliseconds: int
    resource: Document
    subscription: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the event itself, over the usual ones."""


class Newsroom:
    """Publish news; `home` is where the links in events lead."""

    def __init__(self, store: Store, queue: DeliveryQueue, *, home: str) -> None:
        self._store, self._queue, self._home = store, queue, home

    def publish(self, news: News, rng: Random) -> Document:
        """Make an event, keep it, and hand it to the delivery queue."""
        event = self._write(news, mint_event(rng))
        self._keep(news, event)
        for webhook in self._store["webhook"]:
            if wants(webhook, news.type):
                self.send(event, webhook)
        return event

    def send(self, event: Document, webhook: Record) -> None:
        """Hand an event to the delivery queue for one webhook; sent again, it keeps its id."""
        body, type_ = encode(event), str(event["event_type"])
        self._queue.add(Delivery(event=event["id"], type=type_, endpoint=webhook["id"], url=webhook["url"], body=body))

    def _write(self, news: News, identity: str) -> Document:
        kind, version = next((kind, version) for begin, kind, version in _RESOURCES if news.type.startswith(begin))
        usual: Document = {
            "id": identity,
            "event_version": "1.0",
            "create_time": written_finely(news.at, news.milliseconds),
            "resource_type": kind,
            **({"resource_version": version} if version else {}),
            "event_type": news.type,
            "summary": _SUMMARIES.get(news.type, news.type.capitalize()),
            "resource": news.resource,
            "links": links(self._home, f"/v1/notifications/webhooks-events/{identity}", _LINKS),
        }
        return usual | dict(news.extra)

    def _keep(self, news: News, event: Document) -> None:
        events = self._store["event"]
        events.put(
            {
                "id": event["id"],
                "created": news.at,
                "type": news.type,
                "subscription": news.subscription,
                "resource": news.resource.get("id"),
                "document": event,
            }
        )
        if len(events) > KEPT:
            events.drop(events.at(0)["id"])


def wants(webhook: Record, type_: str) -> bool:
    """Tell whether a webhook is for a type of event."""
    return "*" in webhook["event_types"] or type_ in webhook["event_types"]
