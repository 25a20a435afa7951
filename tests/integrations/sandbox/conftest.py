"""Shops, served, and clients for them."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from http.client import HTTPConnection
from typing import Any, Protocol

import pytest
import stripe

from integrations.sandbox.server import Server, serve
from integrations.sandbox.stripe import StripeShop
from tests.integrations.sandbox.receiver import Receiver, receiving

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
KEY = "rk_test_51PretendKeyOfTheSandbox"


def client_of(server: Server, **options: Any) -> stripe.StripeClient:
    """Make the official library talk to a shop."""
    return stripe.StripeClient(KEY, base_addresses={"api": server.address}, **{"max_network_retries": 0, **options})


def open_shop(**options: Any) -> StripeShop:
    """Make a small shop that stands still at a known moment."""
    shop = StripeShop(**{"subscriptions": 30, "now": NOW, **options})
    shop.queue.schedule = (0.02, 0.02)
    return shop


class HasPort(Protocol):
    """Whatever knows where a shop answers."""

    @property
    def port(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to a plain request."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


def ask(server: HasPort, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    """Ask with the key; `a_b` in a header's name is a-b."""
    named = {"Authorization": f"Bearer {KEY}"} | {name.replace("_", "-"): text for name, text in headers.items()}
    return answered(server.port, method, path, body, named)


def answered(port: int, method: str, path: str, body: bytes | None, named: dict[str, str]) -> Answer:
    """Ask a shop over a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


@pytest.fixture
def shop() -> StripeShop:
    """A small shop of this test's own."""
    return open_shop()


@pytest.fixture
def server(shop: StripeShop) -> Iterator[Server]:
    """The small shop, served."""
    with serve(shop) as running:
        yield running


@pytest.fixture
def client(server: Server) -> stripe.StripeClient:
    """The official library, talking to the small shop."""
    return client_of(server)


@pytest.fixture(scope="module")
def town() -> Iterator[Server]:
    """A shop of 200 subscriptions that tests only read."""
    with serve(open_shop(subscriptions=200)) as running:
        yield running


@pytest.fixture(scope="module")
def reader(town: Server) -> stripe.StripeClient:
    """The official library, talking to the shop of 200."""
    return client_of(town)


@pytest.fixture
def receivers() -> Iterator[Any]:
    """A maker of webhook receivers."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(receiving())


@pytest.fixture
def receiver(receivers: Any) -> Receiver:
    """One webhook receiver."""
    return receivers()
