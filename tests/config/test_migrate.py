"""Migrations while everything runs: webhooks are taken meanwhile, and several hosts that begin at once do it once."""

import threading
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from config.schema import lock
from config.schema.operations import AddIndexMeanwhile
from contacts.models import Contact
from reports.performance.triggers import TRIGGERS
from subscriptions.models import RecurringPayment
from tests.config.test_queues import NOON, post
from tests.integrations.contracts import CONTRACTS, made
from tests.integrations.house import WORKER, House
from tests.integrations.running import MANAGE, running, until

COLUMN = operations.AddField("Contact", "ahead", models.CharField(max_length=9, db_default="new"))
INDEX = AddIndexMeanwhile("Contact", models.Index(fields=["company"], name="contact_ahead"))


def apply(operation: Any, *, atomic: bool, backwards: bool = False) -> None:
    """Do, or undo, what a migration of the next release would."""
    migration = Migration("0999_ahead", "contacts")
    migration.operations, migration.atomic = [operation], atomic
    state = MigrationLoader(connection).project_state()
    with connection.schema_editor(atomic=atomic) as editor:
        (migration.unapply if backwards else migration.apply)(state, editor)


@pytest.mark.django_db(transaction=True)
def test_the_code_of_the_release_before_works_on_while_and_after_tables_change(tmp_path: Path) -> None:
    woo, news = made("woocommerce"), CONTRACTS["woocommerce"].news
    with ExitStack() as stack:
        house = House(stack, tmp_path)
        house.broker()
        house.web()
        house.start("worker", *WORKER)
        stop, sent = threading.Event(), []

        def go_on() -> None:
            while not stop.is_set():
                sent.append(f"sub_{len(sent)}")
                event = news(sent[-1], "active", NOON + timedelta(seconds=len(sent)), customer_id=len(sent))
                post(house, woo, event | {"billing": event["billing"] | {"email": f"p{len(sent)}@example.com"}})

        poster = threading.Thread(target=go_on)
        poster.start()
        try:
            until(RecurringPayment.objects.exists)
            apply(COLUMN, atomic=True)
            apply(INDEX, atomic=False)
            before = len(sent)
            until(lambda: len(sent) > before + 5)
        finally:
            stop.set()
            poster.join()
            apply(INDEX, atomic=False, backwards=True)
            apply(COLUMN, atomic=True, backwards=True)
        until(lambda: RecurringPayment.objects.count() == len(sent))
        assert Contact.objects.count() == len(sent)


@pytest.mark.django_db(transaction=True)
def test_several_hosts_that_migrate_at_once_do_it_one_after_the_other(tmp_path: Path) -> None:
    newest = ("pulse", "0001_pulse")
    MigrationRecorder(connection).record_unapplied(*newest)
    with connection.schema_editor() as editor:
        editor.execute("DROP TABLE pulse_beat")
    logs = [tmp_path / name for name in ("first", "second", "third")]
    with ExitStack() as stack:
        with lock.held(connection, waiting=lambda: None):
            hosts = [stack.enter_context(running(*MANAGE, "migrate", log=log, PYTHONUNBUFFERED="1")) for log in logs]
            until(lambda: all("Somebody else migrates" in log.read_text() for log in logs))
        assert [host.wait(120) for host in hosts] == [0, 0, 0]
    assert newest in MigrationRecorder(connection).applied_migrations()
    assert sum("Applying pulse.0001_pulse" in log.read_text() for log in logs) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite locks no tables")
def test_a_migration_gives_way_to_whoever_uses_a_table_and_tries_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    TRIGGERS.take_down()
    with ExitStack() as stack:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE automations_passage IN ACCESS EXCLUSIVE MODE")
            host = stack.enter_context(running(*MANAGE, "migrate", log=log, PYTHONUNBUFFERED="1"))
            until(lambda: "A table is in use; trying again." in log.read_text())
        assert host.wait(120) == 0
    assert TRIGGERS.missing() == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite locks no tables")
def test_where_nothing_is_to_be_migrated_nobody_who_uses_a_table_is_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with ExitStack() as stack, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE automations_passage, automations_message IN ACCESS EXCLUSIVE MODE")
        assert stack.enter_context(running(*MANAGE, "migrate", log=log)).wait(120) == 0
    assert "A table is in use" not in log.read_text()


@pytest.mark.django_db(transaction=True)
def test_an_index_that_was_broken_off_is_made_again() -> None:
    try:
        apply(INDEX, atomic=False)
        apply(INDEX, atomic=False) if connection.vendor == "postgresql" else None
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, "contacts_contact")
        assert found["contact_ahead"]["index"]
    finally:
        apply(INDEX, atomic=False, backwards=True)
