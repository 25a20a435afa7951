"""manage.py connect stripe --name …: connect a store, or give a connection new credentials."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import URLValidator

from integrations import health
from integrations.connecting import Credentials, connect
from integrations.models import Connection
from integrations.problems import PASSING
from integrations.providers import PROVIDERS
from integrations.providers.base import ProviderError


class Command(BaseCommand):
    """Connect a store and print the webhook address that it must be told."""

    help = "Connect a store, or give the connection of that name new credentials; prints its webhook address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments; secrets may be left out and given later, with the same name."""
        parser.add_argument("provider", choices=sorted(PROVIDERS))
        parser.add_argument("--name", required=True, help="what the store is called here")
        parser.add_argument("--api-key", help="restricted API key with read access")
        parser.add_argument("--webhook-secret", help="signing secret of the webhook; the old one stays valid a day")
        parser.add_argument("--test-mode", action="store_true", default=None, help="for a key of the test mode")
        parser.add_argument("--external-id-key", help="metadata key that holds your own ID of a subscription")
        parser.add_argument("--api-address", help="address of the store's API, for tests")
        parser.add_argument("--no-check", action="store_true", help="do not ask the store whether the key is good")

    def handle(self, *_: Any, **options: Any) -> None:
        """Connect, check the key, and print the address."""
        name = options["name"].strip()
        if not name or len(name) > 200:
            raise CommandError("--name must have 1 to 200 characters.")
        credentials = _credentials(options)
        trouble = None if options["no_check"] else _trouble(options["provider"], name, credentials)
        connection, is_new = connect(options["provider"], name=name, credentials=credentials)
        if trouble:
            health.report(connection, trouble)
            self.stderr.write(f"The API key could not be tried. {_words(trouble)}")
        self.stderr.write(f"{'Connected' if is_new else 'Updated'} {name}. Tell the store this webhook address:")
        self.stdout.write(connection.webhook_url)


def _trouble(provider: str, name: str, credentials: Credentials) -> ProviderError | None:
    """Ask the store whether a new key, or an old one at a new address, is good, before anything is kept.

    A store that is away for a moment does not keep a new connection from being made, by a script that sets up many
    things; it is returned, to be told. What worked so far is not replaced by what could not be tried.
    """
    known = Connection.objects.filter(store__name=name, store__provider=provider).first() or Connection()
    trial = Connection(
        api_key=known.api_key if credentials.api_key is None else credentials.api_key,
        api_address=known.api_address if credentials.api_address is None else credentials.api_address,
    )
    if not trial.api_key or (trial.api_key, trial.api_address) == (known.api_key, known.api_address):
        return None
    try:
        PROVIDERS[provider].check(trial)
    except ProviderError as error:
        if known.pk or error.problem not in PASSING:
            raise CommandError(_words(error)) from error
        return error
    return None


def _words(error: ProviderError) -> str:
    return f"{error.problem.label} {error.detail}".strip()


def _credentials(options: dict[str, Any]) -> Credentials:
    livemode = _livemode(options)
    address = options["api_address"]
    if address:
        try:
            URLValidator(schemes=["http", "https"])(address.rstrip("/"))
        except ValidationError:
            raise CommandError(f"--api-address is no address: {address}") from None
    return Credentials(
        api_key=options["api_key"],
        webhook_secret=options["webhook_secret"],
        livemode=livemode,
        api_address=address.rstrip("/") if address else None,
        external_id_key=options["external_id_key"],
    )


def _livemode(options: dict[str, Any]) -> bool | None:
    """Read the mode off the key, which says it; --test-mode is for connections without one."""
    if options["test_mode"]:
        return False
    key = options["api_key"] or ""
    return key.split("_")[1:2] != ["test"] if key else None
