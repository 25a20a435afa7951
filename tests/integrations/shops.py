"""Pretend shops that know where they answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from integrations.sandbox.paypal import PayPalShop
from integrations.sandbox.paypal.authority import Authority
from integrations.sandbox.server import Server, serve
from integrations.sandbox.store import Record, Table
from integrations.sandbox.stripe import StripeShop


class ServedShop(StripeShop):
    """A pretend Stripe shop; `address` is where it answers while it is being served."""

    address = ""


class ServedPayPal(PayPalShop):
    """A pretend PayPal account; `address` is where it answers while it is being served."""

    address = ""


def certified[Certified: PayPalShop](shop: Certified) -> Certified:
    """Give a shop the certificates that were made once for all tests, since new keys take their time."""
    for record in _certificates():
        shop.store["certificate"].put(record)
    return shop


@cache
def _certificates() -> list[Record]:
    table = Table()
    for role in ("leaf", "sandbox leaf", "expired", "misnamed", "foreign leaf"):
        Authority(table).newest(role)
    return list(table)


@contextmanager
def served[Served: (ServedShop, ServedPayPal)](shop: Served) -> Iterator[Server]:
    """Serve a shop while the block runs."""
    with serve(shop) as server:
        shop.address = server.address
        yield server
