"""Secrets at rest: the database holds none of them in plain text, and keys can be rotated."""

import sqlite3
import subprocess
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection as database

from integrations.models import Connection
from tests.config.test_backups import address
from tests.integrations.contracts import made

CANARIES = {"api_key": "rk_live_CANARY", "webhook_secret": "whsec_CANARY", "old_webhook_secret": "whsec_old_CANARY"}


@pytest.fixture
def guarded(transactional_db: None) -> Connection:
    """A connection whose secrets are to be looked for."""
    connection = made("stripe")
    vars(connection).update(CANARIES)
    connection.save()
    return connection


def secrets(connection: Connection) -> dict[str, str]:
    fresh = Connection.objects.get(pk=connection.pk)
    return {name: getattr(fresh, name) for name in CANARIES}


def dumped() -> bytes:
    """Return all that the database holds: its files as they lie on the disk, or what a backup of it has."""
    if database.vendor == "sqlite":
        name = Path(database.settings_dict["NAME"])
        sqlite3.connect(name).execute("PRAGMA wal_checkpoint(FULL)")
        return b"".join(path.read_bytes() for path in name.parent.glob(f"{name.name}*"))
    command = ["pg_dump", address(database.settings_dict["NAME"])]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def columns() -> list[str]:
    with database.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(CANARIES)} FROM {Connection._meta.db_table}")
        return list(cursor.fetchone())


def test_what_is_written_is_read_back(guarded: Connection) -> None:
    assert secrets(guarded) == CANARIES


@pytest.mark.backup
def test_the_database_holds_no_secret_in_plain_text(guarded: Connection) -> None:
    content = dumped()
    assert guarded.token.encode() in content
    assert b"CANARY" not in content


def test_the_same_secret_is_written_differently_each_time(guarded: Connection) -> None:
    before = columns()
    guarded.save()
    assert all(one != other for one, other in zip(before, columns(), strict=True))


def test_an_empty_secret_stays_empty(guarded: Connection) -> None:
    Connection.objects.update(api_key="")
    assert (columns()[0], secrets(guarded)["api_key"]) == ("", "")


def test_a_new_key_in_front_reads_and_writes_and_the_old_one_can_go_after_rotation(
    guarded: Connection, settings: LazySettings
) -> None:
    old, new = settings.ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, old]
    assert secrets(guarded) == CANARIES
    call_command("rotate_secrets", verbosity=0)
    settings.ENCRYPTION_KEYS = [new]
    assert secrets(guarded) == CANARIES
    settings.ENCRYPTION_KEYS = [old]
    with pytest.raises(ImproperlyConfigured):
        secrets(guarded)


def test_a_key_that_is_missing_is_said_in_words_without_the_secret(guarded: Connection, settings: LazySettings) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ImproperlyConfigured, match="none of ENCRYPTION_KEYS") as error:
        secrets(guarded)
    assert error.value.__cause__ is None
    assert "CANARY" not in str(error.value)
