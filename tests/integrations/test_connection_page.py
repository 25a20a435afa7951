"""What a connection's page shows beside its form."""

from datetime import UTC, datetime, timedelta
from typing import Any

from integrations import connection_page, history, inbox
from integrations.models import Connection, Delivery, HistoricalSync
from tests.integrations.contracts import CONTRACTS, deliver

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


def test_a_new_connection_has_nothing_to_show(keyless: Connection) -> None:
    shown = connection_page.context(keyless)
    assert (shown["sync"], shown["last_event"], shown["failed"], shown["payments"]) == (None, None, 0, 0)
    assert shown["has_history"]


def test_the_last_event_is_one_that_the_store_sent(keyless: Connection) -> None:
    deliver(keyless, CONTRACTS["stripe"].news("sub_1", "active", NOON))
    sent = Delivery.objects.get()
    sent.pk, sent.key, sent.event_type = None, "history:sub_2", "history"
    sent.received_at += timedelta(hours=1)
    sent.state = "failed"
    sent.save()
    shown = connection_page.context(keyless)
    assert (shown["last_event"].event_type, shown["failed"]) == ("customer.subscription.updated", 1)


def test_the_newest_sync_is_shown(keyless: Connection) -> None:
    HistoricalSync.objects.create(connection=keyless, state="finished", started_at=NOON)
    newest = history.start(keyless)
    assert connection_page.sync_context(keyless)["sync"] == newest


def test_the_page_costs_as_many_queries_for_many_events_as_for_one(
    keyless: Connection, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        deliver(keyless, CONTRACTS["stripe"].news(f"sub_{number}", "flux", NOON))
    inbox.process()
    with django_assert_max_num_queries(6):
        shown = connection_page.context(keyless)
    assert (shown["payments"], shown["unknown_statuses"], shown["figures"]["applied"]) == (30, {"flux": 30}, 30)


def test_the_kind_of_store_is_named_as_its_maker_does(keyless: Connection) -> None:
    assert connection_page.provider_label(keyless) == "Stripe"
