"""A store and a mail server."""

from collections.abc import Iterator
from typing import Any

import pytest

from subscriptions.models import Store
from tests.contacts.mail_server import MailServer, mail_server


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
