"""Make events, keep them, and hand them to the endpoints that want them, each in its endpoint's API version."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from integrations.sandbox.delivery import Delivery, DeliveryQueue
from integrations.sandbox.store import Record, Store
from integrations.sandbox.stripe.desk import Document
from integrations.sandbox.stripe.eras import Era, era_of
from integrations.sandbox.stripe.ids import mint
from integrations.sandbox.wire import encode

Write = Callable[[Era], Document]
"""Write the event's object in the shape of an era."""

KEPT = 5_000
"""How many events stay to be looked up; older ones are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The API request that caused an event."""

    id: str | None = None
    idempotency_key: str | None = None


NOBODY = Source()
"""The source of what happens by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What an event tells; `before` writes the object as it was, `about` names the objects concerned."""

    type: str
    created: int
    write: Write
    before: Write | None = None
    about: tuple[str, ...] = ()
    customer: str | None = None
    source: Source = NOBODY
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the event itself, over the usual ones."""


class Newsroom:
    """Publish news."""

    def __init__(self, store: Store, queue: DeliveryQueue, *, version: str, livemode: bool) -> None:
        self._store, self._queue = store, queue
        self._version, self._livemode = version, livemode

    def publish(self, news: News, rng: Random) -> Document:
        """Make an event, keep it in the shop's own version, and hand it to the delivery queue."""
        identity = mint(rng, "event")
        endpoints = [endpoint for endpoint in self._store["webhook_endpoint"] if _wants(endpoint, news.type)]
        versions = {self._version, *(endpoint["api_version"] or self._version for endpoint in endpoints)}
        written = {version: self._write(news, identity, version, len(endpoints)) for version in sorted(versions)}
        bodies = {version: encode(document) for version, document in written.items()}
        for endpoint in endpoints:
            self._queue.add(_delivery(news, identity, endpoint, bodies[endpoint["api_version"] or self._version]))
        self._keep(news, identity, written[self._version])
        return written[self._version]

    def _write(self, news: News, identity: str, version: str, pending: int) -> Document:
        usual = {"id": identity, "object": "event", "type": news.type, "livemode": self._livemode}
        is_thin = news.extra.get("object") == "v2.core.event"
        return usual | (_thin(news) if is_thin else _snapshot(news, version, pending)) | dict(news.extra)

    def _keep(self, news: News, identity: str, document: Document) -> None:
        events = self._store["event"]
        events.put(
            {
                "id": identity,
                "created": news.created,
                "type": news.type,
                "customer": news.customer,
                "about": news.about,
                "document": document,
            }
        )
        if len(events) > KEPT:
            events.drop(events.at(0)["id"])


def differences(before: Document, after: Document) -> Document:
    """Tell the old values of what changed, part by part in dictionaries and whole for lists."""
    changed = (name for name in before | after if before.get(name) != after.get(name))
    return {name: _difference(before.get(name), after.get(name)) for name in changed}


def _difference(before: Any, after: Any) -> Any:
    both = isinstance(before, dict) and isinstance(after, dict)
    return differences(before, after) if both else before


def _thin(news: News) -> Document:
    moment = datetime.fromtimestamp(news.created, UTC)
    return {"created": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "context": None, "reason": None}


def _snapshot(news: News, version: str, pending: int) -> Document:
    return {
        "api_version": version,
        "created": news.created,
        "data": _data(news, era_of(version)),
        "pending_webhooks": pending,
        "request": {"id": news.source.id, "idempotency_key": news.source.idempotency_key},
    }


def _data(news: News, era: Era) -> Document:
    document = news.write(era)
    if news.before is None:
        return {"object": document}
    return {"object": document, "previous_attributes": differences(news.before(era), document)}


def _wants(endpoint: Record, type_: str) -> bool:
    wanted: Iterable[str] = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and ("*" in wanted or type_ in wanted)


def _delivery(news: News, identity: str, endpoint: Record, body: bytes) -> Delivery:
    return Delivery(event=identity, type=news.type, endpoint=endpoint["id"], url=endpoint["url"], body=body)
