"""The people in automations: who entered, finished, is inside, passed which step and reached a goal.

Numbers of a period are kept by days, or counted now where they are of some people only; who is inside is asked now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from automations.models import AutomationVersion, Enrolment, Passage
from automations.models.enrolments import EnrolmentQuerySet
from reports.models import WayCell
from reports.performance.scope import Scope
from reports.periods import Period

State = Enrolment.State
REACHED = "reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayTally:
    """How many ways were begun, finished and over before their end, steps passed, goals reached, and steps at which a
    way was over before its end.
    """

    entered: int = 0
    finished: int = 0
    ended: int = 0
    passed: int = 0
    reached: int = 0
    left: int = 0


NAMES: tuple[str, ...] = tuple(one.name for one in fields(WayTally))


def entered(scope: Scope, period: Period | None) -> QuerySet[Enrolment]:
    """Ask for the ways that began in a period."""
    return _ways(scope).filter(_within("entered_at", period))


def finished(scope: Scope, period: Period | None) -> QuerySet[Enrolment]:
    """Ask for the ways that came to their end in a period."""
    return _ways(scope).filter(_within("ended_at", period), state=State.FINISHED)


def ended(scope: Scope, period: Period | None, step: str | None = None) -> QuerySet[Enrolment]:
    """Ask for the ways that were over before their end in a period, of those at one step if it is named."""
    rows = _ways(scope).filter(_within("ended_at", period), state=State.ENDED, ended_at__isnull=False)
    return rows if step is None else rows.filter(step=step)


def inside(scope: Scope, step: str | None = None) -> QuerySet[Enrolment]:
    """Ask for the ways that are under way now, of those at one step if it is named."""
    rows = _ways(scope).inside()
    return rows if step is None else rows.filter(step=step)


def passed(scope: Scope, period: Period | None, step: str | None = None) -> QuerySet[Passage]:
    """Ask for the steps that people left behind in a period, or for one of them."""
    rows = Passage.objects.filter(_within("left_at", period), scope.of_people("enrolment__contact"))
    if scope.automations is not None:
        versions = AutomationVersion.objects.filter(automation__in=scope.automations)
        rows = rows.filter(version__in=list(versions.values_list("pk", flat=True)))
    return rows if step is None else rows.filter(step=step)


def goals(scope: Scope, period: Period | None, step: str | None = None) -> QuerySet[Passage]:
    """Ask for the goals that people reached in a period, or for one of them."""
    return passed(scope, period, step).filter(outcome=REACHED)


def by(rows: QuerySet[Any], key: str) -> dict[Any, int]:
    """Count rows by one of their columns."""
    return dict(rows.order_by().values_list(key).annotate(n=Count("*")))


def tallies(scope: Scope, period: Period, *, key: str) -> dict[Any, WayTally]:
    """Count what people did in a period by "automation", "step" or "day", each day for all automations together.

    Raise SegmentError where the segment cannot be asked any more.
    """
    if scope.is_of_some_people:
        return _summed(_counted(scope, period), _KEYS.index(key))
    cells = WayCell.objects.filter(day__gte=period.start, day__lt=period.end)
    if scope.automations is not None:
        cells = cells.filter(automation__in=scope.automations)
    sums = {f"all_{name}": Sum(name) for name in NAMES}
    rows = cells.order_by().values(key).annotate(**sums)
    return {row[key]: WayTally(**{name: int(row[f"all_{name}"]) for name in NAMES}) for row in rows}


def count_again(automation: int, period: Period | None) -> None:
    """Count what people did in an automation anew, of a period or of all days, and keep that instead of the old."""
    cells = WayCell.objects.filter(automation=automation)
    if period:
        cells = cells.filter(day__gte=period.start, day__lt=period.end)
    cells.delete()
    found: dict[tuple[int, str, date], dict[str, int]] = {}
    for key, name, count in _counted(Scope(automations=frozenset([automation])), period):
        found.setdefault(key, {})[name] = count
    rows = (WayCell(automation=key[0], step=key[1], day=key[2], **counts) for key, counts in found.items())
    WayCell.objects.bulk_create(rows, batch_size=1_000)


_KEYS = ("automation", "step", "day")


def _counted(scope: Scope, period: Period | None) -> Iterator[tuple[tuple[int, str, date], str, int]]:
    """Count each thing by automation, step (empty for what is of the whole) and day, now."""
    own, whole, zone = F("automation_id"), Value(""), timezone.get_default_timezone()
    left = ended(scope, period)
    past = passed(scope, period)
    of_version = F("version__automation_id")
    for name, rows, automation, step, moment in (
        ("entered", entered(scope, period), own, whole, "entered_at"),
        ("finished", finished(scope, period), own, whole, "ended_at"),
        ("ended", left, own, whole, "ended_at"),
        ("left", left, own, F("step"), "ended_at"),
        ("passed", past, of_version, F("step"), "left_at"),
        ("reached", past.filter(outcome=REACHED), of_version, F("step"), "left_at"),
    ):
        keys = {"of": automation, "at": step, "on": TruncDate(moment, tzinfo=zone)}
        for *key, count in rows.order_by().annotate(**keys).values_list(*keys).annotate(n=Count("*")):
            yield (key[0], key[1], key[2]), name, count


def _summed(counted: Iterator[tuple[tuple[int, str, date], str, int]], place: int) -> dict[Any, WayTally]:
    found: dict[Any, dict[str, int]] = {}
    for key, name, count in counted:
        own = found.setdefault(key[place], dict.fromkeys(NAMES, 0))
        own[name] += count
    return {key: WayTally(**counts) for key, counts in found.items()}


def _ways(scope: Scope) -> EnrolmentQuerySet:
    rows = Enrolment.objects.filter(scope.of_people())
    return rows if scope.automations is None else rows.filter(automation__in=scope.automations)


def _within(moment: str, period: Period | None) -> Q:
    """Return the condition that a moment lies in a period, or that there is one."""
    if period is None:
        return Q(**{f"{moment}__isnull": False})
    start, end = period.bounds()
    return Q(**{f"{moment}__gte": start, f"{moment}__lt": end})
