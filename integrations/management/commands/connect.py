"""manage.py connect stripe --name …: connect a store, or give a connection new credentials."""

from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import URLValidator

from config.audit.log import record
from integrations import health
from integrations.api import connect_command as api
from integrations.connecting import Credentials, connect, probe, rotate, set_up
from integrations.models import Connection
from integrations.problems import PASSING
from integrations.providers import PROVIDERS
from integrations.providers.base import Provider, ProviderError

# Providers that have no credentials to enter, and say themselves what the command takes and does.
OWN_WAYS = {"api": api}


class Command(BaseCommand):
    """Connect a store and print the webhook address that it must be told."""

    help = "Connect a store, or give the connection of that name new credentials; prints its webhook address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare each provider's own options; secrets may be left out and given later, with the same name."""
        kinds = parser.add_subparsers(dest="provider", required=True)
        for provider in PROVIDERS.values():
            own = kinds.add_parser(provider.name, help=f"connect {provider.label}")
            if provider.name in OWN_WAYS:
                OWN_WAYS[provider.name].declare(own)
            else:
                _declare(own, provider)

    def handle(self, *_: Any, **options: Any) -> None:
        """Connect, check the credentials, and print the address."""
        provider = PROVIDERS[options["provider"]]
        if provider.name in OWN_WAYS:
            OWN_WAYS[provider.name].connect(self, options)
            return
        name = options["name"].strip()
        if not name or len(name) > 200:
            raise CommandError("--name must have 1 to 200 characters.")
        credentials = _credentials(provider, options)
        trouble = None if options["no_check"] else _trouble(provider, name, credentials)
        connection, is_new = connect(provider.name, name=name, credentials=credentials)
        if trouble:
            health.report(connection, trouble)
            self.stderr.write(f"The credentials could not be tried. {trouble.words}")
        told = (
            "" if options["no_check"] or trouble else self._set_up(connection, credentials, rotates=options["rotates"])
        )
        done = "Connected" if is_new else "Updated"
        self.stderr.write(f"{done} {name}. {told or 'Tell the store this webhook address:'}")
        self.stdout.write(connection.webhook_url)

    def _set_up(self, connection: Connection, entered: Credentials, *, rotates: bool) -> str:
        """Set our webhook up at the store, where its API allows that, and say so; empty where somebody has to."""
        provider = PROVIDERS[connection.provider_name]
        if not connection.api_key or provider.register is None:
            return ""
        try:
            if _is_by_hand(provider, entered):
                probe(connection)
                return ""
            told = set_up(connection)
            if rotates:
                rotate(connection)
                record("webhook.rotated", about=connection)
        except ProviderError as error:
            self.stderr.write(f"The webhook could not be set up. {error.words}")
            return ""
        record("webhook.registered", about=connection)
        secret = "Its webhook has a new secret; the old one stays valid for a day. " if rotates else ""
        return f"{told} {secret}Its webhook is set up, at this address:".strip()


def _is_by_hand(provider: Provider, entered: Credentials) -> bool:
    """Whether what a store gives a webhook was entered, so that somebody has set that webhook up there."""
    return bool(entered.webhook_id or (entered.webhook_secret and not provider.tells_secret))


def _declare(parser: ArgumentParser, provider: Provider) -> None:
    parser.add_argument("--name", required=True, help="what the store is called here")
    for credential in provider.credentials:
        parser.add_argument(credential.option, dest=credential.name, help=str(credential.label))
    if provider.test_option:
        parser.add_argument(
            provider.test_option, dest="is_test", action="store_true", help="the credentials are of the test mode"
        )
    if provider.resources:
        names = ",".join(one.name for one in provider.resources)
        parser.add_argument("--resources", help=f"what is connected of it, separated by commas: {names}, usually all")
    if provider.rotate:
        parser.add_argument(
            "--rotate-webhook-secret",
            dest="rotates",
            action="store_true",
            help="put a new webhook secret in the place of the old one, here and at the store",
        )
    parser.set_defaults(rotates=False)
    parser.add_argument("--external-id-key", help="metadata key that holds your own ID of a recurring payment")
    parser.add_argument("--no-check", action="store_true", help="do not ask the store whether the credentials are good")


def _credentials(provider: Provider, options: dict[str, Any]) -> Credentials:
    given: dict[str, Any] = {credential.name: options[credential.name] for credential in provider.credentials}
    if given.get("api_address"):
        given["api_address"] = _address(provider, given["api_address"])
        given["may_be_private"] = True  # whoever runs commands here is the deployer
    given["resources"] = _resources(provider, options.get("resources"))
    credentials = Credentials(**given, external_id_key=options["external_id_key"])
    is_live = False if options.get("is_test") else provider.is_live(credentials)
    return replace(credentials, livemode=is_live)


def _resources(provider: Provider, text: str | None) -> list[str] | None:
    if text is None:
        return None
    names = list(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
    known = [one.name for one in provider.resources]
    if not names or not set(names) <= set(known):
        raise CommandError(f"--resources takes one or more of {', '.join(known)}, separated by commas: {text!r}")
    return names


def _address(provider: Provider, text: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(text.rstrip("/"))
    except ValidationError:
        option = next(one.option for one in provider.credentials if one.name == "api_address")
        raise CommandError(f"{option} is no address: {text}") from None
    return text.rstrip("/")


def _trouble(provider: Provider, name: str, credentials: Credentials) -> ProviderError | None:
    """Ask the store whether new credentials are good, before anything is kept.

    A store that is away for a moment does not keep a new connection from being made, by a script that sets up many
    things; the trouble is returned, to be told. What worked so far is not replaced by what could not be tried.
    """
    known = Connection.objects.filter(store__name=name, store__provider=provider.name).first() or Connection()
    trial = credentials.trial(known)
    tried = [one.name for one in provider.credentials if one.is_tried]
    if not trial.api_key or all(getattr(trial, name) == getattr(known, name) for name in tried):
        return None
    try:
        if provider.check:
            provider.check(trial)
    except ProviderError as error:
        if known.pk or error.problem not in PASSING:
            raise CommandError(error.words) from error
        return error
    return None
