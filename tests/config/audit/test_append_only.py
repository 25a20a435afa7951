"""Nobody changes or deletes what the audit log holds: the database itself refuses."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from config.audit.log import record
from config.audit.models import Entry

STATEMENTS = [
    "UPDATE audit_entry SET actor = 'nobody'",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_entry WHERE id > 0",
]
ONLY = {
    "sqlite": [
        "REPLACE INTO audit_entry SELECT * FROM audit_entry",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
    ],
    "postgresql": [
        "TRUNCATE audit_entry",
        "TRUNCATE audit_entry CASCADE",
        "INSERT INTO audit_entry SELECT * FROM audit_entry ON CONFLICT (id) DO UPDATE SET actor = 'nobody'",
    ],
}


@pytest.fixture
def entry(db: None) -> Entry:
    return record("signed_out")


def refuses(act: object) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()  # type: ignore[operator]


def test_no_statement_changes_or_deletes_an_entry(entry: Entry) -> None:
    for statement in STATEMENTS + ONLY[connection.vendor]:
        with connection.cursor() as cursor:
            refuses(lambda statement=statement: cursor.execute(statement))
    assert Entry.objects.get().actor == ""


def test_no_model_changes_or_deletes_an_entry(entry: Entry) -> None:
    entry.actor = "nobody"
    for act in (entry.save, entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(actor="nobody")):
        refuses(act)
    refuses(lambda: Entry.objects.bulk_update([entry], ["actor"]))
    assert Entry.objects.get().actor == ""


def test_a_flush_of_the_database_leaves_the_log_alone(transactional_db: None) -> None:
    record("signed_out")
    call_command("flush", interactive=False, inhibit_post_migrate=True)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_starts_with_an_empty_log(transactional_db: None, time: str) -> None:
    assert not Entry.objects.exists()
    record("signed_out")
