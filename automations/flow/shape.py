"""What a flow is made of, once it has been read: triggers, how often people may run through it, and steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from automations.steps.kind import StepKind
    from automations.triggers.kind import TriggerKind

type Options = Mapping[str, Any]


class Runs(Enum):
    """How often a person may run through a flow."""

    ONCE_A_CONTACT = "once_a_contact"
    ONCE_A_PAYMENT = "once_a_payment"
    EVERY_TIME = "every_time"


RUNS: dict[Runs, Any] = {
    Runs.ONCE_A_CONTACT: _("Once for each person"),
    Runs.ONCE_A_PAYMENT: _("Once for each recurring payment"),
    Runs.EVERY_TIME: _("Every time"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What lets people in."""

    id: str
    kind: "TriggerKind"
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; `branches` are the steps inside it, by the name of each branch."""

    id: str
    kind: "StepKind"
    options: Options
    branches: Mapping[str, tuple["Step", ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A whole flow."""

    triggers: tuple[Trigger, ...]
    runs: Runs
    steps: tuple[Step, ...]


def every_step(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Return every step, those inside branches after the one that they belong to."""
    for step in steps:
        yield step
        for branch in step.branches.values():
            yield from every_step(branch)
