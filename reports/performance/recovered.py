"""Payments that had failed and were paid again while their person was in an automation, or soon after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from reports.models import Episode
from reports.performance.scope import Scope
from reports.periods import Period

# How long after somebody's way is over a payment still counts as recovered by it.
AFTER = timedelta(days=7)
# from the time of a payment to the ways: to those that it started, and to those of its person that no payment started
_PATHS = ("payment__enrolments", "contact__enrolments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """One time in which a payment had failed, and an automation in which its person was; `amount` in ten-thousandths,
    a month.
    """

    automation: int
    episode: int
    amount: int
    currency: str


def found(scope: Scope, period: Period) -> list[Recovered]:
    """Find those that were paid again in a period, each once for each automation."""
    once: dict[tuple[int, int], Recovered] = {}
    for path in _PATHS:
        for one in _read(_times(scope, period, path), path):
            once.setdefault((one.automation, one.episode), one)
    return list(once.values())


def amounts(rows: list[Recovered]) -> dict[str, int]:
    """Add up what they are worth a month, by currency; a payment counts once whatever automations it was in."""
    once = {one.episode: one for one in rows}
    sums: dict[str, int] = {}
    for one in once.values():
        sums[one.currency] = sums.get(one.currency, 0) + one.amount
    return sums


def episodes(scope: Scope, period: Period) -> QuerySet[Episode]:
    """Ask for those times, each once, the newest first."""
    wanted = Q(pk__in=[])
    for path in _PATHS:
        wanted |= Q(pk__in=_times(scope, period, path).order_by().values("pk"))
    return Episode.objects.filter(wanted).select_related("payment", "contact").order_by("-until", "-pk")


def _times(scope: Scope, period: Period, path: str) -> QuerySet[Episode]:
    """Ask for the times that ended well in a period, joined with the ways that were not over before the payment failed,
    nor long before it was paid again.
    """
    start, end = period.bounds()
    failed_before = Q(**{f"{path}__ended_at__gte": F("since")}) & Q(**{f"{path}__ended_at__gte": F("until") - AFTER})
    during = Q(**{f"{path}__ended_at": None}) | failed_before
    told: dict[str, Any] = {f"{path}__entered_at__lte": F("until")}
    if path != _PATHS[0]:
        told[f"{path}__payment"] = None
    if scope.automations is not None:
        told[f"{path}__automation__in"] = scope.automations
    # all in one, which therefore holds for one and the same way
    return Episode.objects.filter(
        during,
        scope.of_people(f"{path}__contact"),
        kind=Episode.Kind.FAILED,
        outcome=Episode.Outcome.RECOVERED,
        until__gte=start,
        until__lt=end,
        **told,
    )


def _read(rows: QuerySet[Episode], path: str) -> Iterator[Recovered]:
    columns = (f"{path}__automation", "pk", "amount", "currency")
    for automation, episode, amount, currency in rows.order_by().values_list(*columns).distinct():
        yield Recovered(automation=automation, episode=episode, amount=amount, currency=currency)
