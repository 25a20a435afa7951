"""How PayPal's accounts speak."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from integrations.connecting import Credentials
from integrations.sandbox.paypal.signing import Transmission, headers_for
from integrations.sandbox.server import Server
from tests.integrations.contract import SECRET, Contract, Event, Headers
from tests.integrations.shops import ServedPayPal, certified

EVENTS = Path(__file__).parent / "fixtures" / "events"
UPDATED = "BILLING.SUBSCRIPTION.UPDATED"
WORDS = {"active": "ACTIVE", "canceled": "CANCELLED", "past_due": "SUSPENDED"}


def event_files() -> list[Path]:
    """List every event's file; its name is the type."""
    return sorted(EVENTS.glob("*.json"))


def event(type_: str) -> Event:
    """Return an event."""
    told: Event = json.loads((EVENTS / f"{type_}.json").read_text(encoding="utf-8"))
    return told


@cache
def account() -> ServedPayPal:
    """Serve an account for as long as the tests run: its certificates are what every delivery is proven with."""
    shop = certified(ServedPayPal(subscriptions=0))
    server = Server(shop, 0)
    server.start()
    shop.address = server.address
    return shop


def sign(body: bytes, secrets: Sequence[str], moment: int) -> Headers:
    """Sign a delivery to the webhook with that ID, which stands where others have a secret."""
    shop = account()
    sending = Transmission(id=str(uuid.uuid4()), at=moment, address=shop.home)
    names = ("PAYPAL-TRANSMISSION-ID", "PAYPAL-TRANSMISSION-TIME", "PAYPAL-TRANSMISSION-SIG", "PAYPAL-CERT-URL",
             "PAYPAL-AUTH-ALGO")  # fmt: skip
    made = {name.upper(): value for name, value in headers_for(body, secrets[0], sending, shop.authority).items()}
    return {name: made[name] for name in names}


def news(subscription: str, status: str, at: datetime, *, key: str = "", **fields: object) -> Event:
    """Make an event that tells a subscription's id and status as of a moment."""
    moment = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    told = event(UPDATED)
    resource = told["resource"] | {"id": subscription, "status": WORDS.get(status, status)} | fields
    return told | {
        "id": key or f"WH-{subscription}-{moment}-{status}",
        "create_time": moment,
        "resource": resource | {"update_time": moment},
    }


_BROKEN = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a text": b'"WH-1"',
    "null": b"null",
    "not UTF-8": b'{"id": "WH-1", "event_type": "\xff\xfe", "create_time": "2026-10-20T12:00:00Z"}',
    "no id": b'{"event_type": "A", "create_time": "2026-10-20T12:00:00Z"}',
    "an empty id": b'{"id": "", "event_type": "A", "create_time": "2026-10-20T12:00:00Z"}',
    "a number as id": b'{"id": 7, "event_type": "A", "create_time": "2026-10-20T12:00:00Z"}',
    "an endless id": b'{"id": "%s", "event_type": "A", "create_time": "2026-10-20T12:00:00Z"}' % (b"W" * 256),
    "an endless type": b'{"id": "WH-1", "event_type": "%s", "create_time": "2026-10-20T12:00:00Z"}' % (b"A" * 101),
    "a NUL in the id": b'{"id": "WH-\\u0000", "event_type": "A", "create_time": "2026-10-20T12:00:00Z"}',
    "half a surrogate pair": b'{"id": "WH-\\ud800", "event_type": "A", "create_time": "2026-10-20T12:00:00Z"}',
    "no type": b'{"id": "WH-1", "create_time": "2026-10-20T12:00:00Z"}',
    "no moment": b'{"id": "WH-1", "event_type": "A"}',
    "a moment of no form": b'{"id": "WH-1", "event_type": "A", "create_time": {}}',
    "a day that never was": b'{"id": "WH-1", "event_type": "A", "create_time": "2026-02-30T00:00:00Z"}',
    "a moment without a zone": b'{"id": "WH-1", "event_type": "A", "create_time": "2026-02-03T00:00:00"}',
    "a moment that UTC does not have": b'{"id": "WH-1", "event_type": "A", "create_time": "9999-12-31T23:59:59-10:00"}',
    "UTF-16": '{"id": "WH-1", "event_type": "A", "create_time": "2026-10-20T12:00:00Z"}'.encode("utf-16"),
    "UTF-8 behind a mark": b'\xef\xbb\xbf{"id": "WH-1", "event_type": "A", "create_time": "2026-10-20T12:00:00Z"}',
    "lists 100,000 deep": b"[" * 100_000,
}
_NOW = datetime.now().astimezone().isoformat()
_WHOLE = {
    "PAYPAL-TRANSMISSION-ID": "1",
    "PAYPAL-TRANSMISSION-TIME": _NOW,
    "PAYPAL-TRANSMISSION-SIG": "AAAA",
    "PAYPAL-CERT-URL": "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270",
    "PAYPAL-AUTH-ALGO": "SHA256withRSA",
}

PAYPAL = Contract(
    credentials=lambda: Credentials(webhook_id=SECRET, livemode=False, api_address=account().address),
    sign=sign,
    news=news,
    unknown=event(UPDATED) | {"event_type": "INVOICING.INVOICE.TELEPORTED", "yet_unheard_of": {"deep": [1, "é"]}},
    broken=_BROKEN,
    false={
        "no header": {},
        "no signature": _WHOLE | {"PAYPAL-TRANSMISSION-SIG": ""},
        "zeros": _WHOLE | {"PAYPAL-TRANSMISSION-SIG": "AAAA" * 86},
        "a signature that is none": _WHOLE | {"PAYPAL-TRANSMISSION-SIG": "é"},
        "no time": _WHOLE | {"PAYPAL-TRANSMISSION-TIME": ""},
        "a time that is none": _WHOLE | {"PAYPAL-TRANSMISSION-TIME": "now"},
        "another algorithm": _WHOLE | {"PAYPAL-AUTH-ALGO": "SHA1withRSA"},
        "no certificate": _WHOLE | {"PAYPAL-CERT-URL": ""},
        "a certificate elsewhere": _WHOLE | {"PAYPAL-CERT-URL": "https://example.com/v1/notifications/certs/CERT-1"},
    },
    events=event_files,
    proof="webhook_id",
    past=4 * 24 * 3600,
)
