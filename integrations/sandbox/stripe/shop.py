"""The pretend Stripe account."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from integrations.sandbox.cache import ByteCache
from integrations.sandbox.clock import seconds
from integrations.sandbox.delivery import Delivery
from integrations.sandbox.routing import Row
from integrations.sandbox.shop import Shop
from integrations.sandbox.store import Record, Store
from integrations.sandbox.stripe import changes, endpoints, life, sales, verbs
from integrations.sandbox.stripe.api import Api
from integrations.sandbox.stripe.desk import KINDS, Desk, Document
from integrations.sandbox.stripe.documents import document, find
from integrations.sandbox.stripe.eras import NEWEST, era_of
from integrations.sandbox.stripe.errors import lacking, plain
from integrations.sandbox.stripe.events import NOBODY, Newsroom, Source
from integrations.sandbox.stripe.expansion import expanded, parse
from integrations.sandbox.stripe.ids import kind_of, mint
from integrations.sandbox.stripe.pages import Pages
from integrations.sandbox.stripe.permissions import permission
from integrations.sandbox.stripe.population import populate
from integrations.sandbox.stripe.signing import Headers, headers_for
from integrations.sandbox.stripe.turns import Turn
from integrations.sandbox.wire import Answer, encode


class StripeShop(Shop):
    """A Stripe account with customers, subscriptions and a life of its own.

    `now` gives a moment to stand still at (otherwise the machine's clock runs), `state` a file that outlives the
    process, `shape` the account's API version, `big_customer` a further customer with so many subscriptions.
    """

    api = ("/v1/", "/v2/")
    kept = ("seed", "account", "turns")

    def __init__(
        self,
        *,
        seed: int = 7,
        subscriptions: int = 50,
        now: datetime | None = None,
        state: Path | None = None,
        key: str = "rk_test_51PretendKeyOfTheSandbox",
        livemode: bool = False,
        shape: str = NEWEST,
        big_customer: int = 0,
    ) -> None:
        era_of(shape)
        self.key, self.shape = key, shape
        store = Store(dict.fromkeys(KINDS, "customer"))
        self.desk = Desk(store, livemode=livemode)
        self.cache = ByteCache()
        self.account = mint(Random(f"{seed}/account"), "account")
        self._request_ids = count(1)
        super().__init__(seed=seed, now=now, store=store, state=state)
        self.newsroom = Newsroom(store, self.queue, version=shape, livemode=livemode)
        rng, moment = Random(f"{seed}/population"), self.clock.now()
        self.recall_or(lambda: populate(store, rng, now=moment, subscriptions=subscriptions, big_customer=big_customer))

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
        """Set raw fields of a subscription, or of any other object, and tell so; return the events."""
        with self.happening() as turn:
            changes.update(turn, self._existing(kind_of(identity), identity)["id"], raw)
        return turn.events

    def update_customer(self, identity: str, **raw: Any) -> list[Document]:
        """Set raw fields of a customer and tell so; return the events."""
        return self.set(identity, **raw)

    def delete_customer(self, identity: str) -> list[Document]:
        """Delete a customer, cancelling their subscriptions; return the events."""
        with self.happening() as turn:
            changes.delete_customer(turn, self._existing("customer", identity)["id"])
        return turn.events

    def event(
        self,
        type_: str,
        object_: Document | str | None = None,
        *,
        created: datetime | int | None = None,
        **extra: Any,
    ) -> Document:
        """Publish any event about a document, or about the object with an id; `extra` fields go over the usual ones.

        With `object="v2.core.event"` it is a thin one, which names the id's object in `related_object`.
        """
        moment = None if created is None else seconds(created)
        with self.happening() as turn:
            changes.tell_anything(turn, type_, object_, created=moment, extra=extra)
        return turn.events[0]

    @contextmanager
    def happening(self, source: Source = NOBODY) -> Iterator[Turn]:
        """Hold the shop still while one thing happens."""
        with self.lock:
            yield Turn(self, source)
        self.changed()

    # What the shop holds

    @property
    def events(self) -> list[Document]:
        """List the latest events, oldest first, in the shop's own version."""
        with self.lock:
            return [record["document"] for record in self.store["event"]]

    def retrieve(self, identity: str, *, version: str | None = None, expand: Sequence[str] = ()) -> Document:
        """Show an object as the API does, without asking over HTTP. Raises KeyError for an unknown id."""
        era, kind = era_of(version or self.shape), kind_of(identity)
        with self.lock:
            shown = document(self.desk, kind, self._existing(kind, identity), era)
            return expanded(self.desk, shown, kind, parse(expand, kind, era), era)

    def forget(self, kind: str, record: Record) -> None:
        """Forget what was written out with a record in it; a price or product may be in anything."""
        if kind in ("product", "price"):
            self.cache.clear()
        self.cache.forget(record["id"])
        self.cache.forget(record.get("customer") or record["id"])

    def _existing(self, kind: str, identity: str) -> Record:
        record = find(self.desk, kind, identity)
        if record is None:
            raise KeyError(f"There is no {kind} {identity}.")
        return record

    # Webhooks

    def add_endpoint(self, url: str, *, events: Sequence[str] = ("*",), api_version: str | None = None) -> Document:
        """Register a webhook endpoint; its `secret` is in the answer, this once."""
        params = {"url": url, "enabled_events": list(events), "api_version": api_version}
        return self.keep_endpoint(endpoints.new_endpoint(self.turn(), params, self.clock.now()))

    def roll_secret(self, endpoint: str, *, keep_old: bool = True) -> str:
        """Give an endpoint a new secret; while the old ones are kept, deliveries are signed with each."""
        secret = endpoints.new_secret(self.turn())
        with self.lock:
            record = self._existing("webhook_endpoint", endpoint)
            self.keep_endpoint(record | {"secrets": [secret, *(record["secrets"] if keep_old else ())]})
        return secret

    def keep_endpoint(self, record: Record) -> Document:
        """Add or replace an endpoint; show it with its newest secret."""
        with self.lock:
            self.store["webhook_endpoint"].put(record)
            self.forget("webhook_endpoint", record)
        self.changed()
        shown = document(self.desk, "webhook_endpoint", record, era_of(self.shape))
        return shown | {"secret": record["secrets"][0]}

    def drop_endpoint(self, endpoint: str) -> None:
        """Remove an endpoint; what is still on its way is given up."""
        with self.lock:
            self.forget("webhook_endpoint", self.store["webhook_endpoint"][endpoint])
            self.store["webhook_endpoint"].drop(endpoint)
        self.changed()

    def sign(
        self, event: Document | bytes, secret: str | Sequence[str], at: datetime | int | None = None
    ) -> tuple[bytes, Headers]:
        """Make the body and the headers of a delivery, signed with one secret or several, now or at a moment."""
        body = event if isinstance(event, bytes) else encode(event)
        secrets = [secret] if isinstance(secret, str) else secret
        return body, headers_for(body, secrets, None if at is None else seconds(at))

    def sign_delivery(self, delivery: Delivery, forged: bool) -> Headers | None:
        """Make the headers of one attempt at a delivery; None when its endpoint is gone or switched off."""
        with self.lock:
            endpoint = self.store["webhook_endpoint"].get(delivery.endpoint)
        if endpoint is None or endpoint["status"] != "enabled":
            return None
        return headers_for(delivery.body, ["whsec_of_somebody_else"] if forged else endpoint["secrets"])

    # HTTP

    def routes(self) -> list[Row]:
        """List the pages and the API."""
        return [*Pages(self).routes(), *Api(self).routes()]

    def failure(self, status: int) -> Answer:
        """Make Stripe's own answer for 404, 429 and 500."""
        answer = plain(status).answer()
        return Answer(status=status, body=answer.body, headers={"Request-Id": self.next_request_id()})

    def next_request_id(self) -> str:
        """Number the requests."""
        return f"req_Sandbox{next(self._request_ids):07}"

    def permit(self, *kinds: str, write: bool = False) -> None:
        """Refuse what the key may not do. Raises StripeError."""
        for name in (permission(kind, write=write) for kind in kinds):
            if name in self.faults.forbidden:
                raise lacking(name, self.key, self.account)
