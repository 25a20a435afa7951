"""Days put together for a chart: as days, weeks or months, so that there are never too many to see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from babel import dates

from reports.periods import Period, months_on
from subscriptions import display

_MOST_DAYS, _MOST_WEEKS = 62, 62 * 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """The first days of what is shown as one each, in order; `labels` say them in the reader's language."""

    starts: tuple[date, ...]
    labels: tuple[str, ...]

    def sums(self, counts: Mapping[date, int]) -> tuple[float, ...]:
        """Add up numbers of days; those of days outside are left out."""
        found = [0] * len(self.starts)
        for day, count in counts.items():
            place = sum(start <= day for start in self.starts) - 1
            if place >= 0:
                found[place] += count
        return tuple(map(float, found))


def of(period: Period, known: list[date], today: date) -> Buckets:
    """Divide a period as far as it is past; a long one from the first day on that something is known of."""
    start = period.start if period.days <= _MOST_DAYS else max(period.start, min(known, default=today))
    end = max(start + timedelta(days=1), min(period.end, today + timedelta(days=1)))
    days = (end - start).days
    if days <= _MOST_DAYS:
        starts = [start + timedelta(days=number) for number in range(days)]
        return Buckets(starts=tuple(starts), labels=tuple(_said(one, "MMMd") for one in starts))
    if days <= _MOST_WEEKS:
        starts = [start + timedelta(days=number) for number in range(0, days, 7)]
        return Buckets(starts=tuple(starts), labels=tuple(_said(one, "MMMd") for one in starts))
    starts = [start.replace(day=1)]
    while (following := months_on(starts[-1], 1)) < end:
        starts.append(following)
    return Buckets(starts=tuple(starts), labels=tuple(_said(one, "yMMM") for one in starts))


def _said(day: date, skeleton: str) -> str:
    return dates.format_skeleton(skeleton, day, locale=display.locale())
