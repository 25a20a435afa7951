"""Who stays: of the customers who began in a month, how many and how much of their revenue was left later on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from reports import periods
from reports.business import mrr
from reports.models import Movement, MovementTotal

_SIGNS = {Movement.Kind.NEW: 1, Movement.Kind.REACTIVATION: 1, Movement.Kind.CHURN: -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Customers who began in one month: how many, and after 0, 1, 2… months how many and how much was left."""

    month: date
    began: int
    customers: tuple[int, ...]
    revenue: tuple[Decimal, ...]

    @property
    def shares(self) -> list[float]:
        """Return the customers who were left as shares, from 0."""
        return [count / self.began if self.began else 0.0 for count in self.customers]

    @property
    def revenue_shares(self) -> list[float]:
        """Return the revenue that was left as a share of that at the end of the first month, from 0."""
        first = self.revenue[0]
        return [float(amount / first) if first else 0.0 for amount in self.revenue]


def cohorts(wanted: Sequence[date], currency: str) -> list[Cohort]:
    """Return those who began in each of these months; the last column is the month that goes on."""
    counts: dict[date, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    amounts: dict[date, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    began: dict[date, int] = defaultdict(int)
    rows = MovementTotal.objects.filter(currency=currency, cohort__gte=wanted[0], cohort__lte=wanted[-1]).order_by()
    for cohort, month, kind, count, amount in rows.values_list("cohort", "month", "kind").annotate(
        Sum("customers"), Sum("amount")
    ):
        counts[cohort][month] += _SIGNS.get(kind, 0) * count
        amounts[cohort][month] += amount
        began[cohort] += count if kind == Movement.Kind.NEW else 0
    return [_cohort(month, began[month], counts[month], amounts[month]) for month in wanted if began[month]]


def _cohort(month: date, began: int, counts: dict[date, int], amounts: dict[date, int]) -> Cohort:
    customers, revenue = [0], [0]
    for one in _until_now(month):
        customers.append(customers[-1] + counts.get(one, 0))
        revenue.append(revenue[-1] + amounts.get(one, 0))
    return Cohort(
        month=month,
        began=began,
        customers=tuple(customers[1:]),
        revenue=tuple(Decimal(amount) / mrr.PARTS for amount in revenue[1:]),
    )


def _until_now(month: date) -> list[date]:
    end = max(periods.months_on(periods.today(), 1), periods.months_on(month, 1))
    return periods.Period(start=month, end=end).months()
