"""A store is disconnected: what is kept, what goes, and that a removal which was interrupted is ended."""

from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from contacts.models import Contact
from integrations import disconnecting, history, inbox, pausing, tasks
from integrations.api import batches, keys
from integrations.models import Batch, Connection, Delivery, HistoricalSync
from integrations.providers.stripe import pages
from subscriptions import removal
from subscriptions.models import Change, RecurringPayment, Store
from tests.integrations.contracts import CONTRACTS, deliver

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


def filled(connection: Connection, count: int = 3) -> Connection:
    """Let a store bring some payments."""
    for number in range(count):
        deliver(connection, CONTRACTS["stripe"].news(f"sub_{number}", "active", NOON))
    inbox.process()
    return connection


def left() -> tuple[int, ...]:
    """Count what is left of everything."""
    return tuple(model.objects.count() for model in (Connection, Delivery, RecurringPayment, Change, Store))


def test_what_is_kept_stays_and_the_events_go(keyless: Connection) -> None:
    disconnecting.begin(filled(keyless), payments=disconnecting.KEEP)
    assert disconnecting.run(keyless.pk)
    assert left() == (0, 0, 3, 3, 1)


def test_what_is_removed_is_gone_and_the_contacts_stay(keyless: Connection) -> None:
    filled(keyless)
    people = Contact.objects.count()
    disconnecting.begin(keyless, payments=disconnecting.REMOVE)
    assert disconnecting.run(keyless.pk)
    assert (left(), Contact.objects.count()) == ((0, 0, 0, 0, 0), people)


@pytest.mark.parametrize("payments", [disconnecting.KEEP, disconnecting.REMOVE])
def test_a_removal_that_died_in_the_middle_is_ended_by_the_sweep(
    keyless: Connection, monkeypatch: pytest.MonkeyPatch, payments: str
) -> None:
    monkeypatch.setattr(disconnecting, "PART", 2)
    monkeypatch.setattr(removal, "PART", 2)
    monkeypatch.setattr(tasks.run_removal, "apply_async", lambda arguments, **_: tasks.run_removal(*arguments))
    disconnecting.begin(filled(keyless, 5), payments=payments)
    assert not disconnecting.run(keyless.pk, seconds=0)
    assert (Connection.objects.count(), Delivery.objects.count()) == (1, 3)
    tasks.sweep()
    assert (Connection.objects.count(), Delivery.objects.count()) == (0, 0)
    assert RecurringPayment.objects.count() == (5 if payments == disconnecting.KEEP else 0)


def test_from_the_mark_on_nothing_is_heard_any_more(keyless: Connection) -> None:
    before = CONTRACTS["stripe"].news("sub_1", "active", NOON)
    assert deliver(keyless, before).status_code == 200
    old = Connection.objects.get()
    disconnecting.begin(keyless, payments=disconnecting.KEEP)
    assert deliver(old, before).status_code == 404
    assert (inbox.process(), pausing.resume(keyless)) == (0, False)


def test_what_is_still_in_hand_is_awaited(keyless: Connection) -> None:
    deliver(keyless, CONTRACTS["stripe"].news("sub_1", "active", NOON))
    held: Any = {"claim": "x", "claimed_until": timezone.now() + inbox.CLAIM}
    Delivery.objects.update(**held)
    disconnecting.begin(keyless, payments=disconnecting.REMOVE)
    assert not disconnecting.run(keyless.pk)
    Delivery.objects.update(claimed_until=timezone.now())
    assert disconnecting.run(keyless.pk)


def test_what_was_begun_first_holds(keyless: Connection) -> None:
    disconnecting.begin(filled(keyless), payments=disconnecting.KEEP)
    disconnecting.begin(keyless, payments=disconnecting.REMOVE)
    disconnecting.run(keyless.pk)
    assert RecurringPayment.objects.count() == 3


def test_a_history_that_is_being_read_stops_and_nothing_comes_back(connection: Connection) -> None:
    sync = history.start(connection)

    def leave_after_the_first(_sync: HistoricalSync) -> None:
        if disconnecting.begin(connection, payments=disconnecting.REMOVE):
            assert not disconnecting.run(connection.pk)  # the page in hand is written first

    with mock.patch.object(pages, "PAGE_SIZE", 10):
        assert history.run(sync.pk, progress=leave_after_the_first).state == "cancelled"
    assert RecurringPayment.objects.exists()
    assert disconnecting.run(connection.pk)
    assert left() == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("of_account", [False, True])
def test_a_batch_that_waits_ends_without_the_store_that_left(db: None, of_account: bool) -> None:
    connection = Connection.objects.create(store=Store.objects.create(name="Own", provider="api"))
    key, _ = keys.issue(None if of_account else connection, name="k")
    row = {"store_recurring_payment_id": "1", "status": "active", "email": "ada@example.com"}
    batch = batches.accept(key, None if of_account else connection, [(connection.store_id, True, row)])
    disconnecting.begin(connection, payments=disconnecting.REMOVE)
    assert batches.run(batch.pk).state != "finished"
    Batch.objects.update(claimed_until=timezone.now())
    assert disconnecting.run(connection.pk)
    assert [one.pk for one in Batch.objects.all()] == ([batch.pk] if of_account else [])
    if of_account:
        assert batches.run(batch.pk).state == "finished"
        [told] = batches.outcomes(batch, start=0, limit=1)
        assert told["errors"] == [{"path": "legacy_connection_id", "reason": "is no connection any more"}]
    assert left() == (0, 0, 0, 0, 0)
