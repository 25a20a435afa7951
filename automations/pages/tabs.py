"""A list with tabs: what it was asked for, and its address with that."""

from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """The words that are looked for, and the tab that is open."""

    q: str
    state: str

    @property
    def query(self) -> str:
        """The same as part of an address."""
        return urlencode({name: value for name, value in (("q", self.q), ("state", self.state)) if value})


def asked(request: HttpRequest, tabs: Container[str]) -> Asked:
    """Read what a list was asked for; a tab that it has not is the first, whose name is empty."""
    state = request.GET.get("state", "")
    return Asked(q=request.GET.get("q", "").replace("\0", "").strip()[:200], state=state if state in tabs else "")
