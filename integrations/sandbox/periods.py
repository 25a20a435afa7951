"""Billing periods: intervals counted from an anchor, months by the calendar."""

from calendar import monthrange
from datetime import UTC, datetime

DAY = 86_400
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}

Interval = tuple[str, int]
Period = tuple[int, int]


def step(at: int, interval: Interval, times: int = 1) -> int:
    """Move a number of intervals on; the last day of a short month stands for a day it lacks."""
    unit, count = interval
    if unit in _DAYS:
        return at + times * count * _DAYS[unit] * DAY
    return _add_months(at, times * count * _MONTHS[unit])


def period_at(anchor: int, interval: Interval, moment: int) -> Period:
    """Find the period that a moment falls in."""
    unit, count = interval
    if unit in _DAYS:
        length = count * _DAYS[unit] * DAY
        start = anchor + (moment - anchor) // length * length
        return start, start + length
    turns = _months_between(anchor, moment) // (count * _MONTHS[unit])
    start = step(anchor, interval, turns)
    if start > moment:
        return step(anchor, interval, turns - 1), start
    return start, step(anchor, interval, turns + 1)


def _add_months(at: int, months: int) -> int:
    moment = datetime.fromtimestamp(at, UTC)
    years, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(years, month + 1)[1])
    return int(moment.replace(year=years, month=month + 1, day=day).timestamp())


def _months_between(first: int, last: int) -> int:
    one, other = datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)
    return (other.year - one.year) * 12 + other.month - one.month
