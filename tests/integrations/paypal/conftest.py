"""A pretend PayPal account over real HTTP, and a connection whose webhook it knows."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.connecting import Credentials, connect
from integrations.models import Connection
from tests.integrations.contracts import address, deliver
from tests.integrations.paypal.contract import event
from tests.integrations.shops import ServedPayPal, certified, served


@pytest.fixture
def account() -> Iterator[ServedPayPal]:
    """An account of thirty subscriptions; `account.address` is where it answers."""
    opened = certified(ServedPayPal(seed=7, subscriptions=30))
    opened.clock.move_to(opened.clock.now())  # from here on, a second passes with each thing that happens
    with served(opened):
        yield opened


@pytest.fixture
def connection(account: ServedPayPal, transactional_db: None) -> Connection:
    """A connection to the account, with credentials and a pace that tests need not wait for."""
    return connected(account)


@pytest.fixture
def listening(live_server: Any, connection: Connection, account: ServedPayPal) -> Connection:
    """The connection, whose webhook the account delivers to."""
    webhook = account.add_webhook(f"{live_server.url}{address(connection)}")
    Connection.objects.update(webhook_id=webhook)
    connection.refresh_from_db()
    return connection


def connected(account: ServedPayPal, name: str = "PayPal") -> Connection:
    """Connect an account that is being served."""
    credentials = Credentials(
        client_id="sandbox-client", api_key="sandbox-secret", livemode=False, api_address=account.address
    )
    connection, _ = connect("paypal", name=name, credentials=credentials)
    connection.requests_per_second = 1000
    connection.save()
    return connection


def deliver_update(connection: Connection, identity: str) -> None:
    """Deliver a signed event that says only that a subscription has changed."""
    told = event("BILLING.SUBSCRIPTION.UPDATED") | {"id": f"WH-{identity}"}
    told["resource"] = told["resource"] | {"id": identity}
    Connection.objects.filter(pk=connection.pk).update(webhook_id="whsec_of_the_tests")
    assert deliver(connection, told).status_code == 200
