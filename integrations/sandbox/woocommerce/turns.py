"""One thing that happens in the shop: its writes and what it tells share a moment and a source of chance."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.store import Record, Table
from integrations.sandbox.woocommerce.backlog import Job
from integrations.sandbox.woocommerce.contracts import Office

if TYPE_CHECKING:
    from integrations.sandbox.woocommerce.shop import WooShop

_KEPT_EVENTS = 3_000


class Turn:
    """Write records and tell about them; used while the shop's lock is held. `by_rest` is for changes over the API."""

    def __init__(self, shop: "WooShop", *, by_rest: bool = False) -> None:
        self.shop = shop
        self.by_rest = by_rest
        self.rng = shop.turn()
        self.at = shop.clock.tick()
        self.events: list[Record] = []

    @property
    def office(self) -> Office:
        """Where subscriptions are begun."""
        return self.shop.office

    def table(self, kind: str) -> Table:
        """Look at the records of a kind."""
        return self.shop.store[kind]

    def number(self, kind: str) -> str:
        """Take the next number of a kind."""
        return self.shop.numbers.take(kind)

    def put(self, kind: str, record: Record) -> Record:
        """Add or replace a record."""
        self.table(kind).put(record)
        return record

    def change(self, kind: str, record: Record, **changes: Any) -> Record:
        """Put a record back with some fields changed."""
        return self.put(kind, record | changes | {"modified": self.at})

    def drop(self, kind: str, record: Record) -> None:
        """Remove a record."""
        self.table(kind).drop(record["id"])

    def tell(self, topic: str, record: Record) -> None:
        """Tell the webhooks of a topic about a record; they will say what is true of it when they are delivered."""
        event = self._noted(topic, record)
        self.events.append(event)
        for webhook in self.table("webhook"):
            if webhook["topic"] == topic and webhook["status"] == "active":
                job = Job(webhook=webhook["id"], resource=record["id"], event=event["id"], by_rest=self.by_rest)
                self.shop.mail.backlog.add(job)

    def _noted(self, topic: str, record: Record) -> Record:
        events = self.table("event")
        event = {
            "id": self.number("event"),
            "created": self.at,
            "type": topic,
            "resource": record["id"],
            "subscription": record["id"] if topic.startswith("subscription.") else record.get("subscription"),
        }
        events.put(event)
        if len(events) > _KEPT_EVENTS:
            events.drop(events.at(0)["id"])
        return event
