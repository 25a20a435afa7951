"""Periods: spans of whole days, and the ones before them."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import periods
from reports.periods import CHOICES, Period

DAYS = st.dates(date(2001, 1, 1), date(2100, 1, 1))


@given(day=DAYS, choice=st.sampled_from(list(CHOICES)))
def test_every_choice_has_its_day_or_ends_before_it_and_follows_the_one_before(day: date, choice: str) -> None:
    period = CHOICES[choice][1](day)
    assert period.start < period.end
    assert (period.start <= day < period.end) == (choice not in {"last_month", "last_quarter", "last_year"})
    before = period.before()
    assert before.end == period.start
    assert before.calendar == period.calendar
    assert period.calendar or before.days == period.days


@pytest.mark.parametrize(
    ("choice", "start", "last"),
    [
        ("last_7", "2026-11-21", "2026-11-27"),
        ("this_month", "2026-11-01", "2026-11-30"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("this_quarter", "2026-10-01", "2026-12-31"),
        ("last_quarter", "2026-07-01", "2026-09-30"),
        ("last_12_months", "2025-12-01", "2026-11-30"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_choices_are_what_they_are_called(choice: str, start: str, last: str) -> None:
    period = CHOICES[choice][1](date(2026, 11, 27))
    assert (period.start.isoformat(), period.last.isoformat()) == (start, last)


def test_chosen_days_are_both_in_it() -> None:
    asked = periods.asked({"period": "custom", "from": "2026-01-31", "to": "2026-02-01"})
    assert asked.period == Period(start=date(2026, 1, 31), end=date(2026, 2, 2))
    assert asked.period.months() == [date(2026, 1, 1), date(2026, 2, 1)]


@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("", ""),
        ("2026-02-01", "2026-01-31"),
        ("x", "2026-01-01"),
        ("2026-02-31", "2026-03-01"),
        ("0001-01-01", "9999-12-31"),
    ],
)
def test_days_that_make_no_period_are_said_to_be_wrong(start: str, last: str) -> None:
    asked = periods.asked({"period": "custom", "from": start, "to": last})
    assert asked.problem
    assert asked.period == CHOICES[periods.DEFAULT][1](periods.today())


def test_a_day_begins_in_the_zone_of_the_account(settings: object) -> None:
    settings.TIME_ZONE = "Europe/Paris"  # type: ignore[attr-defined]
    begin, end = (moment.astimezone(UTC) for moment in Period(start=date(2026, 3, 29), end=date(2026, 3, 30)).bounds())
    assert end - begin == timedelta(hours=23)
