"""What the saved orders tell of the past: what came since a version, and where undo and redo lead."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from django.contrib.auth.models import User

from subscriptions.catalogue import DEFAULT_ORDER
from subscriptions.models import FieldOrder

# How many versions are looked back.
DEPTH = 100


class Action(StrEnum):
    """What made a version."""

    MOVE = "move"
    RESET = "reset"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a step back or forth leads: the version to take the names from, and the field that it is about."""

    version: int
    field: str

    @property
    def names(self) -> list[str]:
        """The names of that version, in one query."""
        if not self.version:
            return list(DEFAULT_ORDER)
        names: list[str] = FieldOrder.objects.values_list("names", flat=True).get(version=self.version)
        return names


@dataclass(frozen=True, slots=True)
class Trail:
    """The steps that a person may take: over own changes only, while nobody else's came after them."""

    back: Step | None
    forth: Step | None


def since(version: int) -> list[FieldOrder]:
    """Return the versions after one, oldest first, with who made them and without their names."""
    newer = FieldOrder.objects.filter(version__gt=version).select_related("changed_by").defer("names")
    return list(reversed(newer[:DEPTH]))


def trail(person: User, version: int) -> Trail:
    """Tell where undo and redo lead from a version, in one query."""
    newest = FieldOrder.objects.filter(version__lte=version).defer("names")[:DEPTH]
    own = list(takewhile(lambda step: step.changed_by_id == person.pk, newest))
    done, undone = _fold(reversed(own))
    last, lost = (done or [None])[-1], (undone or [None])[-1]
    return Trail(
        back=Step(last.version - 1, last.field) if last else None,
        forth=Step(lost.version, lost.field) if lost else None,
    )


def _fold(steps: Iterable[FieldOrder]) -> tuple[list[FieldOrder | None], list[FieldOrder | None]]:
    """Sort steps, oldest first, into those that hold and those undone; None is one that lies before the first."""
    done: list[FieldOrder | None] = []
    undone: list[FieldOrder | None] = []
    for step in steps:
        if step.action == Action.UNDO:
            undone.append(done.pop() if done else None)
        elif step.action == Action.REDO:
            done.append(undone.pop() if undone else None)
        else:
            done.append(step)
            undone.clear()
    return done, undone
