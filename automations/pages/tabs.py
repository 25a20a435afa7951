"""A list with tabs: what it was asked for, and its address with that."""

from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from config.seeking import typed


@dataclass(frozen=True, slots=True)
class Asked:
    """The words that are looked for, the tab that is open, and the number of a label, or 0."""

    q: str
    state: str
    label: int = 0

    @property
    def query(self) -> str:
        """The same as part of an address."""
        return urlencode({name: getattr(self, name) for name in ("q", "state", "label") if getattr(self, name)})


def asked(request: HttpRequest, tabs: Container[str]) -> Asked:
    """Read what a list was asked for; a tab that it has not is the first, whose name is empty."""
    state = request.GET.get("state", "")
    label = request.GET.get("label", "")
    return Asked(
        q=typed(request.GET),
        state=state if state in tabs else "",
        label=int(label) if label.isascii() and label.isdecimal() and len(label) < 10 else 0,
    )
