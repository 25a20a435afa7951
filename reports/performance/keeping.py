"""Keeping the counts of e-mails and of ways: whole cells are counted again, so what is told twice is counted once.

What is counted together is a campaign or an automation on a day. That is done in the transaction that takes away the
notes which asked for it: a fact whose note was there is counted, and one that comes later has a note of its own. One
process at a time counts, which holds the one row of `CellUpkeep` meanwhile.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Max, Min, Q, Sum

from automations.models import Automation, Enrolment
from config import turns
from reports.models import Cell, CellUpkeep, DueCell, WayCell
from reports.performance import counting, ways
from reports.periods import Period, day_of, single

# Notes that are looked at together.
_AT_ONCE = 5_000
# What somebody who opens a page may wait for: so many seconds, and no day of a campaign with more messages than this.
PATIENCE = 0.5
BIGGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is counted together: a campaign or an automation (`of`) by its number, on a day, or on all days (None)."""

    of: str
    number: int
    day: date | None

    @property
    def period(self) -> Period | None:
        """Return its day as a period; None for all days."""
        return single(self.day) if self.day else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How fresh the counts are: all of what had happened until `since` is in them; None where nothing is due."""

    since: datetime | None
    is_whole: bool

    @property
    def is_fresh(self) -> bool:
        """Whether everything is counted that is known."""
        return self.is_whole and self.since is None


def standing() -> Standing:
    """Say how fresh they are."""
    kept = CellUpkeep.objects.filter(zone=settings.TIME_ZONE).first()
    is_whole = kept is not None and not DueCell.objects.filter(pk__lte=kept.first_until).exists()
    return Standing(since=DueCell.objects.aggregate(since=Min("noted_at"))["since"], is_whole=is_whole)


def work(*, seconds: float) -> bool:
    """Count what is due for some seconds; tell whether more is."""
    ends = time.monotonic() + seconds
    _begin()
    while groups := _due():
        for group in groups:
            if time.monotonic() >= ends:
                return True
            _count_again(group)
    return False


def freshen() -> Standing:
    """Count what is due for whoever opens a page, as far as that is quickly done, and say how fresh the counts are."""
    ends = time.monotonic() + PATIENCE
    try:
        if not _are_many():
            _begin()
        groups = _due()
        big = _big(groups)
        for group in groups:
            if time.monotonic() >= ends:
                break
            if group not in big and not _count_again(group, waits=False):
                break  # somebody else is at it
    except OperationalError:  # SQLite, while others write
        pass
    return standing()


def _begin() -> None:
    """Have everything counted where that never was, or with days of another time zone."""
    if CellUpkeep.objects.filter(zone=settings.TIME_ZONE).exists():
        return
    CellUpkeep.objects.get_or_create(pk=CellUpkeep.ONLY)
    with transaction.atomic():
        upkeep = CellUpkeep.objects.select_for_update().get(pk=CellUpkeep.ONLY)
        if upkeep.zone == settings.TIME_ZONE:
            return
        # before anything is asked: what happens from now on leaves a note of its own
        for model in (DueCell, Cell, WayCell):
            model._default_manager.all().delete()
        campaigns = counting.sent().order_by().values_list("campaign", flat=True).distinct()
        automations = Automation.objects.values_list("pk", flat=True)
        notes = [DueCell(campaign=one) for one in campaigns] + [DueCell(automation=one) for one in automations]
        DueCell.objects.bulk_create(notes)
        last = DueCell.objects.aggregate(last=Max("pk"))["last"] or 0
        CellUpkeep.objects.update(zone=settings.TIME_ZONE, first_until=last)


def _due() -> list[Group]:
    """List some of what is due, the longest first."""
    notes = DueCell.objects.order_by("pk").values_list("campaign", "automation", "moment")[:_AT_ONCE]
    return list(dict.fromkeys(_group(*note) for note in notes))


def _group(campaign: int | None, automation: int | None, moment: datetime | None) -> Group:
    day = day_of(moment) if moment else None
    if campaign is not None:
        return Group(of="campaign", number=campaign, day=day)
    return Group(of="automation", number=automation or 0, day=day)


def _big(groups: Iterable[Group]) -> set[Group]:
    """Return those of which counting takes longer than somebody waits."""
    groups = list(groups)
    rows = Cell.objects.filter(
        campaign__in={one.number for one in groups if one.of == "campaign"},
        day__in={one.day for one in groups if one.day},
    )
    sums = rows.order_by().values_list("campaign", "day").annotate(all=Sum("sent")).filter(all__gt=BIGGEST)
    big = {Group(of="campaign", number=campaign, day=day) for campaign, day, _all in sums}
    whole = {one for one in groups if one.day is None}
    return big | (whole if whole and _are_many() else set())


def _are_many() -> bool:
    """Tell whether there is more than somebody may wait for."""
    last = slice(BIGGEST, BIGGEST + 1)
    return counting.sent()[last].exists() or Enrolment.objects.order_by()[last].exists()


@transaction.atomic
def _count_again(group: Group, *, waits: bool = True) -> bool:
    """Count a group; False where somebody else counts now and this does not wait."""
    row = CellUpkeep.objects.filter(zone=settings.TIME_ZONE)
    if not list((row.select_for_update() if waits else turns.unheld(row)).values_list("pk", flat=True)):
        return False
    noted = Q(**{group.of: group.number})
    if group.period:
        start, end = group.period.bounds()
        noted &= Q(moment__gte=start, moment__lt=end)
    DueCell.objects.filter(noted).delete()
    _AGAIN[group.of](group.number, group.period)
    return True


_AGAIN: dict[str, Callable[[int, Period | None], None]] = {
    "campaign": counting.count_again,
    "automation": ways.count_again,
}
