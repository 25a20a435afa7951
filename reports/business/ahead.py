"""What lies ahead and what is at risk: counts and amounts, each currency by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, Expression, Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from reports import periods
from reports.business import mrr, sets

AT_RISK = ("failed", "card_first", "to_end")
# what a payment comes to: what it is worth a month, or what is charged next
_WORTH: dict[str, Callable[[], Expression]] = {
    "mrr": mrr.expression,
    "charge": lambda: mrr.Parts("payment_amount"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A set of payments: how many they are, and their amounts by currency."""

    name: str
    count: int
    amounts: Mapping[str, Decimal]


def counted(name: str, *, by: str = "mrr") -> Counted:
    """Count a set; its amounts are what it is worth a month ("mrr"), or what is charged next ("charge")."""
    rows = sets.payments(name).annotate(parts=_WORTH[by]()).order_by()
    return _counted(name, list(rows.values_list("currency").annotate(Count("pk"), Sum("parts"))))


def _counted(name: str, found: list[tuple[str, int, int | None]]) -> Counted:
    return Counted(
        name=name,
        count=sum(count for _currency, count, _parts in found),
        amounts={currency: Decimal(parts) / mrr.PARTS for currency, _count, parts in sorted(found) if parts},
    )


def spans(name: str, *, by: str) -> list[Counted]:
    """Count a set that looks ahead for each of its spans, in one look at the longest, in which the others lie."""
    now = timezone.now()
    sums: dict[str, Any] = {}
    for days in sets.AHEAD:
        within = sets.SETS[f"{name}_{days}"].condition(now)
        sums |= {f"count_{days}": Count("pk", filter=within), f"sum_{days}": Sum("parts", filter=within)}
    longest = sets.payments(f"{name}_{sets.AHEAD[-1]}", now).annotate(parts=_WORTH[by]())
    rows: list[Any] = list(longest.order_by().values("currency").annotate(**sums))
    return [
        _counted(f"{name}_{days}", [(row["currency"], row[f"count_{days}"], row[f"sum_{days}"]) for row in rows])
        for days in sets.AHEAD
    ]


def weeks() -> list[tuple[date, int]]:
    """Return the Mondays of the coming 90 days and of today, and how many next payments lie in each week."""
    rows = sets.payments(f"renewals_{sets.AHEAD[-1]}").annotate(
        week=TruncWeek("next_payment_date", tzinfo=timezone.get_default_timezone(), output_field=DateField())
    )
    counts = dict(rows.order_by().values_list("week").annotate(Count("pk")))
    today = periods.today()
    monday = today - timedelta(days=today.weekday())
    weeks = (monday + timedelta(weeks=number) for number in range(sets.AHEAD[-1] // 7 + 2))
    return [(week, counts.get(week, 0)) for week in weeks]
