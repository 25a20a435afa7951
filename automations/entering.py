"""How people come into an automation, and how often: one row a person and run, whoever asks however often."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from automations.flow.shape import Runs
from automations.models import Automation, AutomationVersion, Enrolment
from subscriptions import bulk

# Automations that start each other one behind the other, before that is taken for a circle.
MOST_DEEP = 10
# What stands instead of a trigger's name where somebody, or another automation, has let people in.
BY_HAND, BY_AUTOMATION = "@hand", "@start"
State = Enrolment.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody who is to enter; `cause` names what happened, and is never the same for two things."""

    contact: int
    payment: int | None
    cause: str
    trigger: str = ""
    change: int | None = None
    depth: int = 0


def enter(automation: Automation, entries: Iterable[Entry], *, now: datetime | None = None) -> None:
    """Let people in, in one statement; whom the rule how often forbids it stays as they are."""
    version = newest(automation)
    if version is None:
        return
    now = now or timezone.now()
    runs = Runs(version.flow["runs"])
    rows = (_row(version, runs, entry, now) for entry in entries)
    bulk.insert(Enrolment, rows, ignore_known=True)


def newest(automation: Automation) -> AutomationVersion | None:
    """Return the version by which people go now; None where it was never published."""
    return AutomationVersion.objects.filter(automation=automation, number=automation.version).first()


def key_of(runs: Runs, entry: Entry) -> str:
    """Name a run so that the one that must not be a second time has the same name."""
    if runs is Runs.ONCE_A_CONTACT:
        return f"c{entry.contact}"
    if runs is Runs.ONCE_A_PAYMENT and entry.payment:
        return f"p{entry.payment}"
    return entry.cause


def end(automation: Automation, contacts: Collection[int], *, reason: str, now: datetime) -> int:
    """End the ways of people, by their ids, wherever they are, in an order in which nobody waits in a circle."""
    inside = Enrolment.objects.inside().filter(automation=automation, contact__in=contacts)
    locked = list(inside.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    return Enrolment.objects.filter(pk__in=locked).end(reason, now)


def _row(version: AutomationVersion, runs: Runs, entry: Entry, now: datetime) -> dict[str, Any]:
    row = {
        "automation_id": version.automation_id,
        "version_id": version.pk,
        "contact_id": entry.contact,
        "payment_id": entry.payment,
        "change_id": entry.change,
        "trigger": entry.trigger,
        "run_key": key_of(runs, entry),
        "step": version.flow["steps"][0]["id"],
        "arrived_at": now,
        "wake_at": now,
        "entered_at": now,
        "depth": entry.depth,
    }
    return row if entry.depth <= MOST_DEEP else row | _circle(now)


def _circle(now: datetime) -> dict[str, Any]:
    """Let nobody run in a circle, and say so where it would have gone on."""
    return {"state": State.ENDED, "reason": "circle", "wake_at": None, "ended_at": now}
