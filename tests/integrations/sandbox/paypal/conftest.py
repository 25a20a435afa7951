"""PayPal accounts, served, and callers with a token."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from integrations.sandbox.paypal import PayPalShop
from integrations.sandbox.server import Server, serve
from tests.integrations.sandbox.conftest import NOW, Answer, ask
from tests.integrations.shops import certified

BASIC = "Basic " + base64.b64encode(b"sandbox-client:sandbox-secret").decode()
GRANT = b"grant_type=client_credentials"
AT = int(NOW.timestamp())


def open_shop(**options: Any) -> PayPalShop:
    """Make a small shop that stands still at a known moment."""
    shop = PayPalShop(**{"subscriptions": 30, "now": NOW, **options})
    shop.queue.schedule = (0.02, 0.02)
    return shop


def token_of(server: Server) -> str:
    """Ask for a token."""
    return ask(server, "/v1/oauth2/token", method="POST", body=GRANT, Authorization=BASIC).json["access_token"]


@dataclass(slots=True)
class Caller:
    """A client with a token, which it asked for when it was made."""

    server: Server
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.token = token_of(self.server)

    def get(self, path: str) -> Answer:
        """Ask for something."""
        return ask(self.server, path, Authorization=f"Bearer {self.token}")

    def send(self, method: str, path: str, given: Any = None) -> Answer:
        """Send JSON."""
        body = b"" if given is None else json.dumps(given).encode()
        return ask(self.server, path, method=method, body=body, Authorization=f"Bearer {self.token}")


def control(server: Server, path: str, method: str = "POST", **given: Any) -> Answer:
    """Tell the shop something."""
    return ask(server, f"/_sandbox/{path}", method=method, body=json.dumps(given).encode())


def path_of(url: str) -> str:
    """Take scheme and host away from an address."""
    return "/" + url.split("/", 3)[3]


@pytest.fixture
def shop() -> Iterator[PayPalShop]:
    """A small shop of this test's own."""
    opened = certified(open_shop())
    yield opened
    opened.close()


@pytest.fixture
def server(shop: PayPalShop) -> Iterator[Server]:
    """The small shop, served."""
    with serve(shop) as running:
        yield running


@pytest.fixture
def caller(server: Server) -> Caller:
    """A client of the small shop."""
    return Caller(server)


@pytest.fixture(scope="module")
def town() -> Iterator[Server]:
    """A shop of 200 subscriptions that may be listed, which tests only read."""
    with serve(open_shop(subscriptions=200, big_customer=40, listing=200)) as running:
        yield running


@pytest.fixture(scope="module")
def reader(town: Server) -> Caller:
    """A client of the shop of 200."""
    return Caller(town)
