"""The pretend PayPal account."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from integrations.sandbox.clock import seconds
from integrations.sandbox.control import Control, brief
from integrations.sandbox.delivery import Delivery
from integrations.sandbox.paypal import changes, life, notifications_api, sales, signing, verbs
from integrations.sandbox.paypal.api import Api
from integrations.sandbox.paypal.authority import Authority
from integrations.sandbox.paypal.documents import Document, subscription_document
from integrations.sandbox.paypal.events import Newsroom
from integrations.sandbox.paypal.faults import PayPalFaults
from integrations.sandbox.paypal.ids import mint
from integrations.sandbox.paypal.orders import ORDER_VERBS, new_order
from integrations.sandbox.paypal.pages import Pages
from integrations.sandbox.paypal.population import populate
from integrations.sandbox.paypal.tokens import Tokens
from integrations.sandbox.paypal.turns import Turn
from integrations.sandbox.routing import Row
from integrations.sandbox.sending import Headers
from integrations.sandbox.shop import Shop
from integrations.sandbox.store import Record, Store
from integrations.sandbox.verbs import do
from integrations.sandbox.wire import Answer, Request, encode

# Each kind of object, and the field that names its owner.
KINDS = {
    "product": "",
    "plan": "product",
    "payer": "",
    "subscription": "payer",
    "transaction": "subscription",
    "order": "payer",
    "event": "subscription",
    "webhook": "",
    "token": "",
    "certificate": "",
}
_HOURS = 3600
RETRIES = (60, 120, 240, 480, 900, 1800, 1 * _HOURS, 2 * _HOURS, 3 * _HOURS, *(15_600,) * 15)
"""The pauses between the 25 tries of a delivery: three days in all."""


class PayPalShop(Shop):
    """A PayPal account with payers, subscriptions and a life of its own.

    `now` gives a moment to stand still at (otherwise the machine's clock runs), `state` a file that outlives the
    process, `big_customer` a further payer with so many subscriptions. `listing` is the status with which a request
    for the list of subscriptions is met: most accounts may not (403 or 404), 200 lists them.
    """

    api = ("/v1/", "/v2/")
    kept = ("seed", "merchant", "turns")
    type_field = "event_type"
    faults: PayPalFaults

    def __init__(
        self,
        *,
        seed: int = 7,
        subscriptions: int = 50,
        now: datetime | None = None,
        state: Path | None = None,
        client_id: str = "sandbox-client",
        secret: str = "sandbox-secret",  # noqa: S107 -- it opens nothing but this pretend shop
        livemode: bool = False,
        listing: int = 403,
        token_seconds: int = 32_400,
        big_customer: int = 0,
    ) -> None:
        store = Store(KINDS)
        self.listing = _checked_listing(listing)
        self.home = "https://api.paypal.com" if livemode else "https://api.sandbox.paypal.com"
        self.merchant = mint(Random(f"{seed}/merchant"), "merchant")
        self.authority = Authority(store["certificate"], issued=self.changed)
        self.tokens = Tokens(store["token"], client_id=client_id, secret=secret, seed=seed, lasting=token_seconds)
        self._api = Api(self)
        super().__init__(seed=seed, now=now, store=store, state=state, faults=PayPalFaults)
        self.queue.schedule = RETRIES
        self.clock.moved = self.queue.skip
        self.newsroom = Newsroom(store, self.queue, home=self.home)
        rng, moment = Random(f"{seed}/population"), self.clock.now()
        self.recall_or(lambda: populate(store, rng, now=moment, subscriptions=subscriptions, big_customer=big_customer))

    # What happens in the shop

    def happen(self) -> list[Document]:
        """Make one random thing happen; return the events."""
        with self.happening(by_itself=True) as turn:
            life.happen(turn)
        return turn.events

    def act(self, subscription: str, action: str) -> list[Document]:
        """Make one thing happen to one subscription, or one order; return the events.

        Raises ValueError where it cannot, KeyError for an unknown id.
        """
        with self.happening() as turn:
            order = self.store["order"].get(subscription)
            if order is not None:
                do(ORDER_VERBS, turn, order, action, kind="order")
            else:
                verbs.do(turn, self._existing("subscription", subscription), action)
        return turn.events

    def create_subscription(self, **overrides: Any) -> Document:
        """Sell a subscription now and return it; `sales.sell` says what can be chosen, other names are raw fields."""
        with self.happening() as turn:
            sold = sales.sell(turn, **overrides)
        return self.retrieve(sold["id"])

    def create_order(self, *, payer: str | None = None, currency: str = "USD") -> Document:
        """Let a payer, or the first there is, approve a one-off order; return it."""
        with self.happening() as turn:
            person = self._existing("payer", payer) if payer else self.store["payer"].at(0)
            number = len(self.store["order"])
            order = turn.put("order", new_order(turn.rng, person, currency=currency, at=turn.at, number=number))
            turn.tell_order("APPROVED", order)
        return dict(turn.events[0]["resource"])

    def set(self, identity: str, **raw: Any) -> list[Document]:
        """Set raw fields of a subscription, in the API's names, and tell so; return the events."""
        with self.happening() as turn:
            changes.update(turn, self._existing("subscription", identity), raw)
        return turn.events

    def update_payer(self, identity: str, **given: Any) -> list[Document]:
        """Change name, email, address, ship_to or card of a payer, and tell so; return the events."""
        with self.happening() as turn:
            changes.update_payer(turn, self._existing("payer", identity), given)
        return turn.events

    def event(
        self,
        type_: str,
        resource: Document | str | None = None,
        *,
        created: datetime | int | None = None,
        **extra: Any,
    ) -> Document:
        """Publish any event about a document, or about the subscription with an id; `extra` goes over its fields."""
        moment = None if created is None else seconds(created)
        with self.happening() as turn:
            changes.tell_anything(turn, type_, resource, at=moment, extra=extra)
        return turn.events[0]

    @contextmanager
    def happening(self, *, note: str | None = None, by_itself: bool = False) -> Iterator[Turn]:
        """Hold the shop still while one thing happens."""
        with self.lock:
            yield Turn(self, note=note, by_itself=by_itself)
        self.changed()

    # What the shop holds

    @property
    def events(self) -> list[Document]:
        """List the latest events, oldest first."""
        with self.lock:
            return [record["document"] for record in self.store["event"]]

    def retrieve(self, identity: str, *, fields: Sequence[str] = ()) -> Document:
        """Show a subscription as the API does, without asking over HTTP. Raises KeyError for an unknown id."""
        asked = {"plan": "plan" in fields, "failure": "last_failed_payment" in fields}
        with self.lock:
            return subscription_document(self.store, self._existing("subscription", identity), self.home, **asked)

    def _existing(self, kind: str, identity: str) -> Record:
        record = self.store[kind].get(identity)
        if record is None:
            raise KeyError(f"There is no {kind} {identity}.")
        return record

    # Webhooks and certificates

    def add_webhook(self, url: str, *, events: Sequence[str] = ("*",)) -> str:
        """Register a webhook and return its id, which is part of what is signed. Raises PayPalError."""
        with self.lock:
            webhook = notifications_api.new_webhook(self, url, [{"name": name} for name in events])
        return str(webhook["id"])

    def drop_webhook(self, webhook: str) -> None:
        """Remove a webhook; what is still on its way to it is given up."""
        with self.lock:
            self.store["webhook"].drop(webhook)
        self.changed()

    @property
    def ca(self) -> bytes:
        """The certificate of the root that receivers trust, as PEM."""
        with self.lock:
            return str(self.authority.newest("root")["pem"]).encode()

    def rotate_certificate(self) -> str:
        """Sign with a new certificate from now on, and return its id; the old one can still be had."""
        with self.lock:
            return str(self.authority.renew("leaf")["id"])

    def revoke_tokens(self) -> None:
        """Let no access token that was given be good any more."""
        with self.lock:
            self.tokens.revoke()
        self.changed()

    def sign(
        self, event: Document | bytes, webhook: str, *, at: datetime | int | None = None, **misdeeds: bool
    ) -> tuple[bytes, Headers]:
        """Make body and headers of a delivery without sending it, now or at a moment, with misdeeds named as faults."""
        body = event if isinstance(event, bytes) else encode(event)
        chosen = PayPalFaults()
        chosen.apply({name: int(value) for name, value in misdeeds.items()})
        delivery = Delivery(event="", type="", endpoint=webhook, url="", body=body)
        if at is not None:
            delivery.made = seconds(at)
        return body, self._headers(delivery, chosen, forged=chosen.strikes("mis_sign"))

    def sign_delivery(self, delivery: Delivery, forged: bool) -> Headers | None:
        """Make the headers of one attempt at a delivery; None when its webhook is gone."""
        with self.lock:
            is_there = delivery.endpoint in self.store["webhook"]
        return self._headers(delivery, self.faults, forged=forged) if is_there else None

    def _headers(self, delivery: Delivery, faults: PayPalFaults, *, forged: bool) -> Headers:
        sending = signing.spoilt(signing.transmission(delivery, home=self.home, is_forged=forged), faults)
        with self.lock:
            return signing.headers_for(delivery.body, delivery.endpoint, sending, self.authority)

    # HTTP

    def routes(self) -> list[Row]:
        """List the pages, the root certificate and the API."""
        return [("GET", "/_sandbox/ca.pem", self._serve_ca), *Pages(self).routes(), *self._api.routes()]

    def failure(self, status: int) -> Answer:
        """Make PayPal's own answer for 404, 429 and 500."""
        return self._api.failure(status)

    def controls(self) -> Sequence[tuple[str, str, Control]]:
        """List what can be told to this shop beside what every shop can be told."""
        return (
            ("POST", "create", lambda given: self.create_subscription(**given)),
            ("POST", "order", self._ordered),
            ("POST", "event", lambda given: brief([self._told(given)], self.type_field)[0]),
            ("POST", "rotate", lambda given: {"certificate": self.rotate_certificate()}),
            ("POST", "revoke", lambda given: self.revoke_tokens()),
            ("POST", "listing", self._set_listing),
        )

    def _ordered(self, given: dict[str, Any]) -> Document:
        return self.create_order(payer=given.get("payer"), currency=given.get("currency", "USD"))

    def _told(self, given: dict[str, Any]) -> Document:
        return self.event(str(given["type"]), given.get("subscription") or given.get("resource"))

    def _set_listing(self, given: dict[str, Any]) -> dict[str, int]:
        self.listing = _checked_listing(given.get("status"))
        return {"status": self.listing}

    def _serve_ca(self, request: Request) -> Answer:
        return notifications_api.pem(self.ca.decode())


def _checked_listing(status: object) -> int:
    if not isinstance(status, int) or status not in (200, 403, 404):
        raise ValueError("The list of subscriptions is met with 200, 403 or 404.")
    return status
