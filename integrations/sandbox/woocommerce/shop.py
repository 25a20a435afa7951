"""The pretend WooCommerce shop."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from integrations.sandbox import control
from integrations.sandbox.delivery import Delivery
from integrations.sandbox.routing import Row
from integrations.sandbox.sending import Headers
from integrations.sandbox.shop import Shop
from integrations.sandbox.store import Record, Store
from integrations.sandbox.wire import Answer
from integrations.sandbox.woocommerce import life, sales, verbs
from integrations.sandbox.woocommerce.api import Api
from integrations.sandbox.woocommerce.contracts import Office
from integrations.sandbox.woocommerce.desk import OWNERS, Desk, Document, usual_decimals
from integrations.sandbox.woocommerce.documents import document
from integrations.sandbox.woocommerce.errors import critical, no_route
from integrations.sandbox.woocommerce.faults import WooFaults
from integrations.sandbox.woocommerce.keys import FULL, READER, WRITER, Key
from integrations.sandbox.woocommerce.mailroom import Mailroom
from integrations.sandbox.woocommerce.numbers import Numbers
from integrations.sandbox.woocommerce.pages import Pages
from integrations.sandbox.woocommerce.population import populate
from integrations.sandbox.woocommerce.turns import Turn
from integrations.sandbox.woocommerce.webhooks import NEWEST

_BUSY = b"<html><head><title>429 Too Many Requests</title></head><body><h1>429 Too Many Requests</h1></body></html>"
_MAINTENANCE = (
    b"<!DOCTYPE html><html><head><title>Maintenance</title></head>"
    b"<body><h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1></body></html>"
)
_HTML = "text/html; charset=UTF-8"


class WooShop(Shop):
    """A WooCommerce shop with Woo Subscriptions, and a life of its own.

    `now` gives a moment to stand still at (otherwise the machine's clock runs), `state` a file that outlives the
    process, `big_customer` a further customer with so many subscriptions, `hours` how far the shop's clock is ahead of
    GMT, `pause` the seconds from a change to its delivery.
    """

    api = ("/wp-json",)
    kept = ("seed", "turns", "following", "waiting")
    faults: WooFaults

    def __init__(
        self,
        *,
        seed: int = 7,
        subscriptions: int = 50,
        now: datetime | None = None,
        state: Path | None = None,
        keys: Sequence[Key] = (FULL, READER, WRITER),
        currency: str = "EUR",
        decimals: int | None = None,
        hours: int = 2,
        big_customer: int = 0,
        pause: float = 1.0,
    ) -> None:
        self.keys = tuple(keys)
        self.numbers = Numbers()
        store = Store(OWNERS)
        shown = usual_decimals(currency) if decimals is None else decimals
        self.desk = Desk(store=store, home=lambda: self.address, currency=currency, decimals=shown, hours=hours)
        self.office = Office(store=store, numbers=self.numbers, decimals=shown)
        self.mail = Mailroom(self, pause=pause)
        super().__init__(seed=seed, now=now, store=store, state=state, faults=WooFaults)
        self.queue.schedule = ()
        self._faulty["answer_maintenance"] = _maintenance
        rng, moment = Random(f"{seed}/population"), self.clock.now()
        self.recall_or(
            lambda: populate(
                self.office,
                rng,
                currency=currency,
                now=moment,
                subscriptions=subscriptions,
                big_customer=big_customer,
            )
        )

    # What happens in the shop

    def happen(self) -> list[Document]:
        """Make one random thing happen; return the events."""
        with self.happening() as turn:
            life.happen(turn)
        return turn.events

    def act(self, subscription: str, action: str) -> list[Document]:
        """Make one thing happen to one subscription; return the events. Raises ValueError where it cannot."""
        with self.happening() as turn:
            verbs.do(turn, self._existing("subscription", subscription), action)
        return turn.events

    def create_subscription(self, **overrides: Any) -> Document:
        """Sell a subscription now and return it; `sales.sell` says what can be chosen, other names are raw fields."""
        with self.happening() as turn:
            sold = sales.sell(turn, **overrides)
        return self.retrieve(sold["id"])

    def set(self, identity: str, **raw: Any) -> list[Document]:
        """Set raw fields of a subscription and tell so; return the events."""
        with self.happening() as turn:
            before = self._existing("subscription", identity)
            verbs.updated(turn, before, **{name: sales.changed(before, raw)[name] for name in raw})
        return turn.events

    def rename_product(self, identity: str, name: str) -> list[Document]:
        """Give a product another name; return the events."""
        with self.happening() as turn:
            life.rename(turn, self._existing("product", identity), name)
        return turn.events

    @contextmanager
    def happening(self, *, by_rest: bool = False) -> Iterator[Turn]:
        """Hold the shop still while one thing happens."""
        with self.lock:
            yield Turn(self, by_rest=by_rest)
        self.changed()

    # What the shop holds

    @property
    def events(self) -> list[Document]:
        """List what was told lately, oldest first, whether or not anybody wanted to hear it."""
        with self.lock:
            return list(self.store["event"])

    def retrieve(self, identity: str, kind: str = "subscription") -> Document:
        """Show an object as the API does, without asking over HTTP. Raises KeyError for an unknown id."""
        with self.lock:
            return document(self.desk, kind, self._existing(kind, str(identity)))

    def _existing(self, kind: str, identity: str) -> Record:
        record = self.store[kind].get(identity)
        if record is None:
            raise KeyError(f"There is no {kind} {identity}.")
        return record

    # Webhooks

    def add_webhook(
        self, url: str, *, topic: str = "subscription.updated", secret: str | None = None, api_version: str = NEWEST
    ) -> Record:
        """Make a webhook, as the shop's own code may, which alone can choose the API version; show all of it."""
        return self.mail.register({"delivery_url": url, "topic": topic, "secret": secret, "api_version": api_version})

    def clone(self, source: str) -> None:
        """Copy the shop to another address: from now on its webhooks tell everything too, with the same secrets."""
        self.mail.clone(source)

    def sign_delivery(self, delivery: Delivery, forged: bool) -> Headers | None:
        """Make the headers of one attempt at a delivery; None when its webhook is gone."""
        return self.mail.headers(delivery, forged)

    def tried(self, delivery: Delivery) -> None:
        """Count failures in a row, and disable a webhook that had too many."""
        self.mail.tried(delivery)
        super().tried(delivery)

    def flush(self, *, timeout: float = 10.0, retries: bool = False) -> bool:
        """Build what waits now, and wait until every delivery was tried; False when time ran out."""
        self.mail.backlog.run()
        return super().flush(timeout=timeout, retries=retries)

    # HTTP

    def routes(self) -> list[Row]:
        """List the pages and the API."""
        return [*Pages(self).routes(), *Api(self).routes()]

    def controls(self) -> Sequence[tuple[str, str, control.Control]]:
        """List what only this shop can be told."""
        return (
            ("POST", "webhook", self.mail.register),
            ("POST", "clone", lambda given: self.clone(str(given["source"]))),
            ("POST", "rename_product", lambda given: self._named(str(given["product"]), str(given["name"]))),
        )

    def failure(self, status: int) -> Answer:
        """Make WordPress's own answer for 404 and 500, and the host's for 429."""
        return _FAILURES[status]()

    def _named(self, product: str, name: str) -> Document:
        return {"events": control.brief(self.rename_product(product, name), self.type_field)}

    # Keeping

    @property
    def following(self) -> dict[str, int]:
        """The numbers that come next."""
        return self.numbers.following

    @following.setter
    def following(self, numbers: Mapping[str, int]) -> None:
        self.numbers.following = dict(numbers)

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """The deliveries that are not built yet."""
        return self.mail.backlog.rows()

    @waiting.setter
    def waiting(self, rows: Sequence[dict[str, Any]]) -> None:
        self.mail.backlog.resume(rows)

    def close(self) -> None:
        """Stop everything that runs in the background, and save."""
        self.stopped.set()
        if self._life:
            self._life.join()  # or it would fill the backlog that is being closed
        self.mail.backlog.close()
        super().close()


def _maintenance() -> Answer:
    return Answer(status=503, body=_MAINTENANCE, content_type=_HTML, headers={"Retry-After": "600"})


_FAILURES = {
    404: lambda: no_route().answer(),
    429: lambda: Answer(status=429, body=_BUSY, content_type=_HTML),
    500: lambda: critical().answer(),
}
