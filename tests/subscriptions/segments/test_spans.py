"""What relative dates mean today."""

from typing import Any

import pytest
from django.utils import translation

from subscriptions.segments import reading
from subscriptions.segments.clock import Clock
from subscriptions.segments.spans import spans
from tests.subscriptions.reports import NOON
from tests.subscriptions.segments.conftest import field, paying


def said(tree: Any) -> dict[str, str]:
    """Say it as of noon of March 1, 2026."""
    return spans(reading.read(tree), Clock(now=NOON))


@pytest.mark.parametrize(
    ("operator", "n", "unit", "words"),
    [
        ("in_the_last", 7, "days", "Feb 22, 2026 – Mar 1, 2026 (UTC)"),
        ("in_the_next", 1, "months", "Mar 1, 2026 – Apr 1, 2026 (UTC)"),
        ("more_than_ago", 2, "weeks", "before Feb 15, 2026 (UTC)"),
        ("more_than_ahead", 30, "days", "after Mar 31, 2026 (UTC)"),
    ],
)
def test_a_relative_date_says_its_days_and_their_time_zone(operator: str, n: int, unit: str, words: str) -> None:
    tree = {"contact": "created_at", "op": operator, "value": {"n": n, "unit": unit}}
    if operator.endswith(("next", "ahead")):
        tree = {"recurring_payment": field("next_payment_date", operator, {"n": n, "unit": unit})}
    assert list(said(tree).values()) == [words]


def test_hours_say_their_time_of_day() -> None:
    told = said({"contact": "created_at", "op": "in_the_last", "value": {"n": 3, "unit": "hours"}})
    assert told[""].replace("\u202f", " ") == "3/1/26, 9:00 AM – 3/1/26, 12:00 PM (UTC)"


def test_each_is_named_by_its_path_as_errors_are() -> None:
    soon = field("renewal_date", "in_the_next", {"n": 3, "unit": "days"})
    assert set(said({"any": [{"not": paying(field("name", "is_empty"), soon)}, paying(soon)]})) == {
        "any[0].not.recurring_payment.all[1]",
        "any[1].recurring_payment.all[0]",
    }


def test_the_longest_span_is_said_too_and_in_french() -> None:
    tree = {"contact": "created_at", "op": "more_than_ago", "value": {"n": 1200, "unit": "months"}}
    with translation.override("fr"):
        assert said(tree)[""] == "avant le 1 mars 1926 (UTC)"
