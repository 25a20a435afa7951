"""When a schedule is due: an hour of a day in the account's time zone."""

import calendar
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from reports.models import Schedule

type Fits = Callable[[Schedule, date], bool]


def _on_day_of_month(schedule: Schedule, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day == min(schedule.day, last)


_FITS: dict[str, Fits] = {
    Schedule.Rhythm.DAILY: lambda _schedule, _day: True,
    Schedule.Rhythm.WEEKLY: lambda schedule, day: day.isoweekday() == schedule.day,
    Schedule.Rhythm.MONTHLY: _on_day_of_month,
}


def following(schedule: Schedule, moment: datetime) -> datetime:
    """Return the first time after a moment at which it is due."""
    zone = timezone.get_default_timezone()
    fits = _FITS[schedule.rhythm]
    return next(
        at
        for day in _days(moment.astimezone(zone).date())
        if fits(schedule, day) and (at := _at(day, schedule.hour, zone)) > moment
    )


def _days(first: date) -> Iterator[date]:
    while True:
        yield first
        first += timedelta(days=1)


def _at(day: date, hour: int, zone: "ZoneInfo | object") -> datetime:
    """Return the moment of an hour; one that a clock skips is an hour later, one that comes twice is the first."""
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type]
