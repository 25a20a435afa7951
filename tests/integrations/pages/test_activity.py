"""The last thirty days: counted in the account's time zone, and drawn so that everything is seen."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.conf import LazySettings
from django.utils import timezone

from integrations.models import Connection, Delivery
from integrations.pages import activity


def arrived(connection: Connection, when: datetime, state: str = "applied", count: int = 1) -> None:
    """Keep some events of a moment."""
    start = Delivery.objects.count()
    rows: dict[str, Any] = {"event_type": "x", "occurred_at": when, "received_at": when, "state": state, "body": "{}"}
    rows |= {"due_at": when, "claimed_until": when, "connection": connection}
    Delivery.objects.bulk_create(Delivery(key=f"k{start + number}", **rows) for number in range(count))


def test_without_events_there_is_an_empty_chart(keyless: Connection) -> None:
    shown = activity.chart(keyless)
    assert (shown.is_empty, len(shown.days), shown.today.received) == (True, 30, 0)


def test_one_query_counts_by_day_and_outcome(keyless: Connection, django_assert_num_queries: Any) -> None:
    arrived(keyless, timezone.now(), "applied", 2)
    arrived(keyless, timezone.now(), "failed")
    arrived(keyless, timezone.now() - timedelta(days=29), "ignored")
    arrived(keyless, timezone.now() - timedelta(days=30), "ignored")
    with django_assert_num_queries(1):
        shown = activity.chart(keyless)
    assert (shown.today.applied, shown.today.failed, shown.days[0].ignored) == (2, 1, 1)
    assert sum(day.received for day in shown.days) == 4


def test_days_are_days_of_the_accounts_time_zone(keyless: Connection, settings: LazySettings) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    now = datetime(2026, 6, 10, 13, tzinfo=UTC)  # the 11th already, in Auckland
    with mock.patch.object(timezone, "now", return_value=now):
        arrived(keyless, now - timedelta(hours=2))  # still the 10th there
        shown = activity.chart(keyless)
    assert [(day.date.day, day.received) for day in shown.days[-2:]] == [(10, 1), (11, 0)]


def test_one_event_beside_a_spike_is_seen_and_nothing_is_higher_than_the_chart(keyless: Connection) -> None:
    arrived(keyless, timezone.now(), "applied", 400)
    arrived(keyless, timezone.now(), "failed")
    arrived(keyless, timezone.now() - timedelta(days=1), "failed")
    shown = activity.chart(keyless)
    assert shown.top == 500
    assert min(part.height for day in shown.days for part in day.segments) >= 2
    assert min(part.y for day in shown.days for part in day.segments) >= 0


@pytest.mark.parametrize(("most", "top"), [(0, 1), (1, 1), (3, 5), (7, 10), (10, 10), (11, 20), (1001, 2000)])
def test_the_scale_ends_at_a_round_number(keyless: Connection, most: int, top: int) -> None:
    assert activity._nice(most) == top
