"""Monthly recurring revenue by month: opening, what moved, closing; in one currency, or converted into one.

Opening and movements make the closing exactly, also when converted: what is converted is each month's sum of a kind,
rounded to the smallest coin, and everything else is added up from these.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Min, Sum

from reports import currencies
from reports.business import mrr
from reports.models import Movement, MovementTotal

KINDS = tuple(str(kind) for kind in Movement.Kind)
# Which kinds make how many customers more or fewer.
_CUSTOMERS = {Movement.Kind.NEW: 1, Movement.Kind.REACTIVATION: 1, Movement.Kind.CHURN: -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month: amounts in the currency's unit, what churned or contracted below zero; `counts` by kind.

    `customers` are those at its beginning.
    """

    month: date
    opening: Decimal
    customers: int
    moved: Mapping[str, Decimal]
    counts: Mapping[str, int]

    @property
    def net(self) -> Decimal:
        """Return by how much the revenue changed."""
        return sum(self.moved.values(), Decimal())

    @property
    def closing(self) -> Decimal:
        """Return the revenue at its end."""
        return self.opening + self.net

    @property
    def customers_after(self) -> int:
        """Return how many customers there were at its end."""
        return self.customers + sum(sign * self.counts[kind] for kind, sign in _CUSTOMERS.items())

    @property
    def each(self) -> Decimal | None:
        """Return the average revenue of a customer at its end."""
        return self.closing / self.customers_after if self.customers_after else None

    @property
    def customer_churn(self) -> float | None:
        """Return the customers who left as a share of those at its beginning, from 0."""
        return self.counts[Movement.Kind.CHURN] / self.customers if self.customers else None

    @property
    def gross_churn(self) -> float | None:
        """Return the revenue that was lost as a share of the opening."""
        return self._share(Movement.Kind.CHURN, Movement.Kind.CONTRACTION)

    @property
    def net_churn(self) -> float | None:
        """Return the same less what others paid more; below zero where that was more."""
        kinds = Movement.Kind
        return self._share(kinds.CHURN, kinds.CONTRACTION, kinds.EXPANSION, kinds.REACTIVATION)

    def _share(self, *kinds: str) -> float | None:
        lost = -sum(self.moved[kind] for kind in kinds)
        return float(lost / self.opening) if self.opening else None


@dataclass(slots=True)
class _Sums:
    amounts: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(KINDS, Decimal()))
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """In which currency amounts are told; `rates` say what one unit of each that is converted into it is worth."""

    currency: str
    rates: Mapping[str, Decimal]

    @property
    def is_converted(self) -> bool:
        """Whether amounts of several currencies are added up."""
        return len(self.rates) > 1

    def told(self, amount: int, currency: str) -> Decimal:
        """Turn ten-thousandths of a currency's unit into units of this one."""
        exact = Decimal(amount) / mrr.PARTS * self.rates[currency]
        return rounded(exact, self.currency) if self.is_converted else exact


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round an amount half up to the smallest coin of its currency."""
    return amount.quantize(Decimal(mrr.coin(currency)) / mrr.PARTS, ROUND_HALF_UP)


def in_use() -> list[str]:
    """List the currencies in which there is or was any revenue, the one with the most customers first."""
    rows = MovementTotal.objects.order_by().values_list("currency").annotate(Sum("customers"))
    return [currency for currency, _count in sorted(rows, key=lambda row: (-(row[1] or 0), row[0])) if _count]


def first_month() -> date | None:
    """Return the first month in which anything moved."""
    first: date | None = MovementTotal.objects.filter(customers__gt=0).aggregate(Min("month"))["month__min"]
    return first


def money(chosen: str, used: Sequence[str]) -> Money:
    """Return how amounts are told: "all" converts where there are rates; otherwise the chosen or the first currency."""
    rates = currencies.rates() if chosen == "all" else {}
    if rates:
        into = currencies.target()
        return Money(currency=into, rates={into: Decimal(1)} | {one: rates[one] for one in used if one in rates})
    one = chosen if chosen in used else (used[0] if used else "")
    return Money(currency=one, rates={one: Decimal(1)})


def months(wanted: Sequence[date], told: Money) -> list[Month]:
    """Return months that follow each other, in order."""
    opening = _Sums()
    sums: dict[date, _Sums] = defaultdict(_Sums)
    rows = MovementTotal.objects.filter(currency__in=told.rates, month__lte=wanted[-1]).order_by()
    for month, kind, currency, amount, count in rows.values_list("month", "kind", "currency").annotate(
        Sum("amount"), Sum("customers")
    ):
        into = sums[month] if month >= wanted[0] else opening
        into.amounts[kind] += told.told(amount, currency)
        into.counts[kind] += count
    return _following(wanted, opening, sums)


def _following(wanted: Sequence[date], opening: _Sums, sums: Mapping[date, _Sums]) -> list[Month]:
    found: list[Month] = []
    revenue = sum(opening.amounts.values(), Decimal())
    customers = sum(sign * opening.counts[kind] for kind, sign in _CUSTOMERS.items())
    for month in wanted:
        moved = sums[month] if month in sums else _Sums()
        found.append(Month(month=month, opening=revenue, customers=customers, moved=moved.amounts, counts=moved.counts))
        revenue, customers = found[-1].closing, found[-1].customers_after
    return found


def whole(months: Sequence[Month]) -> Month:
    """Return months that follow each other as one."""
    sums = _Sums()
    for one in months:
        for kind in KINDS:
            sums.amounts[kind] += one.moved[kind]
            sums.counts[kind] += one.counts[kind]
    first = months[0]
    return Month(
        month=first.month, opening=first.opening, customers=first.customers, moved=sums.amounts, counts=sums.counts
    )
