"""A pretend shop as a process of its own, known by the address of the wire that leads to it.

python -m tests.chaos.shops KIND PORT ADDRESS STATE SEED
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from integrations.sandbox.paypal import PayPalShop
from integrations.sandbox.server import Server, serve_forever
from integrations.sandbox.shop import Shop
from integrations.sandbox.stripe import StripeShop
from integrations.sandbox.woocommerce import WooShop

SUBSCRIPTIONS = 25
# PayPal's account lists its subscriptions, so that the whole of it can be read anew.
SHOPS: dict[str, Callable[..., Shop]] = {
    "stripe": StripeShop,
    "paypal": partial(PayPalShop, listing=200),
    "woocommerce": WooShop,
}


def _known_as(address: str) -> Callable[[Server], None]:
    def started(server: Server) -> None:
        server.shop.address = address

    return started


def main(kind: str, port: str, address: str, state: str, seed: str) -> None:
    """Serve a shop until it is told to end; its state is a file then."""
    known: dict[str, Any] = {"subscriptions": SUBSCRIPTIONS, "state": Path(state)}
    serve_forever(SHOPS[kind](seed=int(seed), **known), port=int(port), started=_known_as(address))


if __name__ == "__main__":
    main(*sys.argv[1:])
