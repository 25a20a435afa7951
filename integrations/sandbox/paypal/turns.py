"""One thing that happens in the shop: its writes and its events share a moment and a source of chance."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from integrations.sandbox.paypal.documents import Document, subscription_document
from integrations.sandbox.paypal.events import News
from integrations.sandbox.paypal.order_documents import order_document
from integrations.sandbox.store import Record, Table

if TYPE_CHECKING:
    from integrations.sandbox.paypal.shop import PayPalShop

_FORGOTTEN = 0.04
_SHOWS_FAILURE = "BILLING.SUBSCRIPTION.PAYMENT.FAILED"


class Turn:
    """Write records and tell about them; used while the shop's lock is held.

    `note` is the reason that somebody gave. What happens `by_itself` forgets at times, as PayPal does, to say which
    subscription was paid for.
    """

    def __init__(self, shop: "PayPalShop", *, note: str | None = None, by_itself: bool = False) -> None:
        self.shop = shop
        self.note = note
        self.rng = shop.turn()
        self.at = shop.clock.tick()
        self.home = shop.home
        self.events: list[Document] = []
        self._by_itself = by_itself

    def table(self, kind: str) -> Table:
        """Look at the records of a kind."""
        return self.shop.store[kind]

    def put(self, kind: str, record: Record) -> Record:
        """Add or replace a record."""
        self.shop.store[kind].put(record)
        return record

    def change(self, kind: str, record: Record, **changes: Any) -> Record:
        """Put a record back with some fields changed."""
        return self.put(kind, record | {"updated": self.at} | changes)

    def plan_of(self, subscription: Record) -> Record:
        """Find a subscription's plan."""
        return self.shop.store["plan"][subscription["plan"]]

    def tell(self, event: str, subscription: Record) -> None:
        """Publish `BILLING.SUBSCRIPTION.…` about a subscription as it is now."""
        type_ = f"BILLING.SUBSCRIPTION.{event}"
        shows = type_ == _SHOWS_FAILURE
        resource = subscription_document(self.shop.store, subscription, self.home, failure=shows)
        self.publish(type_, resource, subscription=subscription["id"])

    def tell_order(self, event: str, order: Record) -> None:
        """Publish `CHECKOUT.ORDER.…` about an order as it is now."""
        self.publish(f"CHECKOUT.ORDER.{event}", order_document(self.shop.store, order, self.home))

    def names_subscription(self) -> bool:
        """Decide whether a sale says which subscription it is for."""
        forgets = self.shop.faults.strikes("no_agreement")
        return not forgets and not (self._by_itself and self.rng.random() < _FORGOTTEN)

    def publish(
        self,
        type_: str,
        resource: Document,
        *,
        subscription: str | None = None,
        at: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Publish an event about any document."""
        news = News(
            type=type_,
            at=self.at if at is None else at,
            milliseconds=7 * len(self.events) % 1000,
            resource=resource,
            subscription=subscription,
            extra=extra or {},
        )
        self.events.append(self.shop.newsroom.publish(news, self.rng))
