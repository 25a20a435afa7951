"""How WooCommerce shops speak."""

import hmac
import json
import zlib
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import md5, sha256
from pathlib import Path

from integrations.connecting import Credentials
from tests.integrations.contract import SECRET, Contract, Event, Headers

EVENTS = Path(__file__).parent / "fixtures" / "events"
SHOP = "https://shop.example"
# what only one kind of payload has -> its topic
TOPICS = {
    "billing_period": "subscription.updated",
    "categories": "product.updated",
    "discount_type": "coupon.updated",
    "order_key": "order.updated",
}
WORDS = {"canceled": "cancelled", "past_due": "on-hold"}


def event_files() -> list[Path]:
    """List every event's file; its name is the topic."""
    return sorted(EVENTS.glob("*.json"))


def event(topic: str) -> Event:
    """Return what a webhook of a topic carries."""
    told: Event = json.loads((EVENTS / f"{topic}.json").read_text(encoding="utf-8"))
    return told


def encoded_event(topic: str, **fields: object) -> bytes:
    """Return the body of a webhook of a topic, with some fields changed."""
    return json.dumps(event(topic) | fields).encode()


def headers_of(body: bytes, secret: str, *, topic: str, source: str = SHOP, delivery: str = "") -> Headers:
    """Sign a delivery of a topic as the shop at an address does."""
    return {
        "X-WC-Webhook-Source": f"{source}/",
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Delivery-ID": delivery or md5(body, usedforsecurity=False).hexdigest(),
        "X-WC-Webhook-Signature": b64encode(hmac.digest(secret.encode(), body, sha256)).decode(),
    }


def sign(body: bytes, secrets: Sequence[str], _moment: int) -> Headers:
    """Sign a delivery, whose topic its payload betrays."""
    return headers_of(body, secrets[0], topic=_topic(body))


def _topic(body: bytes) -> str:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return "subscription.updated"
    return next((topic for key, topic in TOPICS.items() if key in told), "subscription.deleted")


def number(name: str) -> int:
    """Give a name a number, since Woo's ids are numbers."""
    return int(name) if name.isdecimal() else zlib.crc32(name.encode())


def news(subscription: str, status: str, at: datetime, *, key: str = "", **fields: object) -> Event:
    """Make a payload that tells a subscription's id and status as of a moment; Woo's deliveries have no id."""
    told = event("subscription.updated") | {"id": number(subscription), "status": WORDS.get(status, status)}
    marked = {"order_key": key} if key else {}
    return told | marked | {"date_modified_gmt": at.strftime("%Y-%m-%dT%H:%M:%S")} | fields


WOOCOMMERCE = Contract(
    credentials=lambda: Credentials(webhook_secret=SECRET, api_address=SHOP),
    sign=sign,
    news=news,
    unknown={"id": 5, "code": "SUMMER", "discount_type": "percent", "yet_unheard_of": {"deep": [1, "é"]}},
    broken={
        "nothing": b"",
        "no JSON": b"{",
        "half a body": b'{"id": 5, "status": "act',
        "a list": b"[1]",
        "a text": b'"5"',
        "null": b"null",
        "not UTF-8": b'{"id": "\xff\xfe"}',
        "lists 100,000 deep": b"[" * 100_000,
        "a ping with more": b"webhook_id=5&x=1",
        "a ping without a number": b"webhook_id=",
    },
    false={
        "no header": {},
        "an empty header": {"X-WC-Webhook-Signature": ""},
        "zeros": {"X-WC-Webhook-Signature": b64encode(bytes(32)).decode()},
        "letters beyond ASCII": {"X-WC-Webhook-Signature": "é"},
        "another header": {"X-Signature": b64encode(bytes(32)).decode()},
    },
    events=event_files,
    proof="webhook_secret",
    rolls=True,
)
