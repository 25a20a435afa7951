"""A store, a mail server, and nothing remembered of flows that other tests have published."""

from collections.abc import Iterator
from typing import Any

import pytest

from automations import plans
from subscriptions.models import Store
from tests.contacts.mail_server import MailServer, mail_server


@pytest.fixture(autouse=True)
def fresh_plans() -> None:
    """Forget published flows: their ids come again."""
    plans.load.cache_clear()


@pytest.fixture
def store(db: None) -> Store:
    """A Stripe account."""
    return Store.objects.create(name="Shop", provider="stripe")


@pytest.fixture
def post(settings: Any) -> Iterator[MailServer]:
    """A mail server that takes everything."""
    with mail_server() as server:
        settings.MAILERS = server.mailers
        yield server
