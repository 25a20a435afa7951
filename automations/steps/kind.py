"""What a kind of step is: what is said of it, and what it does to people who have come to it.

A step acts on many people at once, in a transaction that is undone as a whole if it fails. It says of each whether
they have passed, wait or are at the end; whatever it does besides must be done once only, however often it is asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from automations.flow.forms import Option

if TYPE_CHECKING:
    from automations.batch import Batch
    from automations.flow.shape import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """They are through; `outcome` is a word that the pages know, and of a step with branches the one to take."""

    outcome: str = "done"
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """They stay until that moment; None until something happens."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Their way is over here, before the end; `reason` is a word that the pages know."""

    reason: str


type Move = Passes | Waits | Ends
PASSES = Passes()


class StepProblem(Exception):
    """A step that cannot be done; the same will happen again, so people are stopped there until somebody helps.

    `reason` is a word that the pages know.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepKind:
    """One kind of step.

    `act` gets the step and the people, and returns a move for each by the number of the enrolment. One that `watches`
    is looked at whenever something happens to a person, and every minute; of one that `asks_only` nothing is different
    afterwards but where people are. `say` puts it into words.
    """

    name: str
    label: Any
    icon: str
    options: tuple[Option, ...]
    say: Callable[[Mapping[str, Any]], str]
    act: Callable[["Step", "Batch"], Mapping[int, Move]]
    branches: Mapping[str, Any] = field(default_factory=dict)
    watches: bool = False
    is_goal: bool = False
    needs_payment: bool = False
    asks_only: bool = False
