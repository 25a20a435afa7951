"""What a connection received day by day, and the chart of it, drawn here so that a page needs no script."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from integrations.models import Connection, Delivery

DAYS = 30
# A day's place and its bar, and the height of the whole, in the drawing's own units.
_STEP, _BAR, HEIGHT = 24, 16, 100
# Even one event beside a spike is seen.
_LEAST = 2.0
_STACK = ("applied", "ignored", "failed", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One outcome's part of a day's bar."""

    outcome: str
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the account's time zone; `x` is its place in the drawing."""

    date: date
    applied: int = 0
    ignored: int = 0
    failed: int = 0
    waiting: int = 0
    x: int = 0
    segments: tuple[Segment, ...] = ()

    @property
    def received(self) -> int:
        """All that came on that day."""
        return self.applied + self.ignored + self.failed + self.waiting

    @property
    def words(self) -> str:
        """The day in a sentence."""
        figures = {name: number_format(getattr(self, name), force_grouping=True) for name in _STACK}
        told = {"day": date_format(self.date, "DATE_FORMAT"), **figures}
        if self.waiting:
            return _("%(day)s: %(applied)s applied, %(ignored)s ignored, %(failed)s failed, %(waiting)s waiting") % told
        return _("%(day)s: %(applied)s applied, %(ignored)s ignored, %(failed)s failed") % told


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Thirty days, oldest first, and the number at the top of the scale."""

    days: list[Day]
    top: int

    @property
    def today(self) -> Day:
        """The last day."""
        return self.days[-1]

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """The outcomes that the chart shows, each with its word; waiting only where something waits."""
        waits = any(day.waiting for day in self.days)
        return [(one.value, str(one.label)) for one in map(Delivery.State, _STACK) if one.value != "waiting" or waits]

    @property
    def is_empty(self) -> bool:
        """Whether nothing came in all that time."""
        return not any(day.received for day in self.days)

    width = DAYS * _STEP
    height = HEIGHT
    bar = _BAR
    step = _STEP


def chart(connection: Connection) -> Chart:
    """Count and draw the last thirty days; one query."""
    counts = _counts(connection)
    top = _nice(max((sum(one.values()) for one in counts.values()), default=0))
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    dates = [first + timedelta(days=number) for number in range(DAYS)]
    return Chart(days=[_day(one, place, counts.get(one, {}), top) for place, one in enumerate(dates)], top=top)


def begins(day: date) -> datetime:
    """Return the moment at which a day begins in the account's time zone."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _counts(connection: Connection) -> dict[date, dict[str, int]]:
    since = begins(timezone.localdate() - timedelta(days=DAYS - 1))
    rows = Delivery.objects.filter(connection=connection, received_at__gte=since)
    found: dict[date, dict[str, int]] = {}
    for row in rows.values("state", day=TruncDate("received_at")).annotate(count=Count("pk")).order_by():
        found.setdefault(row["day"], {})[row["state"]] = row["count"]
    return found


def _day(day: date, place: int, counts: dict[str, int], top: int) -> Day:
    return Day(date=day, x=place * _STEP, segments=tuple(_segments(counts, top)), **counts)


def _segments(counts: dict[str, int], top: int) -> list[Segment]:
    """Stack the outcomes from the bottom; what the least height adds is taken from the tallest part."""
    heights = {name: max(counts[name] / top * HEIGHT, _LEAST) for name in _STACK if counts.get(name)}
    if (over := sum(heights.values()) - HEIGHT) > 0:
        heights[max(heights, key=lambda name: heights[name])] -= over
    drawn, y = [], float(HEIGHT)
    for name, height in heights.items():
        y -= height
        drawn.append(Segment(outcome=name, y=round(y, 2), height=round(height, 2)))
    return drawn


def _nice(most: int) -> int:
    """Return a round number that is not below: 1, 2, 5, 10, 20, 50, ..."""
    power = 1
    while power * 10 < most:
        power *= 10
    return next(step * power for step in (1, 2, 5, 10) if step * power >= most)
