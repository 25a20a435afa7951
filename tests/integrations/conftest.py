"""A pretend Stripe shop over real HTTP, and a connection to it."""

from collections.abc import Iterator

import pytest

from integrations.connecting import Credentials, connect
from integrations.models import Connection
from integrations.sandbox.server import serve
from integrations.sandbox.stripe import StripeShop

KEY = "rk_test_sandbox"
SECRET = "whsec_of_the_tests"


@pytest.fixture
def shop() -> Iterator[StripeShop]:
    """A shop of thirty subscriptions; `shop.address` is where it answers."""
    made = StripeShop(seed=7, subscriptions=30, key=KEY)
    with serve(made, port=0) as server:
        made.address = server.address
        yield made


@pytest.fixture
def connection(shop: StripeShop, transactional_db: None) -> Connection:
    """A connection to the shop with a key, a secret and a pace that tests need not wait for."""
    credentials = Credentials(api_key=KEY, webhook_secret=SECRET, livemode=False, api_address=shop.address)
    made, _ = connect("stripe", name="Shop", credentials=credentials)
    made.requests_per_second = 1000
    made.save()
    return made
