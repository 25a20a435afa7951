"""How each provider's stores speak, as far as tests that run over every provider must know; a new one adds a row."""

import hmac
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from integrations.connecting import Credentials, connect
from integrations.models import Connection
from tests.integrations.stripe import documents

SECRET = "whsec_of_the_tests"
Event = dict[str, Any]
Headers = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """How one provider's stores speak.

    `sign` makes the headers of a delivery, signed with each of some secrets at a moment. `news` makes a whole event
    that tells a recurring payment's id and raw status as of a moment; with an id of its own if none is given. `unknown`
    is an event of a kind that nobody knows, `broken` are bodies that are no events, `false` are headers that prove
    nothing, `events` lists the fixtures.
    """

    credentials: Credentials
    sign: Callable[[bytes, Sequence[str], int], Headers]
    news: Callable[..., Event]
    unknown: Event
    broken: dict[str, bytes]
    false: dict[str, Headers]
    events: Callable[[], list[Path]]


def made(provider: str, name: str = "Shop") -> Connection:
    """Connect a store that we cannot ask anything: all we know of it is what it sends."""
    connection, _ = connect(provider, name=name, credentials=CONTRACTS[provider].credentials)
    return connection


def address(connection: Connection, *, provider: str = "", token: str = "") -> str:
    """Return the path of a connection's webhook address, or a wrong one."""
    return reverse("integrations:webhook", args=[provider or connection.provider_name, token or connection.token])


def encoded(event: Event | bytes) -> bytes:
    """Write an event as a store does."""
    return event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False).encode()


def signed(
    connection: Connection, event: Event | bytes, *, secrets: Sequence[str] = (SECRET,), age: int = 0
) -> tuple[bytes, Headers]:
    """Return body and headers of a delivery that was signed some seconds ago."""
    body = encoded(event)
    return body, CONTRACTS[connection.provider_name].sign(body, secrets, int(time.time()) - age)


def post(connection: Connection, body: bytes, headers: Headers, **where: str) -> Any:
    """Post a body to a connection's webhook address."""
    return Client().post(address(connection, **where), data=body, content_type="application/json", headers=headers)


def deliver(connection: Connection, event: Event | bytes, **signing: Any) -> Any:
    """Sign an event and post it, as the store does."""
    return post(connection, *signed(connection, event, **signing))


def _stripe_headers(body: bytes, secrets: Sequence[str], moment: int) -> Headers:
    signatures = (hmac.new(secret.encode(), b"%d." % moment + body, sha256).hexdigest() for secret in secrets)
    return {"Stripe-Signature": ",".join((f"t={moment}", *(f"v1={signature}" for signature in signatures)))}


def _stripe_news(subscription: str, status: str, at: datetime, *, key: str = "", **fields: Any) -> Event:
    moment = int(at.timestamp())
    told = {"id": subscription, "status": status} | fields
    changes = {"id": key or f"evt_{subscription}_{moment}_{status}", "created": moment} | {
        f"data.object.{name}": value for name, value in told.items()
    }
    event = documents.event("customer.subscription.updated", changes)
    del event["data"]["previous_attributes"]
    return event


_NOW = int(datetime.now(UTC).timestamp())
_V1 = "0" * 64

CONTRACTS: dict[str, Contract] = {
    "stripe": Contract(
        credentials=Credentials(webhook_secret=SECRET, livemode=False),
        sign=_stripe_headers,
        news=_stripe_news,
        unknown=documents.event(
            "customer.subscription.updated",
            {"id": "evt_of_tomorrow", "type": "customer.subscription.teleported", "yet_unheard_of": {"deep": [1, "é"]}},
        ),
        broken={
            "nothing": b"",
            "no JSON": b"{",
            "half a body": b'{"id": "evt_1", "type": "customer.upd',
            "a list": b"[]",
            "a text": b'"evt_1"',
            "null": b"null",
            "not UTF-8": b'{"id": "evt_1", "type": "\xff\xfe", "created": 1}',
            "no id": b'{"type": "customer.updated", "created": 1}',
            "an empty id": b'{"id": "", "type": "customer.updated", "created": 1}',
            "a number as id": b'{"id": 7, "type": "customer.updated", "created": 1}',
            "an endless id": b'{"id": "%s", "type": "customer.updated", "created": 1}' % (b"e" * 256),
            "an endless type": b'{"id": "evt_1", "type": "%s", "created": 1}' % (b"t" * 101),
            "a NUL in the id": b'{"id": "evt_\\u0000", "type": "customer.updated", "created": 1}',
            "half a surrogate pair in the id": b'{"id": "evt_\\ud800", "type": "customer.updated", "created": 1}',
            "half a surrogate pair in the type": b'{"id": "evt_1", "type": "\\ud800", "created": 1}',
            "no type": b'{"id": "evt_1", "created": 1}',
            "no moment": b'{"id": "evt_1", "type": "customer.updated"}',
            "a moment of null": b'{"id": "evt_1", "type": "customer.updated", "created": null}',
            "a moment beyond time": b'{"id": "evt_1", "type": "customer.updated", "created": 99999999999999999}',
            "a moment of no form": b'{"id": "evt_1", "type": "customer.updated", "created": {}}',
            "a day that never was": b'{"id": "evt_1", "type": "customer.updated", "created": "2026-02-30T00:00:00Z"}',
            "a moment without a zone": b'{"id": "evt_1", "type": "customer.updated", "created": "2026-02-03T00:00:00"}',
            "a number of 5,000 digits": b'{"id": "evt_1", "type": "customer.updated", "created": %s}' % (b"9" * 5000),
            "lists 100,000 deep": b"[" * 100_000,
            "objects 100,000 deep": b'{"id": "evt_1", "type": "a", "created": 1, "a": ' + b'{"a":' * 100_000,
        },
        false={
            "no header": {},
            "an empty header": {"Stripe-Signature": ""},
            "another header": {"X-Signature": f"t={_NOW},v1={_V1}"},
            "no signature": {"Stripe-Signature": f"t={_NOW}"},
            "no time": {"Stripe-Signature": f"v1={_V1}"},
            "zeros": {"Stripe-Signature": f"t={_NOW},v1={_V1}"},
            "another scheme": {"Stripe-Signature": f"t={_NOW},v0={_V1}"},
            "a time that is none": {"Stripe-Signature": f"t=now,v1={_V1}"},
            "an endless time": {"Stripe-Signature": f"t={'9' * 4000},v1={_V1}"},
            "letters beyond ASCII": {"Stripe-Signature": f"t={_NOW},v1=é"},
            "only commas": {"Stripe-Signature": ",,,="},
        },
        events=documents.event_files,
    )
}
