"""manage.py prepare_demo: accounts, a connection to the pretend shop, its webhook, and its history."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError

from integrations import bell, history
from integrations.connecting import Credentials, connect, set_up
from integrations.models import Connection

NAME = "Pretend Stripe shop"
# The pretend shop takes any restricted key of the test mode that it is started with; this is the one it has.
KEY = "rk_test_sandbox"


class Command(BaseCommand):
    """Prepare what the demo shows; run again, it changes nothing but the password."""

    help = "Prepare the demo: accounts `admin` and `marketer`, the pretend shop and its history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--shop", required=True, help="address of the pretend shop")

    def handle(self, *_: Any, **options: Any) -> None:
        """Make the accounts, connect the shop, and start reading its history."""
        password = os.environ.get("DEMO_PASSWORD", "")
        if not settings.SANDBOX or not password:
            raise CommandError("The demo needs SANDBOX=1 and DEMO_PASSWORD.")
        _account("admin", password, role="Administrator", is_superuser=True)
        _account("marketer", password, role="Marketer", is_superuser=False)
        connection = _connected(options["shop"])
        if not connection.syncs.exists():
            bell.ring_for_sync(history.start(connection))
        self.stdout.write(f"{NAME} is connected.")


def _account(username: str, password: str, *, role: str, is_superuser: bool) -> None:
    user, _ = User.objects.get_or_create(username=username, defaults={"email": f"{username}@example.com"})
    user.is_staff, user.is_superuser = True, is_superuser
    if not user.check_password(password):
        user.set_password(password)
    user.save()
    user.groups.set([Group.objects.get(name=role)])


def _connected(address: str) -> Connection:
    """Connect the shop, and set our webhook up there unless that is done already."""
    known = Credentials(api_key=KEY, livemode=False, api_address=address)
    connection, _ = connect("stripe", name=NAME, credentials=known)
    set_up(connection)
    return connection
