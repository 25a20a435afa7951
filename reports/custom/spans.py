"""Days that move with today: this quarter, the next 30 days; weeks begin on Monday."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.periods import months_on

type Days = tuple[date, date]


def _last(count: int) -> Callable[[date], Days]:
    return lambda today: (today - timedelta(days=count - 1), today)


def _next(count: int) -> Callable[[date], Days]:
    return lambda today: (today, today + timedelta(days=count - 1))


def _week(away: int) -> Callable[[date], Days]:
    def days(today: date) -> Days:
        monday = today + timedelta(days=7 * away - today.weekday())
        return monday, monday + timedelta(days=6)

    return days


def _months(count: int, away: int) -> Callable[[date], Days]:
    """Return what finds the `count` months with today among them, or those so many turns away."""

    def days(today: date) -> Days:
        current = date(today.year, (today.month - 1) // count * count + 1, 1)
        first = months_on(current, count * away)
        return first, months_on(first, count) - timedelta(days=1)

    return days


# name -> its words, and its first and last day as seen from today
SPANS: dict[str, tuple[Any, Callable[[date], Days]]] = {
    "today": (_("today"), _last(1)),
    "yesterday": (_("yesterday"), lambda today: (today - timedelta(days=1), today - timedelta(days=1))),
    "last_7_days": (_("the last 7 days"), _last(7)),
    "last_30_days": (_("the last 30 days"), _last(30)),
    "last_90_days": (_("the last 90 days"), _last(90)),
    "last_365_days": (_("the last 365 days"), _last(365)),
    "next_7_days": (_("the next 7 days"), _next(7)),
    "next_30_days": (_("the next 30 days"), _next(30)),
    "next_60_days": (_("the next 60 days"), _next(60)),
    "next_90_days": (_("the next 90 days"), _next(90)),
    "this_week": (_("this week"), _week(0)),
    "last_week": (_("last week"), _week(-1)),
    "next_week": (_("next week"), _week(1)),
    "this_month": (_("this month"), _months(1, 0)),
    "last_month": (_("last month"), _months(1, -1)),
    "next_month": (_("next month"), _months(1, 1)),
    "this_quarter": (_("this quarter"), _months(3, 0)),
    "last_quarter": (_("last quarter"), _months(3, -1)),
    "next_quarter": (_("next quarter"), _months(3, 1)),
    "this_year": (_("this year"), _months(12, 0)),
    "last_year": (_("last year"), _months(12, -1)),
    "next_year": (_("next year"), _months(12, 1)),
}


def days(span: str, today: date) -> Days:
    """Return the first and the last day of a span."""
    return SPANS[span][1](today)
