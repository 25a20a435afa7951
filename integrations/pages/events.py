"""The events of one connection as somebody asked for them: searched, filtered, and gathered by what made them fail."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q

from integrations import masking
from integrations.models import Connection, Delivery, DeliveryQuerySet
from integrations.pages.activity import begins

# Distinct reasons that are looked at; more of them are hardly causes that one person mends.
_REASONS = 500
_CAUSES = 10
# The id with which a reason about one recurring payment begins.
_OF_ONE = re.compile(r"^(?=\S*\d)\S+: ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody searches for; an empty part asks nothing. `day` is an ISO date."""

    q: str = ""
    state: str = ""
    event: str = ""
    day: str = ""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Asked":
        """Read the parameters of an address or a form; what cannot be meant asks nothing."""
        state, day = told.get("state", ""), told.get("day", "")
        return cls(
            q=told.get("q", "").strip().replace("\0", "")[:200],
            state=state if state in Delivery.State.values else "",
            event=told.get("event", "").replace("\0", "")[:100],
            day=day if _is_day(day) else "",
        )

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    def items(self) -> list[tuple[str, str]]:
        """The same as fields of a form."""
        return [(name, value) for name, value in asdict(self).items() if value]

    def found(self, connection: Connection) -> DeliveryQuerySet:
        """Select the connection's events that are asked for."""
        rows = Delivery.objects.filter(connection=connection)
        if self.q:
            rows = rows.filter(
                Q(key__icontains=self.q)
                | Q(subject__icontains=self.q)
                | Q(event_type__icontains=self.q)
                | Q(reason__icontains=self.q)
            )
        if self.state:
            rows = rows.filter(state=self.state)
        if self.event:
            rows = rows.filter(event_type=self.event)
        if self.day:
            first = date.fromisoformat(self.day)
            rows = rows.filter(received_at__gte=begins(first), received_at__lt=begins(first + timedelta(days=1)))
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why events failed: the words that they share, how many there are, and their reasons as they stand."""

    words: str
    count: int
    reasons: tuple[str, ...]


def causes(rows: DeliveryQuerySet) -> list[Cause]:
    """Gather what failed by its cause, the most frequent first; one query."""
    failed = rows.filter(state=Delivery.State.FAILED).values("reason").annotate(count=Count("pk"))
    gathered: dict[str, list[tuple[str, int]]] = {}
    for row in failed.order_by("-count", "reason")[:_REASONS]:
        gathered.setdefault(cause(row["reason"]), []).append((row["reason"], row["count"]))
    found = [
        Cause(words=words, count=sum(count for _, count in told), reasons=tuple(reason for reason, _ in told))
        for words, told in gathered.items()
    ]
    return sorted(found, key=lambda one: (-one.count, one.words))[:_CAUSES]


def cause(reason: str) -> str:
    """Return what a reason shares with others: its first line, without the id of what it is about, and no secret."""
    return masking.text(_OF_ONE.sub("", reason.partition("\n")[0]))[:300]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year in range(1970, 9999)
    except ValueError:
        return False
