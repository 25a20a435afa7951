"""A connection that is paused: nothing is lost, nothing is worked off, and afterwards all is as if it had not been."""

import json
import random
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from integrations import history, inbox, pausing, reconciling, tasks
from integrations.api import batches, keys
from integrations.models import Batch, Connection, Delivery, HistoricalSync
from subscriptions.models import RecurringPayment, Store
from tests.integrations.contracts import CONTRACTS, deliver, made
from tests.integrations.shops import ServedShop

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
WORDS = ("active", "paused", "canceled")


def told(connection: Connection) -> dict[str, str]:
    rows = RecurringPayment.objects.filter(store=connection.store)
    return dict(rows.values_list("store_recurring_payment_id", "status"))


class AnyPause(TestCase):
    """The law: where the pauses fall, and in which order things come, changes nothing in the end."""

    @given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(WORDS), st.booleans()), max_size=8), st.randoms())
    def test_the_end_is_the_same_wherever_the_pauses_fall(
        self, steps: list[tuple[int, str, bool]], chance: random.Random
    ) -> None:
        paused, never = made("stripe", "Paused"), made("stripe", "Never")
        events = [
            CONTRACTS["stripe"].news(f"sub_{who}", word, NOON + timedelta(minutes=minute))
            for minute, (who, word, _) in enumerate(steps)
        ]
        for event in events:
            deliver(never, event)
        order = list(zip(events, [is_paused for *_, is_paused in steps], strict=True))
        chance.shuffle(order)
        for event, is_paused in order:
            (pausing.pause if is_paused else pausing.resume)(paused)
            assert deliver(paused, event).status_code == 200
            inbox.process()
        pausing.resume(paused)
        inbox.process()
        assert told(paused) == told(never)
        assert not Delivery.objects.filter(state="waiting").exists()


def test_what_arrives_is_answered_kept_and_not_worked_off(keyless: Connection) -> None:
    assert (pausing.pause(keyless), pausing.pause(keyless)) == (True, False)
    assert deliver(keyless, CONTRACTS["stripe"].news("sub_1", "active", NOON)).status_code == 200
    tasks.sweep()
    assert (Delivery.objects.get().state, RecurringPayment.objects.count()) == ("waiting", 0)
    assert (pausing.resume(keyless), pausing.resume(keyless)) == (True, False)
    inbox.process()
    assert (Delivery.objects.get().state, RecurringPayment.objects.count()) == ("applied", 1)


def test_other_connections_go_on(keyless: Connection) -> None:
    pausing.pause(keyless)
    other = made("stripe", "Other")
    deliver(other, CONTRACTS["stripe"].news("sub_1", "active", NOON))
    assert inbox.process() == 1


def test_history_cannot_be_started_and_an_open_one_rests(keyless: Connection) -> None:
    sync = history.start(keyless)
    pausing.pause(keyless)
    assert history.abandoned() == []
    assert history.run(sync.pk).state == "waiting"
    with pytest.raises(history.Paused):
        history.start(keyless)
    pausing.resume(keyless)
    assert history.abandoned() == [sync.pk]


def test_a_history_rests_at_its_next_page_and_goes_on_afterwards(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from integrations.providers.stripe import pages

    monkeypatch.setattr(pages, "PAGE_SIZE", 10)
    sync = history.start(connection)

    def pause_after_the_first(_sync: HistoricalSync) -> None:
        pausing.pause(connection)

    rested = history.run(sync.pk, progress=pause_after_the_first)
    assert (rested.is_open, 0 < rested.done < 30) == (True, True)
    pausing.resume(connection)
    assert (history.run(sync.pk).state, RecurringPayment.objects.count()) == ("finished", 30)


def test_a_comparison_rests_and_finds_afterwards_what_was_missed(connection: Connection, shop: ServedShop) -> None:
    missed = shop.create_subscription()["id"]
    run = reconciling.ask(connection)
    pausing.pause(connection)
    assert (reconciling.run(run.pk).state, reconciling.due(), reconciling.abandoned()) == ("waiting", [], [])
    assert not RecurringPayment.objects.exists()
    pausing.resume(connection)
    assert reconciling.run(run.pk).state == "finished"
    inbox.process()
    assert missed in told(connection)


def test_the_api_reads_and_says_why_it_does_not_write(db: None) -> None:
    connection = Connection.objects.create(store=Store.objects.create(name="Own", provider="api"))
    _, secret = keys.issue(connection, name="k")
    pausing.pause(connection)
    client: Any = Client(headers={"Authorization": f"Bearer {secret}"})
    where = "/api/v1/recurring-payments"
    row = {"store_recurring_payment_id": "1", "status": "active", "email": "ada@example.com"}
    answer = client.post(f"{where}/bulk", json.dumps({"recurring_payments": [row]}), content_type="application/json")
    assert (answer.status_code, answer.json()["errors"]) == (409, [{"path": "connection", "reason": "is paused"}])
    assert "until somebody resumes it" in answer.json()["detail"]
    assert client.get(where).status_code == 200
    assert not RecurringPayment.objects.exists()


def test_a_batch_rests_and_is_ended_afterwards(db: None) -> None:
    connection = Connection.objects.create(store=Store.objects.create(name="Own", provider="api"))
    key, _ = keys.issue(connection, name="k")
    row = {"store_recurring_payment_id": "1", "status": "active", "email": "ada@example.com"}
    for within in (connection, None):  # its own, and one of the account that is for several stores
        batch = batches.accept(key, within, [(connection.store_id, True, row)])
        pausing.pause(connection)
        assert batches.run(batch.pk).state != "finished"
        pausing.resume(connection)
        Batch.objects.update(claimed_until=NOON)
        assert batches.run(batch.pk).state == "finished"
    assert RecurringPayment.objects.count() == 1


def test_commands_say_that_it_is_paused(keyless: Connection) -> None:
    Connection.objects.update(api_key="")
    deliver(keyless, CONTRACTS["stripe"].news("sub_1", "active", NOON))
    pausing.pause(keyless)
    said = StringIO()
    call_command("drain", stdout=said)
    assert "Shop is paused" in said.getvalue()
    assert "1 wait for a connection to be resumed." in said.getvalue()
    with pytest.raises(CommandError, match="paused; resume it"):
        call_command("sync", "Shop")
