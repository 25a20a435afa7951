"""The e-mails of a period: their numbers, from the kept counts or, for some people only, counted now."""

from typing import Any

from django.db.models import QuerySet, Sum

from automations.models import Message
from reports.models import Cell
from reports.performance import counting
from reports.performance.scope import Scope
from reports.performance.tally import COUNTS, Tally
from reports.periods import Period

type Tallies = dict[tuple[Any, ...], Tally]


def tallies(scope: Scope, period: Period, *, by: tuple[str, ...] = ()) -> Tallies:
    """Count what was sent in a period and what became of it until now, by "campaign", "automation" or "day".

    Raise SegmentError where the segment cannot be asked any more.
    """
    if scope.is_of_some_people:
        return counting.count(messages(scope, period), by=by)
    return _kept(scope, period, by)


def total(scope: Scope, period: Period) -> Tally:
    """Count all of it together."""
    return tallies(scope, period).get((), Tally())


def messages(scope: Scope, period: Period) -> QuerySet[Message]:
    """Ask for the messages that these numbers are about."""
    start, end = period.bounds()
    rows = counting.sent().filter(sent_at__gte=start, sent_at__lt=end)
    if scope.automations is not None:
        rows = rows.filter(enrolment__automation__in=scope.automations)
    elif scope.automated:
        rows = rows.filter(enrolment__isnull=False)
    if scope.campaigns is not None:
        rows = rows.filter(campaign__in=scope.campaigns)
    return rows.filter(scope.of_people())


def _kept(scope: Scope, period: Period, by: tuple[str, ...]) -> Tallies:
    cells = Cell.objects.filter(day__gte=period.start, day__lt=period.end)
    if scope.automations is not None:
        cells = cells.filter(automation__in=scope.automations)
    elif scope.automated:
        cells = cells.filter(automation__gt=0)
    if scope.campaigns is not None:
        cells = cells.filter(campaign__in=scope.campaigns)
    sums = {f"all_{name}": Sum(name, default=0) for name in COUNTS}
    rows = cells.order_by().values(*by).annotate(**sums) if by else [cells.aggregate(**sums)]
    return {
        tuple(row[name] for name in by): Tally(**{name: int(row[f"all_{name}"]) for name in COUNTS}) for row in rows
    }
