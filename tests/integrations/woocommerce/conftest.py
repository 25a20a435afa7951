"""A pretend WooCommerce shop over real HTTP, and a connection that it reports to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.connecting import Credentials, connect
from integrations.models import Connection
from integrations.providers.woocommerce import webhooks
from integrations.sandbox.woocommerce import FULL, Key, WooShop
from tests.integrations.woocommerce.shops import SECRET, open_shop, served


@pytest.fixture
def woo() -> Iterator[WooShop]:
    """A shop of forty subscriptions that stands still until something happens."""
    with served(open_shop(now=datetime.now(UTC).replace(microsecond=0))) as shop:
        yield shop


@pytest.fixture
def connection(woo: WooShop, transactional_db: None) -> Connection:
    """A connection to the shop, with keys and a pace that tests need not wait for."""
    return connected(woo)


@pytest.fixture
def listening(live_server: Any, settings: Any, connection: Connection) -> Connection:
    """The connection, whose webhooks are set up at the shop."""
    settings.PUBLIC_URL = live_server.url
    webhooks.register(connection)
    return connection


def connected(shop: WooShop, name: str = "Woo", key: Key = FULL) -> Connection:
    """Connect a shop that is being served."""
    credentials = Credentials(
        client_id=key.consumer_key,
        api_key=key.consumer_secret,
        webhook_secret=SECRET,
        api_address=shop.address,
        may_be_private=True,
    )
    connection, _ = connect("woocommerce", name=name, credentials=credentials)
    connection.requests_per_second = 1000
    connection.save()
    return connection
