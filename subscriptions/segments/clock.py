"""When a day begins, and when it was or will be so many days or months from now, in the account's time zone."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils import timezone

from subscriptions.segments.values import Span

_STEPS = {"hours": timedelta(hours=1), "days": timedelta(days=1), "weeks": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The moment for which a segment is asked, and the time zone whose days count."""

    now: datetime = field(default_factory=timezone.now)
    zone: tzinfo = field(default_factory=timezone.get_default_timezone)

    def begins(self, day: date, *, is_month: bool = False) -> datetime:
        """Return when a day begins; the days of a month that a store named are the store's, which are kept in UTC."""
        return datetime.combine(day, time.min, tzinfo=UTC if is_month else self.zone).astimezone(UTC)

    def ends(self, day: date, *, is_month: bool = False) -> datetime:
        """Return when the day after begins."""
        return self.begins(day + timedelta(days=1), is_month=is_month)

    def away(self, span: Span, sign: int) -> datetime:
        """Return the moment a span before (-1) or after (1) now.

        Hours are hours; days, weeks and months keep the time of day of the account's clock, and a month that is too
        short ends with its last day. What would lie beyond the calendar is its end.
        """
        try:
            return self._away(span, sign)
        except (OverflowError, ValueError):
            return datetime.max.replace(tzinfo=UTC) if sign > 0 else datetime.min.replace(tzinfo=UTC)

    def _away(self, span: Span, sign: int) -> datetime:
        if span.unit == "hours":
            return self.now.astimezone(UTC) + sign * span.n * _STEPS[span.unit]
        local = self.now.astimezone(self.zone)
        if span.unit == "months":
            return _months(local, sign * span.n).astimezone(UTC)
        return (local + sign * span.n * _STEPS[span.unit]).astimezone(UTC)


def _months(moment: datetime, count: int) -> datetime:
    years, month = divmod(moment.month - 1 + count, 12)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
