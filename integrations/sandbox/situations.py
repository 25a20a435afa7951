"""Finding the situation in which a subscription is sold."""

from collections.abc import Sequence
from typing import Protocol


class Scenario(Protocol):
    """A situation with its name, and the status that a subscription has in it."""

    @property
    def name(self) -> str: ...

    @property
    def status(self) -> str: ...


def find[Known: Scenario](known: Sequence[Known], name: str | None, status: str | None) -> Known | None:
    """Find one by its name, or the first with a status. Raises ValueError for an unknown name."""
    if name is None:
        return next((one for one in known if one.status == status), None)
    found = next((one for one in known if one.name == name), None)
    if found is None:
        raise ValueError(f"There is no scenario {name}. There are: {', '.join(one.name for one in known)}.")
    return found
