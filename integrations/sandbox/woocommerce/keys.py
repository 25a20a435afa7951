"""The keys of the REST API: who is let in, and whether they may read or write."""

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from integrations.sandbox.wire import Request
from integrations.sandbox.woocommerce.errors import unauthenticated

Permissions = Literal["read", "write", "read_write"]

KEY = "ck_" + "5a" * 20
SECRET = "cs_" + "c3" * 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A consumer key with its secret."""

    consumer_key: str = KEY
    consumer_secret: str = SECRET
    permissions: Permissions = "read_write"

    def check(self, method: str) -> None:
        """Refuse a method that the key does not reach. Raises WooError."""
        need = "read" if method in ("GET", "HEAD", "OPTIONS") else "write"
        if need not in self.permissions.split("_"):
            raise unauthenticated(f"The API key provided does not have {need} permissions.")


FULL = Key()
READER = Key(consumer_key="ck_" + "1e" * 20, consumer_secret="cs_" + "2f" * 20, permissions="read")
WRITER = Key(consumer_key="ck_" + "3a" * 20, consumer_secret="cs_" + "4b" * 20, permissions="write")


def identify(
    keys: Iterable[Key], request: Request, params: Mapping[str, object], *, is_stripped: bool = False
) -> Key | None:
    """Find the key that a request shows, in its query first and then as Basic; None is nobody. Raises WooError."""
    shown = _in_query(params) or (None if is_stripped else _in_header(request))
    key = next((one for one in keys if shown and one.consumer_key == shown[0]), None)
    if key is None or shown is None:
        return None
    if not hmac.compare_digest(key.consumer_secret.encode(), shown[1].encode()):
        raise unauthenticated("Consumer secret is invalid.")
    key.check(request.method)
    return key


def _in_query(params: Mapping[str, object]) -> tuple[str, str] | None:
    name, secret = params.get("consumer_key"), params.get("consumer_secret")
    return (name, secret) if isinstance(name, str) and isinstance(secret, str) else None


def _in_header(request: Request) -> tuple[str, str] | None:
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(shown.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret
