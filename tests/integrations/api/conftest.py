"""Stores that speak through the API, and what they speak with."""

from collections.abc import Callable

import pytest

from integrations.api import stores
from integrations.models import Connection
from tests.integrations.api.plugin import Plugin


@pytest.fixture
def shop_connection(db: None) -> Connection:
    """An API connection."""
    return connected("Shop")


@pytest.fixture
def plugin(shop_connection: Connection) -> Plugin:
    """A plugin that may read and write."""
    return Plugin(shop_connection)


@pytest.fixture
def other(db: None) -> Plugin:
    """The plugin of another shop."""
    return Plugin(connected("Other shop"))


@pytest.fixture
def account(db: None) -> Plugin:
    """Whoever has a key of the account."""
    return Plugin(None)


@pytest.fixture
def limited(shop_connection: Connection) -> Callable[..., Plugin]:
    """A plugin whose key has just these scopes."""
    return lambda *scopes: Plugin(shop_connection, scopes=scopes)


def connected(name: str) -> Connection:
    """Connect a shop as a plugin does."""
    return stores.connect(stores.About(service="woo", external_id=name, name=name))
