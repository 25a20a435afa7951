"""manage.py connect api: make an API connection, or a further key, and print the key once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations import connecting
from integrations.api import keys
from integrations.models import Connection
from integrations.providers.api_store import API


def declare(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = "Connect a store that speaks to us by itself, and print a key for it, once."
    parser.add_argument("--name", default="", help="what the store is called here; the same name again: a further key")
    parser.add_argument("--account", action="store_true", help="a key that makes and fills any API connection")
    parser.add_argument("--key-name", default="", help="what the key is called here")
    parser.add_argument(
        "--key-expires-in", type=int, metavar="DAYS", help="after how many days the key opens nothing (never)"
    )
    parser.add_argument(
        "--scopes",
        default=",".join(keys.STORE_SCOPES),
        help="what the key may do, with commas: read,write (both); with --account also segments, which reads all "
        "people, automations, which changes automations and lets people in, and reports, which runs and saves reports",
    )


def connect(command: BaseCommand, options: dict[str, Any]) -> None:
    """Make connection and key; the key is the only line on standard output."""
    name, scopes = options["name"].strip(), [scope.strip() for scope in options["scopes"].split(",")]
    if bool(name) == options["account"]:
        raise CommandError("Give either --name or --account.")
    possible = keys.ACCOUNT_SCOPES if options["account"] else keys.STORE_SCOPES
    if set(scopes) - set(possible):
        raise CommandError(f"--scopes must be some of {','.join(possible)}.")
    if len(name) > 200 or len(options["key_name"]) > 200:
        raise CommandError("A name must have at most 200 characters.")
    days = options["key_expires_in"]
    if days is not None and not 0 < days <= keys.LONGEST_LIFE:
        raise CommandError(f"--key-expires-in must be 1 to {keys.LONGEST_LIFE} days.")
    connection, news = _connected(name) if name else (None, "A key of the account")
    key, secret = keys.issue(connection, name=options["key_name"] or "manage.py connect", scopes=scopes, days=days)
    whose = f" Its legacyConnectionId is {connection.store_id}." if connection else ""
    whose += f" The key expires on {key.expires_at:%Y-%m-%d}." if key.expires_at else ""
    command.stderr.write(f"{news}.{whose} This is the key {key.prefix}…, shown only now:")
    command.stdout.write(secret)


def _connected(name: str) -> tuple[Connection, str]:
    connection, is_new = connecting.connect(API.name, name=name, credentials=connecting.Credentials())
    return connection, f"Connected {name}" if is_new else f"A further key for {name}"
