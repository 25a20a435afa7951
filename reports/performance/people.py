"""The people behind a number: the very rows that it counts, the newest first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from automations.campaigns import results
from automations.models import Engagement
from reports.performance import emails, recovered, ways
from reports.performance.scope import Scope
from reports.performance.tally import COUNTS
from reports.periods import Period

Kind = Engagement.Kind
type Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a number counts: rows of a `kind`, which are of a person each, and the path to that person.

    `by_step` tells whether it can be asked of one step of an automation.
    """

    kind: str
    rows: Callable[[Scope, Period, str | None], Rows]
    contact: str = "contact"
    by_step: bool = False


def _messages(narrow: Callable[[Rows], Rows]) -> Source:
    def rows(scope: Scope, period: Period, _step: str | None) -> Rows:
        found = narrow(emails.messages(scope, period))
        return found.select_related("contact", "campaign", "enrolment__automation").order_by("-sent_at", "-pk")

    return Source(kind="message", rows=rows)


def _did(kind: str) -> Source:
    return _messages(lambda rows: rows.filter(results.did(kind)))


def _by_machines(rows: Rows) -> Rows:
    opened = Engagement.objects.filter(message=OuterRef("pk"), kind=Kind.OPENED, is_machine=True)
    return rows.filter(Exists(opened)).exclude(results.did(Kind.OPENED))


def _times(kind: str, *, is_machine: bool = False) -> Source:
    """Make the source of a number that counts how often something was done."""

    def rows(scope: Scope, period: Period, _step: str | None) -> Rows:
        sent = emails.messages(scope, period).order_by().values("pk")
        done = Engagement.objects.filter(kind=kind, is_machine=is_machine, message__in=sent)
        related = ("message__contact", "message__campaign", "message__enrolment__automation")
        return done.select_related(*related).order_by("-at", "-pk")

    return Source(kind="engagement", rows=rows, contact="message__contact")


def _ways(rows: Callable[[Scope, Period, str | None], Rows], order: str, *, by_step: bool = False) -> Source:
    def found(scope: Scope, period: Period, step: str | None) -> Rows:
        related = ("contact", "automation", "version", "payment")
        return rows(scope, period, step).select_related(*related).order_by(order, "-pk")

    return Source(kind="way", rows=found, by_step=by_step)


def _passages(rows: Callable[[Scope, Period, str | None], Rows]) -> Source:
    def found(scope: Scope, period: Period, step: str | None) -> Rows:
        related = ("enrolment__contact", "enrolment__automation", "version")
        return rows(scope, period, step).select_related(*related).order_by("-left_at", "-pk")

    return Source(kind="passage", rows=found, contact="enrolment__contact", by_step=True)


SOURCES: dict[str, Source] = {
    "sent": _messages(lambda rows: rows),
    "delivered": _messages(lambda rows: rows.exclude(results.did(Kind.BOUNCED))),
    "confirmed": _did(Kind.DELIVERED),
    "opened": _did(Kind.OPENED),
    "opens": _times(Kind.OPENED),
    "by_machines": _messages(_by_machines),
    "machine_opens": _times(Kind.OPENED, is_machine=True),
    "clicked": _did(Kind.CLICKED),
    "clicks": _times(Kind.CLICKED),
    "replied": _did(Kind.REPLIED),
    "bounced": _did(Kind.BOUNCED),
    "soft_bounced": _did(Kind.SOFT_BOUNCED),
    "unsubscribed": _did(Kind.UNSUBSCRIBED),
    "complained": _did(Kind.COMPLAINED),
    "inside": _ways(lambda scope, _period, step: ways.inside(scope, step), "-entered_at", by_step=True),
    "entered": _ways(lambda scope, period, _step: ways.entered(scope, period), "-entered_at"),
    "finished": _ways(lambda scope, period, _step: ways.finished(scope, period), "-ended_at"),
    "ended": _ways(ways.ended, "-ended_at", by_step=True),
    "passed": _passages(ways.passed),
    "goals": _passages(ways.goals),
    "recovered": Source(
        kind="episode",
        rows=lambda scope, period, _step: recovered.episodes(scope, period),
        contact="contact",
    ),
}


def known_count(name: str, scope: Scope, period: Period, step: str | None) -> int | None:
    """Return how many rows a number counts, where that is kept; None where it has to be counted."""
    if scope.is_of_some_people:
        return None
    if step is None and (name in COUNTS or name == "delivered"):
        return int(getattr(emails.total(scope, period), name))
    if name not in _OF_WAYS:
        return None
    kept = ways.tallies(scope, period, key="step")
    rows = kept.values() if step is None else [kept.get(step, ways.WayTally())]
    return sum(int(getattr(one, _OF_WAYS[name][step is not None])) for one in rows)


# number -> what it is called among what is kept: of the whole, and of a step
_OF_WAYS = {
    "entered": ("entered", "entered"),
    "finished": ("finished", "finished"),
    "ended": ("ended", "left"),
    "passed": ("passed", "passed"),
    "goals": ("reached", "reached"),
}
