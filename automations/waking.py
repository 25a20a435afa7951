"""Waking who waits for a segment or may jump to a goal: at once when something happened to them, and every minute.

Waking never decides anything: it only has people looked at again, by the same code that looks at everybody.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from automations import plans
from automations.flow.conditions import Conditions
from automations.models import Automation, AutomationVersion, Enrolment
from config.turns import unheld
from subscriptions.segments import compiler
from subscriptions.segments.clock import Clock
from subscriptions.segments.compiler import World
from subscriptions.segments.mistakes import SegmentError

# Conditions such as "in the next 3 days" come true without anything happening.
EVERY = timedelta(seconds=45)


def touched(contacts: Collection[int], now: datetime) -> None:
    """Have people looked at, by their ids, to whom something happened."""
    if contacts:
        _wake(_watching().filter(contact__in=contacts), now)


def is_anybody_watching() -> bool:
    """Tell whether a segment may move anybody at all."""
    return _anybody().exists()


def by_the_clock(*, now: datetime | None = None) -> int:
    """Look, of the versions whose time it is, who fulfils what they wait for; return how many versions there were."""
    now = now or timezone.now()
    versions = AutomationVersion.objects.filter(
        pk__in=_anybody().values("version"), automation__state=Automation.State.ACTIVE, watched_at__lte=now - EVERY
    )
    return sum(_look(pk, now) for pk in versions.values_list("pk", flat=True))


@transaction.atomic
def _look(version: int, now: datetime) -> int:
    """Look after one version, unless somebody else is doing that."""
    ours = AutomationVersion.objects.filter(pk=version, watched_at__lte=now - EVERY).update(watched_at=now)
    for step in _steps(version) if ours else ():
        group = _watching().filter(version=version, step=step)
        for conditions in _awaited(version, step):
            _wake(group.filter(contact__in=_fulfilling(conditions, group, now)), now)
        if plans.load(version).route.steps[step].kind.needs_payment:  # history may have moved its date
            _wake(group.filter(payment__updated_at__gte=now - 4 * EVERY), now)
    return ours


def _steps(version: int) -> Iterable[str]:
    return _watching().filter(version=version).order_by().values_list("step", flat=True).distinct()


def _awaited(version: int, step: str) -> list[Conditions]:
    """List what may move somebody from a step: the goals ahead, and what the step itself waits for."""
    route = plans.load(version).route
    known = [route.steps[name] for name in (*route.goals[step], step)]
    return [one.options["where"] for one in known if one.kind.watches and "where" in one.options]


def _fulfilling(conditions: Conditions, group: "QuerySet[Enrolment, Enrolment]", now: datetime) -> "QuerySet[Any, Any]":
    """Ask for the people of a group who may fulfil it; exactly that is asked of each when they are looked at."""
    try:
        node = conditions.node()
    except SegmentError:
        return Enrolment.objects.none().values_list("contact", flat=True)
    world = World(
        clock=Clock(now=now),
        this=group.filter(payment__isnull=False).order_by().values_list("payment", flat=True),
        only=group.order_by().values_list("contact", flat=True),
    )
    return compiler.people(node, world).order_by().values_list("pk", flat=True)


def _anybody() -> "QuerySet[Enrolment, Enrolment]":
    """Ask without the state, by which SQLite would go through all who wait for anything."""
    return Enrolment.objects.filter(watches=True).order_by()


def _watching() -> "QuerySet[Enrolment, Enrolment]":
    return Enrolment.objects.filter(state=Enrolment.State.ACTIVE, watches=True)


def _wake(rows: "QuerySet[Enrolment, Enrolment]", now: datetime) -> None:
    """Make them due; whom somebody is moving at this very moment is looked at anyway, or a minute later."""
    with transaction.atomic():
        ids = list(unheld(rows.order_by("pk")).values_list("pk", flat=True))
        Enrolment.objects.filter(pk__in=ids).update(wake_at=now)
