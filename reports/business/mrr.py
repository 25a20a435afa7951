"""Monthly recurring revenue (MRR): what a payment is worth a month.

It counts while the payment is active or its last charge failed, and not in a trial: the amount without its tax, spread
over a month. A year has 12 months, 52 weeks and 365 days. Whoever is paused, pending or ended counts nothing.

In Python and in the database alike it is a whole number of ten-thousandths of the currency's unit, so that every sum of
it is exact; and of each payment it is rounded half up to the smallest coin, so that sums agree as they are shown.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from babel.core import get_global
from babel.numbers import get_currency_precision
from django.db.models import BigIntegerField, Case, Expression, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, Greatest

from subscriptions.catalogue import BillingInterval, Status

# Parts of a currency's unit.
PARTS = 10_000
PAYING = frozenset({Status.ACTIVE.value, Status.PAYMENT_FAILED.value})
# interval -> how many of them there are in a year
A_YEAR = {
    BillingInterval.DAILY.value: 365,
    BillingInterval.WEEKLY.value: 52,
    BillingInterval.MONTHLY.value: 12,
    BillingInterval.YEARLY.value: 1,
}
# What an amount a month is made of.
FIELDS = ("payment_amount", "tax_amount", "billing_interval", "billing_interval_count", "currency")


def is_paying(values: Mapping[str, Any]) -> bool:
    """Say whether a payment with these values counts."""
    return values["status"] in PAYING and not values["is_trial"]


def of(values: Mapping[str, Any]) -> int:
    """Return the MRR of a payment with these values."""
    return a_month(values) if is_paying(values) else 0


def a_month(values: Mapping[str, Any]) -> int:
    """Return what a payment is worth a month, whether it counts or not; 0 where its store does not say."""
    times = A_YEAR.get(values["billing_interval"])
    count = values["billing_interval_count"] or 1
    if values["payment_amount"] is None or times is None or count < 1:
        return 0
    parts = _parts(values["payment_amount"]) - _parts(values["tax_amount"] or Decimal())
    years = 12 * count * (step := coin(values["currency"]))
    return max(0, (2 * parts * times + years) // (2 * years)) * step


def coin(currency: str) -> int:
    """Return the smallest coin of a currency in parts, and that of most for one that nobody knows."""
    return max(1, int(PARTS // 10 ** get_currency_precision(currency)))


def expression() -> Expression:
    """Return the MRR of a row of recurring payments, for the database."""
    return Case(
        When(Q(status__in=PAYING) & ~Q(is_trial=True), then=monthly()),
        default=Value(0),
        output_field=BigIntegerField(),
    )


def monthly() -> Expression:
    """Return what a row of recurring payments is worth a month, whether it counts or not."""
    parts = Parts(F("payment_amount")) - Coalesce(Parts(F("tax_amount")), 0)
    count = Case(
        When(billing_interval_count__gte=1, then=F("billing_interval_count")),
        default=Value(1),
        output_field=BigIntegerField(),
    )
    step = Case(*_coins(), default=Value(coin("")), output_field=BigIntegerField())
    years = count * step * 12
    whens = [
        When(
            Q(billing_interval=interval) & (Q(billing_interval_count=None) | ~Q(billing_interval_count__lt=0)),
            then=Greatest((parts * (2 * times) + years) / (years * 2), Value(0)) * step,
        )
        for interval, times in A_YEAR.items()
    ]
    return Coalesce(Case(*whens, output_field=BigIntegerField()), Value(0), output_field=BigIntegerField())


class Parts(Func):
    """An amount as a whole number of ten-thousandths."""

    output_field = BigIntegerField()
    arity = 1
    template = f"CAST(ROUND((%(expressions)s) * {PARTS}) AS BIGINT)"


@cache
def _coins() -> list[When]:
    """Tell the currencies apart whose smallest coin is not that of most."""
    coins: dict[int, list[str]] = {}
    for currency in sorted(get_global("currency_fractions")):
        if (step := coin(currency)) != coin(""):
            coins.setdefault(step, []).append(currency)
    return [When(currency__in=currencies, then=Value(step)) for step, currencies in coins.items()]


def _parts(amount: Decimal) -> int:
    return int(amount * PARTS)
