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
    "api": "integrations.sandbox.api_store.ApiStore",
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

        parser.add_argument("--address", help="where the product is, for the store that writes to it by itself (api)")
        parser.add_argument("--key-file", type=Path, help="file with that store's key, which only its owner may read")

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
            **_of_writer(options),
        )
        if options["live"]:
            shop.live(every=options["live"])
        serve_forever(shop, port=options["port"])


def _of_writer(options: dict[str, Any]) -> dict[str, str]:
    """Return what only the store that writes by itself takes."""
    address, file = options["address"], options["key_file"]
    if options["shop"] != "api":
        if address or file:
            raise CommandError("--address and --key-file are for the store that writes by itself: sandbox api.")
        return {}
    if not address or not file:
        raise CommandError("A store that writes by itself needs --address and --key-file.")
    return {"site": address, "key": _key(file)}


def _key(file: Path) -> str:
    try:
        if file.stat().st_mode & 0o077:
            raise CommandError(f"{file} may be read by others than its owner; chmod 600 {file}")
        return file.read_text().strip()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error
