"""How the monthly recurring revenue of one customer moved, day by day of the account's zone."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from reports import periods
from reports.models import Movement

Kind = Movement.Kind


def moved(levels: Iterable[tuple[datetime, str, int]]) -> list[dict[str, Any]]:
    """Return a customer's movements, as rows without the customer, from what each of their payments changed when.

    What happens on one day is one movement, so that a change of plan that a store tells as an end and a beginning is an
    expansion or a contraction.
    """
    days: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for moment, currency, change in levels:
        days[currency][periods.day_of(moment)] += change
    return [row for currency, changes in sorted(days.items()) for row in _of_currency(currency, changes)]


def _of_currency(currency: str, changes: dict[date, int]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    before = 0
    for day, amount in sorted(changes.items()):
        if amount:
            kind = _kind(before, before + amount, is_first=not rows)
            cohort = rows[0]["cohort"] if rows else day.replace(day=1)
            rows.append({"currency": currency, "day": day, "kind": kind, "amount": amount, "cohort": cohort})
            before += amount
    return rows


def _kind(before: int, after: int, *, is_first: bool) -> str:
    if not before:
        return str(Kind.NEW if is_first else Kind.REACTIVATION)
    if not after:
        return str(Kind.CHURN)
    return str(Kind.EXPANSION if after > before else Kind.CONTRACTION)
