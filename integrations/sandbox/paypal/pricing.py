"""What one billing cycle costs."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from integrations.sandbox.periods import Interval
from integrations.sandbox.store import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """The parts of an amount; `items` is without tax even where the price includes it."""

    items: int
    tax: int
    shipping: int

    @property
    def total(self) -> int:
        """What is paid."""
        return self.items + self.tax + self.shipping

    @property
    def fee(self) -> int:
        """What PayPal keeps: 2.99 per cent."""
        return _rounded(Decimal(self.total) * Decimal("0.0299"))


def bill(plan: Record, *, quantity: int, shipping: int, price: int | None = None) -> Bill:
    """Make the bill of a regular cycle, or of one at another price."""
    gross = price * quantity if price is not None else _price(plan, quantity)
    rate = Decimal(plan["tax"] or 0) / 100
    if plan["inclusive"]:
        tax = gross - _rounded(gross / (1 + rate))
        return Bill(items=gross - tax, tax=tax, shipping=shipping)
    return Bill(items=gross, tax=_rounded(gross * rate), shipping=shipping)


def interval_of(pair: list[str | int]) -> Interval:
    """Turn a plan's interval into one to count with."""
    unit, count = pair
    return str(unit).lower(), int(count)


def _price(plan: Record, quantity: int) -> int:
    if not plan["model"]:
        return int(plan["price"]) * quantity
    return _BY_MODEL[plan["model"]](plan["tiers"], quantity)


def _by_volume(tiers: list[list[int | None]], quantity: int) -> int:
    unit = next(int(price or 0) for first, last, price in tiers if last is None or quantity <= last)
    return unit * quantity


def _in_steps(tiers: list[list[int | None]], quantity: int) -> int:
    return sum(
        (min(quantity, quantity if last is None else last) - int(first or 0) + 1) * int(price or 0)
        for first, last, price in tiers
        if int(first or 0) <= quantity
    )


_BY_MODEL = {"VOLUME": _by_volume, "TIERED": _in_steps}


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
