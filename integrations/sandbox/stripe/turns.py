"""One thing that happens in the shop: its writes and its events share a moment and a source of chance."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.store import Record, Table
from integrations.sandbox.stripe.desk import Document
from integrations.sandbox.stripe.documents import document
from integrations.sandbox.stripe.events import NOBODY, News, Source, Write
from integrations.sandbox.stripe.ids import kind_of

if TYPE_CHECKING:
    from integrations.sandbox.stripe.shop import StripeShop


class Turn:
    """Write records and tell about them; used while the shop's lock is held."""

    def __init__(self, shop: "StripeShop", source: Source = NOBODY) -> None:
        self.shop = shop
        self.source = source
        self.rng = shop.turn()
        self.at = shop.clock.tick()
        self.events: list[Document] = []

    def table(self, kind: str) -> Table:
        """Look at the records of a kind."""
        return self.shop.store[kind]

    def put(self, record: Record) -> Record:
        """Add or replace a record."""
        kind = kind_of(record["id"])
        self.shop.store[kind].put(record)
        self.shop.forget(kind, record)
        return record

    def change(self, record: Record, **changes: Any) -> Record:
        """Put a record back with some fields changed."""
        return self.put(record | changes)

    def tell(self, type_: str, record: Record, before: Record | None = None) -> None:
        """Publish an event about a record as it is now, with what it was before."""
        kind = kind_of(record["id"])
        self.publish(
            type_,
            self._writer(kind, record),
            before=None if before is None else self._writer(kind, before),
            about=(record["id"], record.get("subscription"), record.get("customer")),
            customer=record["id"] if kind == "customer" else record.get("customer"),
        )

    def publish(
        self,
        type_: str,
        write: Write,
        *,
        before: Write | None = None,
        about: tuple[str | None, ...] = (),
        customer: str | None = None,
        created: int | None = None,
        extra: Record | None = None,
    ) -> None:
        """Publish an event about any document."""
        news = News(
            type=type_,
            created=self.at if created is None else created,
            write=write,
            before=before,
            about=tuple(one for one in about if one),
            customer=customer,
            source=self.source,
            extra=extra or {},
        )
        self.events.append(self.shop.newsroom.publish(news, self.rng))

    def _writer(self, kind: str, record: Record) -> Write:
        return lambda era: document(self.shop.desk, kind, record, era)
