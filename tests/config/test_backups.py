"""The README's own commands bring everything back, secrets too."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection as database

from config.encryption import EncryptedTextField
from contacts.models import Contact
from integrations.connecting import Credentials, connect
from integrations.models import Connection
from subscriptions.models import Change, RecurringPayment
from tests.integrations.api.conftest import connected
from tests.integrations.api.plugin import Plugin, row

README = Path(__file__).parents[2] / "README.md"
IS_POSTGRES = database.vendor == "postgresql"
Tables = dict[str, list[str]]


def commands() -> list[str]:
    """Return what the README says: backup and restore of this run's kind of database."""
    section = README.read_text().partition("## Back up and restore")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)[2 * IS_POSTGRES :][:2]


def run(command: str, **environment: str) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(["sh", "-ec", command], env={"PATH": path, **environment}, check=True, timeout=60)


def address(name: str) -> str:
    told = {part: quote(str(value), safe="") for part, value in database.settings_dict.items() if part.isupper()}
    port = f":{told['PORT']}" if told["PORT"] else ""
    return f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}{port}/{name}"


@pytest.fixture
def empty(transactional_db: None) -> Iterator[str]:
    """The name of an empty PostgreSQL database beside the one of the tests."""
    name = f"{database.settings_dict['NAME']}_restored"
    with psycopg.connect(address(database.settings_dict["NAME"]), autocommit=True) as line:
        line.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())
        line.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        yield name
        line.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def carried_over(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Any, Any]:
    """Back this database up, restore it elsewhere, and return a line to each."""
    backup, restore = commands()
    source, target, file = str(database.settings_dict["NAME"]), tmp_path / "new", str(tmp_path / "backup")
    if IS_POSTGRES:
        empty = address(request.getfixturevalue("empty"))
        run(backup, BACKUP=file, DATABASE_URL=address(source))
        run(restore, BACKUP=file, DATABASE_URL=empty)
        return psycopg.connect(address(source)), psycopg.connect(empty)
    target.mkdir()
    (tmp_path / "ritournelle.sqlite3").symlink_to(source)
    (target / "ritournelle.sqlite3-wal").write_bytes(b"the log of another database")
    run(backup, BACKUP=file, DATA_DIR=str(tmp_path))
    run(restore, BACKUP=file, DATA_DIR=str(target))
    return sqlite3.connect(source), sqlite3.connect(target / "ritournelle.sqlite3")


def content(line: Any) -> Tables:
    with database.cursor() as cursor:
        names = database.introspection.table_names(cursor)
    return {name: sorted(map(repr, line.execute(f'SELECT * FROM "{name}"').fetchall())) for name in names}


@pytest.mark.backup
@pytest.mark.django_db(transaction=True)
def test_what_was_backed_up_is_restored_to_the_last_row_and_its_secrets_can_be_read(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    plugin = Plugin(connected("Shop"))
    plugin.outcomes(*(row(str(n), email=f"ada{n}@example.com", name="Été 王小明") for n in range(50)))
    stripe, _ = connect("stripe", name="Stripe shop", credentials=Credentials(webhook_secret="whsec_secret"))
    assert (Contact.objects.count(), RecurringPayment.objects.count(), Change.objects.count()) == (50, 50, 50)
    before, after = carried_over(tmp_path, request)
    try:
        assert content(after) == content(before)
        table, column = Connection._meta.db_table, EncryptedTextField()
        query = f"SELECT webhook_secret FROM {table} WHERE id = {stripe.pk}"
        [kept] = after.execute(query).fetchone()
        assert ("whsec_secret" in kept, column.from_db_value(kept)) == (False, "whsec_secret")
    finally:
        before.close()
        after.close()
