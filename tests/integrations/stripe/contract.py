"""How Stripe's accounts speak."""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from integrations.connecting import Credentials
from tests.integrations.contract import SECRET, Contract, Event, Headers
from tests.integrations.stripe import documents


def sign(body: bytes, secrets: Sequence[str], moment: int) -> Headers:
    signatures = (hmac.new(secret.encode(), b"%d." % moment + body, sha256).hexdigest() for secret in secrets)
    return {"Stripe-Signature": ",".join((f"t={moment}", *(f"v1={signature}" for signature in signatures)))}


def news(subscription: str, status: str, at: datetime, *, key: str = "", **fields: Any) -> Event:
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

STRIPE = Contract(
    credentials=lambda: Credentials(webhook_secret=SECRET, livemode=False),
    proof="webhook_secret",
    past=300,
    rolls=True,
    has_mode=True,
    sign=sign,
    news=news,
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
