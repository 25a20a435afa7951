"""What can be made to happen to a record of a shop: a table of verbs, each with the states that allow it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from integrations.sandbox.store import Record


@dataclass(frozen=True, slots=True)
class Verb[Turn]:
    """A thing to do, its button, and whether a record is in a state for it."""

    label: str
    run: Callable[[Turn, Record], None]
    allows: Callable[[Record], bool]


class NotPossible(ValueError):
    """The record is in no state for this, or there is no such verb."""


def do[Turn](
    verbs: Mapping[str, Verb[Turn]], turn: Turn, record: Record, action: str, *, kind: str = "subscription"
) -> None:
    """Do a verb by its name. Raises NotPossible."""
    verb = verbs.get(action)
    if verb is None:
        raise NotPossible(f"There is no action {action}. There are: {', '.join(verbs)}.")
    if not verb.allows(record):
        raise NotPossible(f"{action} is not possible while the {kind} is {record['status']}.")
    verb.run(turn, record)
