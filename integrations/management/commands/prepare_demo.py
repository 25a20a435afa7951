"""manage.py prepare_demo: accounts, connections to the pretend stores with webhooks and history, and segments."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError

from integrations import demo_people, demo_stores
from integrations.models import Connection
from integrations.providers import PROVIDERS
from subscriptions.models import Segment


class Command(BaseCommand):
    """Prepare what the demo shows; run again, it changes nothing but the password."""

    help = "Prepare the demo: an account for each role, the pretend stores and their history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--shop", dest="stripe", required=True, help="address of the pretend Stripe shop")
        for kind in ("paypal", "woocommerce"):
            parser.add_argument(f"--{kind}", help=f"address of the pretend {PROVIDERS[kind].label} store")
        parser.add_argument("--key-file", type=Path, help="file for the key of the store that writes by itself")

    def handle(self, *_: Any, **options: Any) -> None:
        """Make the accounts, connect the stores, and start reading their history."""
        password = os.environ.get("DEMO_PASSWORD", "")
        if not settings.SANDBOX or not password:
            raise CommandError("The demo needs SANDBOX=1 and DEMO_PASSWORD.")
        _account("admin", password, role="Administrator", is_superuser=True)
        for role in ("Viewer", "Marketer", "Manager"):
            _account(role.lower(), password, role=role, is_superuser=False)
        if not Connection.objects.exists() and not Segment.objects.exists():  # nor where a first start came no further
            demo_people.save_segments()
        addresses = ((kind, options[kind]) for kind in demo_stores.NAMES)
        connections = [demo_stores.connect_store(kind, address) for kind, address in addresses if address]
        for connection in connections:
            demo_stores.read_history(connection)
        if options["key_file"]:
            connections.append(demo_stores.connect_own(options["key_file"]))
        self.stdout.write(f"Connected: {', '.join(connection.store.name for connection in connections)}.")


def _account(username: str, password: str, *, role: str, is_superuser: bool) -> None:
    user, _ = User.objects.get_or_create(username=username, defaults={"email": f"{username}@example.com"})
    user.is_staff, user.is_superuser = True, is_superuser
    if not user.check_password(password):
        user.set_password(password)
    user.save()
    user.groups.set([Group.objects.get(name=role)])
