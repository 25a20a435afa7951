"""Pretend WooCommerce shops, served, and plain requests to them."""

import base64
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from integrations.sandbox.server import serve
from integrations.sandbox.woocommerce import FULL, Key, WooShop
from tests.integrations.sandbox.conftest import Answer, answered

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECRET = "OnlyLettersAndDigits42"
V3 = "/wp-json/wc/v3"
_OTHERS = ("/wp-", "/_sandbox", "/dashboard")


def open_shop(**options: Any) -> WooShop:
    """Make a small shop that stands still at a known moment, and delivers when it is flushed."""
    return WooShop(**{"subscriptions": 40, "now": NOW, "pause": 60, **options})


@contextmanager
def served(shop: WooShop) -> Iterator[WooShop]:
    """Serve a shop while the block runs; `shop.address` is where it answers."""
    with serve(shop):
        yield shop


def basic(key: Key) -> str:
    """Show a key as Basic."""
    return "Basic " + base64.b64encode(f"{key.consumer_key}:{key.consumer_secret}".encode()).decode()


def ask(
    shop: WooShop, path: str, *, method: str = "GET", key: Key | None = FULL, given: Any = None, **headers: str
) -> Answer:
    """Ask with a key; a path is one of the API's, unless it is a whole one."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    named |= {"Authorization": basic(key)} if key else {}
    body = given
    if given is not None and not isinstance(given, bytes):
        body, named = json.dumps(given).encode(), {"Content-Type": "application/json"} | named
    whole = path if path.startswith(_OTHERS) else f"{V3}{path}"
    return answered(urlsplit(shop.address).port, method, whole, body, named)


def signed(body: bytes, secret: str = SECRET) -> str:
    """Work out the signature that a delivery must carry."""
    return base64.b64encode(hmac.digest(secret.encode(), body, sha256)).decode()
