"""When a subscription renews, is next charged and ends; both shapes tell the same."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.providers.stripe.schedule import schedule
from tests.integrations.stripe.documents import ABSENT, BEFORE, SHAPES, SINCE, Document, told

RENEWS = datetime(2026, 12, 15, 8, 30, tzinfo=UTC)
TRIAL_END = RENEWS - timedelta(days=3)
RETRY = RENEWS + timedelta(days=2)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def scheduled(changes: Mapping[str, Any] | None = None, *, shape: str = SINCE) -> dict[str, Any]:
    subscription = told(changes, shape=shape)
    return schedule(subscription, subscription["items"]["data"])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("changes", "next_payment"),
    [
        ({}, RENEWS),
        ({"status": "unpaid"}, RENEWS),
        ({"status": "incomplete"}, RENEWS),
        ({"cancel_at_period_end": True}, None),
        ({"cancel_at": seconds(RENEWS)}, None),
        ({"cancel_at": seconds(RENEWS) - 1}, None),
        ({"cancel_at": seconds(RENEWS) + 1}, RENEWS),
        ({"status": "canceled"}, None),
        ({"status": "incomplete_expired"}, None),
        ({"status": "paused"}, None),
        ({"pause_collection": {"behavior": "void", "resumes_at": None}}, None),
        ({"status": "trialing", "trial_end": seconds(TRIAL_END)}, TRIAL_END),
        ({"status": "trialing", "trial_end": seconds(TRIAL_END), "cancel_at_period_end": True}, None),
        ({"status": "past_due", "latest_invoice.next_payment_attempt": seconds(RETRY)}, RETRY),
        ({"status": "past_due", "latest_invoice.next_payment_attempt": None}, None),
        ({"status": "past_due", "latest_invoice": None}, None),
    ],
)
def test_the_next_payment_follows_from_the_situation(
    shape: str, changes: Mapping[str, Any], next_payment: datetime | None
) -> None:
    found = scheduled(changes, shape=shape)
    assert found["next_payment_date"] == next_payment
    assert found["renewal_date"] == RENEWS


def test_while_late_the_next_payment_hangs_on_the_invoice_and_is_left_alone_where_that_is_only_named() -> None:
    assert "next_payment_date" not in scheduled({"status": "past_due", "latest_invoice": "in_1"})


@pytest.mark.parametrize(
    ("changes", "is_ending"),
    [
        ({}, False),
        ({"cancel_at_period_end": True}, True),
        ({"cancel_at": seconds(RENEWS) + 86400}, True),
        ({"status": "canceled", "canceled_at": seconds(RENEWS)}, False),
    ],
)
def test_a_subscription_that_was_cancelled_ahead_is_flagged(changes: Mapping[str, Any], is_ending: bool) -> None:
    assert scheduled(changes)["cancel_at_period_end"] is is_ending


def test_of_items_with_different_periods_the_earliest_end_counts() -> None:
    items = [told()["items"]["data"][0] | {"current_period_end": seconds(RENEWS) + days * 86400} for days in (5, -9, 2)]
    assert scheduled({"items.data": items})["renewal_date"] == RENEWS - timedelta(days=9)


def test_an_item_without_a_period_leaves_the_others_to_tell() -> None:
    items = [told()["items"]["data"][0], _without_period(told()["items"]["data"][0])]
    assert scheduled({"items.data": items})["renewal_date"] == RENEWS


def test_without_any_period_nothing_renews() -> None:
    found = scheduled({"items.data.0.current_period_end": ABSENT})
    assert (found["renewal_date"], found["next_payment_date"]) == (None, None)
    assert scheduled({"current_period_end": None}, shape=BEFORE)["renewal_date"] is None


def test_dates_are_read_from_their_own_places() -> None:
    found = scheduled({"start_date": 1, "billing_cycle_anchor": 2, "canceled_at": 3})
    assert [found[name].timestamp() for name in ("start_date", "anchor_date", "cancelled_date")] == [1, 2, 3]


def _without_period(item: Document) -> Document:
    return {name: value for name, value in item.items() if not name.startswith("current_period")}
