"""Small shops, served, and somebody who hears their webhooks."""

from collections.abc import Iterator

import pytest

from integrations.sandbox.woocommerce import WooShop
from tests.integrations.sandbox.receiver import Receiver
from tests.integrations.woocommerce.shops import SECRET, open_shop, served


@pytest.fixture
def shop() -> Iterator[WooShop]:
    """A small shop of this test's own, served."""
    with served(open_shop()) as opened:
        yield opened


@pytest.fixture(scope="module")
def town() -> Iterator[WooShop]:
    """A shop of 230 subscriptions that tests only read."""
    with served(open_shop(subscriptions=230)) as opened:
        yield opened


@pytest.fixture
def hooked(shop: WooShop, receiver: Receiver) -> Receiver:
    """Somebody who hears of changed and deleted subscriptions, and was pinged already."""
    for topic in ("subscription.updated", "subscription.deleted"):
        shop.add_webhook(receiver.url, topic=topic, secret=SECRET)
    shop.flush()
    receiver.received.clear()
    return receiver
