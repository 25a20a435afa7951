"""Periods: spans of days in the account's time zone, each with the one before it to compare with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from babel import dates
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# Nothing that is reported began earlier.
_BEGINNING = date(2000, 1, 1)
DEFAULT = "last_30"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `start` on, `end` not among them; `calendar` is how many whole months it is, 0 where it is none."""

    start: date
    end: date
    calendar: int = 0

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.end - timedelta(days=1)

    def bounds(self) -> tuple[datetime, datetime]:
        """Return the moment in which it begins, and that in which it has ended."""
        return begin(self.start), begin(self.end)

    def before(self) -> "Period":
        """Return the period before, of as many months or else days."""
        if self.calendar:
            return Period(start=months_on(self.start, -self.calendar), end=self.start, calendar=self.calendar)
        return Period(start=self.start - timedelta(days=self.days), end=self.start)

    def months(self) -> list[date]:
        """List the first days of the months that it touches, in order."""
        found = [self.start.replace(day=1)]
        while (following := months_on(found[-1], 1)) < self.end:
            found.append(following)
        return found

    def words(self) -> str:
        """Say its first and last day."""
        language = get_language() or "en"
        if self.days == 1:
            return dates.format_date(self.start, "medium", locale=language)
        return dates.format_interval(self.start, self.last, "yMMMd", locale=language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The period that somebody chose; `choice` is its name, and `problem` says why a chosen one is not it."""

    period: Period
    choice: str
    problem: Any = ""

    @property
    def options(self) -> list[tuple[str, Any]]:
        """List the names and words of all that can be chosen."""
        return [(name, words) for name, (words, _make) in CHOICES.items()] + [("custom", _("Chosen days"))]


def single(day: date) -> Period:
    """Return the period that is one day."""
    return Period(start=day, end=day + timedelta(days=1))


def today() -> date:
    """Return the day that it is for the account."""
    return timezone.localtime(timezone=timezone.get_default_timezone()).date()


def begin(day: date) -> datetime:
    """Return the moment in which a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def day_of(moment: datetime) -> date:
    """Return the account's day in which a moment lies."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def months_on(day: date, count: int) -> date:
    """Return the first day of the month that many months after that of a day."""
    years, month = divmod(day.month - 1 + count, 12)
    return date(day.year + years, month + 1, 1)


def _last_days(count: int) -> Callable[[date], Period]:
    return lambda now: Period(start=now - timedelta(days=count - 1), end=now + timedelta(days=1))


def _calendar(count: int, ago: int = 0) -> Callable[[date], Period]:
    """Return what makes the `count` months with today among them, or those so many turns ago."""

    def make(now: date) -> Period:
        current = date(now.year, (now.month - 1) // count * count + 1, 1)
        start = months_on(current, -count * ago)
        return Period(start=start, end=months_on(start, count), calendar=count)

    return make


def _last_months(count: int) -> Callable[[date], Period]:
    def make(now: date) -> Period:
        following = months_on(now, 1)
        return Period(start=months_on(following, -count), end=following, calendar=count)

    return make


# name -> words, and the period that it is on a day
CHOICES: dict[str, tuple[Any, Callable[[date], Period]]] = {
    "last_7": (_("Last 7 days"), _last_days(7)),
    "last_30": (_("Last 30 days"), _last_days(30)),
    "last_90": (_("Last 90 days"), _last_days(90)),
    "this_month": (_("This month"), _calendar(1)),
    "last_month": (_("Last month"), _calendar(1, 1)),
    "this_quarter": (_("This quarter"), _calendar(3)),
    "last_quarter": (_("Last quarter"), _calendar(3, 1)),
    "last_12_months": (_("Last 12 months"), _last_months(12)),
    "this_year": (_("This year"), _calendar(12)),
    "last_year": (_("Last year"), _calendar(12, 1)),
    "all": (_("All the time"), lambda now: Period(start=_BEGINNING, end=now + timedelta(days=1))),
}


def asked(values: Mapping[str, str], *, default: str = DEFAULT) -> Asked:
    """Read `period` and, where it is "custom", the days `from` and `to`, both of them in it."""
    choice = values.get("period") or default
    if choice == "custom":
        return _custom(values, default)
    if choice not in CHOICES:
        choice = default
    return Asked(period=CHOICES[choice][1](today()), choice=choice)


def _custom(values: Mapping[str, str], default: str) -> Asked:
    start, last = _day(values.get("from", "")), _day(values.get("to", ""))
    if start and last and start <= last:
        return Asked(period=Period(start=start, end=last + timedelta(days=1)), choice="custom")
    made = CHOICES[default][1](today())
    return Asked(period=made, choice="custom", problem=_("Choose a first day and a last day that is not before it."))


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1900 <= day.year < 9000 else None
