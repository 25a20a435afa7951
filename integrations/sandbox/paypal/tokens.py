"""Access tokens: given for the client's credentials, the same one until it expires by the shop's clock."""

import base64
import binascii
from random import Random
from typing import Any
from urllib.parse import parse_qs

from integrations.sandbox.paypal.errors import PayPalError, TokenError
from integrations.sandbox.paypal.ids import mint
from integrations.sandbox.store import Record, Table
from integrations.sandbox.wire import Request

SUBSCRIPTIONS = "https://uri.paypal.com/services/subscriptions"
PAYMENTS = "https://uri.paypal.com/services/payments/payment"
WEBHOOKS = "https://uri.paypal.com/services/applications/webhooks"
SCOPES = (SUBSCRIPTIONS, PAYMENTS, WEBHOOKS, "openid")


class Tokens:
    """Give tokens and check them; `lasting` is in seconds."""

    def __init__(self, table: Table, *, client_id: str, secret: str, seed: int, lasting: int) -> None:
        self._table = table
        self.credentials = (client_id, secret)
        self._seed, self.lasting = seed, lasting

    def give(self, request: Request, *, now: int) -> Record:
        """Give a token for credentials. Raises TokenError."""
        if _basic(request) != self.credentials:
            raise TokenError(401, "invalid_client", "Client Authentication failed")
        asked = parse_qs(request.body.decode(errors="replace")).get("grant_type")
        if asked != ["client_credentials"]:
            raise TokenError(400, "unsupported_grant_type", f"unsupported grant_type {(asked or ['NULL'])[0]}")
        return self._valid(now) or self._mint(now)

    def check(self, request: Request, *, now: int) -> None:
        """Let in whoever shows a token that is good. Raises PayPalError without any, TokenError with a bad one."""
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not shown:
            raise PayPalError(401)
        token = self._table.get(shown.strip())
        if token is None or token["revoked"]:
            raise TokenError(401, "invalid_token", "The token passed in was not found in the system")
        if token["expires"] <= now:
            raise TokenError(401, "invalid_token", "Access Token has expired")

    def revoke(self) -> None:
        """Let no token that was given be good any more."""
        for token in list(self._table):
            self._table.put(token | {"revoked": True})

    def _valid(self, now: int) -> Record | None:
        good = (token for token in self._table if token["expires"] > now and not token["revoked"])
        return next(good, None)

    def _mint(self, now: int) -> Record:
        rng = Random(f"{self._seed}/token/{len(self._table)}")
        token = {"id": mint(rng, "token"), "created": now, "expires": now + self.lasting, "revoked": False}
        self._table.put(token)
        return token


def token_document(token: Record, *, now: int, app: str, scopes: list[str]) -> dict[str, Any]:
    """Write a token as OAuth does, with the seconds that it still has."""
    return {
        "scope": " ".join(scopes),
        "access_token": token["id"],
        "token_type": "Bearer",
        "app_id": app,
        "expires_in": token["expires"] - now,
        "nonce": f"{token['created']}{token['id'][5:20]}",
    }


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, password = base64.b64decode(shown, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if scheme.lower() == "basic" else None
