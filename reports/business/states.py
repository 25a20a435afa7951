"""How many payments were active, in trial, paused or failed at each month's end, and how those times ended."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from reports.business import mrr
from reports.models import Episode, StateTotal

KINDS = tuple(str(kind) for kind in Episode.Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Of the times of one kind that ended in a month, how many ended how, and what those are worth, by currency."""

    month: date
    began: int
    counts: dict[str, int]
    worth: dict[str, dict[str, Decimal]]

    def rate(self, good: str) -> float | None:
        """Return how many ended well, of those that are decided, from 0 to 1."""
        decided = self.counts.get(good, 0) + self.counts.get(Episode.Outcome.LOST, 0)
        return self.counts.get(good, 0) / decided if decided else None


def at_ends(wanted: Sequence[date]) -> list[dict[str, int]]:
    """Return by kind how many payments were so at the end of each month, or are now in the one that goes on."""
    changes: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = StateTotal.objects.filter(month__lte=wanted[-1]).order_by()
    for month, kind, outcome, count in rows.values_list("month", "kind", "outcome").annotate(Sum("payments")):
        changes[month][kind] += -count if outcome else count
    found, running = [], dict.fromkeys(KINDS, 0)
    for month, counts in sorted(changes.items()):
        if month < wanted[0]:
            _add(running, counts)
    for month in wanted:
        _add(running, changes.get(month, {}))
        found.append(dict(running))
    return found


def ended(kind: str, wanted: Sequence[date]) -> list[Ended]:
    """Return how the times of one kind that ended in each of these months did so."""
    rows = StateTotal.objects.filter(kind=kind, month__gte=wanted[0], month__lte=wanted[-1]).order_by()
    counts: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    worth: dict[date, dict[str, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        counts[row.month][row.outcome] += row.payments
        if row.payments:
            worth[row.month][row.outcome][row.currency] = Decimal(row.amount) / mrr.PARTS
    return [
        Ended(
            month=month,
            began=counts[month][""],
            counts=dict(counts[month]),
            worth=dict(worth[month]),
        )
        for month in wanted
    ]


def _add(running: dict[str, int], counts: dict[str, int]) -> None:
    for kind, count in counts.items():
        running[kind] += count
