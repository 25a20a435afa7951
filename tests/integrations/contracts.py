"""How each provider's stores speak, as far as tests that run over every provider must know; a new one adds a row."""

import json
import time
from collections.abc import Sequence
from typing import Any

from django.test import Client
from django.urls import reverse

from integrations.connecting import connect
from integrations.models import Connection
from tests.integrations.contract import SECRET, Contract, Event, Headers
from tests.integrations.paypal.contract import PAYPAL
from tests.integrations.stripe.contract import STRIPE
from tests.integrations.woocommerce.contract import WOOCOMMERCE

__all__ = ["CONTRACTS", "SECRET", "Contract", "Event", "address", "deliver", "encoded", "made", "post", "signed"]
CONTRACTS: dict[str, Contract] = {"stripe": STRIPE, "paypal": PAYPAL, "woocommerce": WOOCOMMERCE}


def made(provider: str, name: str = "Shop") -> Connection:
    """Connect a store that we cannot ask anything: all we know of it is what it sends."""
    connection, _ = connect(provider, name=name, credentials=CONTRACTS[provider].credentials())
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
