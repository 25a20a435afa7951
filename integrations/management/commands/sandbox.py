"""manage.py sandbox: run a pretend shop on loopback, for the demo and for trying things out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

# Named, not imported: production has no use for them.
SHOPS = {
    "stripe": "integrations.sandbox.stripe.StripeShop",
    "paypal": "integrations.sandbox.paypal.PayPalShop",
    "woocommerce": "integrations.sandbox.woocommerce.WooShop",
}


class Command(BaseCommand):
    """Run a pretend shop until it is stopped; it speaks the provider's wire protocol on 127.0.0.1 only."""

    help = "Run a pretend shop on loopback; only where the SANDBOX switch is on, which no production has."

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("shop", choices=SHOPS)
        parser.add_argument("--port", type=int, default=0)
        parser.add_argument("--subscriptions", type=int, default=120)
        parser.add_argument("--big-customer", type=int, default=0, help="subscriptions of one and the same customer")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--state", type=Path, help="file that keeps the shop over a restart")
        parser.add_argument("--live", type=float, default=0, help="let something happen every so many seconds")

    def handle(self, *_: Any, **options: Any) -> None:
        """Make the shop and serve it."""
        if not settings.SANDBOX:
            raise CommandError("Pretend shops run only with SANDBOX=1.")
        from integrations.sandbox.server import serve_forever

        shop = import_string(SHOPS[options["shop"]])(
            seed=options["seed"],
            subscriptions=options["subscriptions"],
            big_customer=options["big_customer"],
            state=options["state"],
        )
        if options["live"]:
            shop.live(every=options["live"])
        serve_forever(shop, port=options["port"])
