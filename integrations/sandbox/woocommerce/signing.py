"""The headers of deliveries, as WooCommerce makes them."""

import base64
import hmac
from collections.abc import Mapping
from hashlib import md5, sha256
from typing import Any

from integrations.sandbox.sending import Headers

PING = "ping"
_AGENT = "WooCommerce/10.3.4 Hookshot (WordPress/6.8.3)"


def ping_headers() -> Headers:
    """Make the headers of the first ping, which nobody signs."""
    return {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": _AGENT}


def headers_for(webhook: Mapping[str, Any], body: bytes, *, secret: str, delivery: str, source: str) -> Headers:
    """Make the headers of a delivery; `source` is the shop's address."""
    resource, _, event = webhook["topic"].partition(".")
    return {
        "Content-Type": "application/json",
        "User-Agent": _AGENT,
        "X-WC-Webhook-Source": source,
        "X-WC-Webhook-Topic": webhook["topic"],
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": signature(body, secret),
        "X-WC-Webhook-ID": shown_id(webhook["id"]),
        "X-WC-Webhook-Delivery-ID": delivery,
    }


def signature(body: bytes, secret: str) -> str:
    """Sign the raw bytes."""
    return base64.b64encode(hmac.new(secret.encode(), body, sha256).digest()).decode()


def delivery_id(webhook: str, at: int) -> str:
    """Name a delivery by its webhook and the second: whatever goes out in that second shares the name."""
    return md5(f"{shown_id(webhook)}{at}".encode(), usedforsecurity=False).hexdigest()


def shown_id(webhook: str) -> str:
    """Tell the number of a webhook; a cloned shop's webhooks have the numbers of those that they were cloned from."""
    return webhook.partition("@")[0]
