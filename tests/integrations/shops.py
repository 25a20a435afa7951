"""Pretend shops that know where they answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.sandbox.server import Server, serve
from integrations.sandbox.stripe import StripeShop


class ServedShop(StripeShop):
    """A pretend Stripe shop; `address` is where it answers while it is being served."""

    address = ""


@contextmanager
def served[Shop: ServedShop](shop: Shop) -> Iterator[Server]:
    """Serve a shop while the block runs."""
    with serve(shop) as server:
        shop.address = server.address
        yield server
