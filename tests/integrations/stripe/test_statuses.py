"""Stripe's status words: the table of the reference, circumstances, and a connection's own rows."""

from typing import Any

import pytest

from integrations.providers.stripe.statuses import TABLE, normalised, row
from subscriptions.catalogue import Status

PAUSED = {"behavior": "void", "resumes_at": None}


def reason(word: str) -> dict[str, Any]:
    return {"paused": {"subscription": {"type": word}, "transitioned_at": 1793474818, "type": "subscription"}}


# what the reference says, row by row
REFERENCE: list[tuple[dict[str, Any], str]] = [
    ({"status": "incomplete"}, "pending"),
    ({"status": "incomplete_expired"}, "expired"),
    ({"status": "trialing"}, "active"),
    ({"status": "active"}, "active"),
    ({"status": "past_due"}, "payment_failed"),
    ({"status": "unpaid"}, "payment_failed"),
    ({"status": "paused"}, "paused"),
    ({"status": "paused", "status_details": None}, "paused"),
    ({"status": "paused", "status_details": reason("pause_requested")}, "paused"),
    ({"status": "paused", "status_details": reason("trial_end_without_payment_method")}, "paused"),
    ({"status": "paused", "status_details": reason("first_payment_failure")}, "payment_failed"),
    ({"status": "paused", "status_details": reason("final_payment_failure")}, "payment_failed"),
    ({"status": "canceled"}, "cancelled"),
    ({"status": "active", "pause_collection": PAUSED}, "paused"),
    ({"status": "trialing", "pause_collection": PAUSED}, "paused"),
    ({"status": "past_due", "pause_collection": PAUSED}, "paused"),
    ({"status": "unpaid", "pause_collection": PAUSED}, "paused"),
    ({"status": "canceled", "pause_collection": PAUSED}, "cancelled"),
    ({"status": "incomplete", "pause_collection": PAUSED}, "pending"),
    ({"status": "active", "pause_collection": None}, "active"),
]


@pytest.mark.parametrize(("subscription", "status"), REFERENCE)
def test_each_word_means_what_the_reference_says(subscription: dict[str, Any], status: str) -> None:
    assert normalised(subscription, {}) == status


def test_every_row_of_the_table_is_tried() -> None:
    assert {row(subscription) for subscription, _ in REFERENCE} == TABLE.keys()


@pytest.mark.parametrize("word", ["flux", "", "ACTIVE", "live:no_such_row"])
def test_a_word_that_nobody_knows_means_nothing(word: str) -> None:
    assert normalised({"status": word}, {}) is None


@pytest.mark.parametrize(("subscription", "usual"), REFERENCE)
@pytest.mark.parametrize("status", Status.values)
def test_a_connection_can_override_any_row(subscription: dict[str, Any], usual: str, status: str) -> None:
    assert normalised(subscription, {row(subscription): status}) == status
    assert normalised(subscription, {"flux": status}) == usual


def test_a_connection_can_say_what_an_unknown_word_means() -> None:
    assert normalised({"status": "flux"}, {"flux": "paused"}) == "paused"
