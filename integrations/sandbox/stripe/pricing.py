"""What a period costs: quantities, tiers, discounts, taxes and shipping, in minor units of the currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from integrations.sandbox.store import Record
from integrations.sandbox.stripe.catalogue import TaxRate


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """The parts of an invoice's total; `tax` is inside the other amounts when the rate is inclusive."""

    subtotal: int
    discount: int
    shipping: int
    tax: int
    taxable: int


def price_of(price: Record, quantity: int) -> int:
    """Price a quantity."""
    if price.get("billing_scheme") == "tiered":
        return _by_tiers(price["tiers"], quantity)
    if price["unit_amount"] is not None:
        return int(price["unit_amount"] * quantity)
    return rounded(Fraction(Decimal(price["unit_amount_decimal"])) * quantity)


def bill(amounts: Sequence[int], *, coupon: Record | None, shipping: int, rate: TaxRate | None) -> Bill:
    """Add up the lines of an invoice."""
    subtotal = sum(amounts)
    discount = discount_of(coupon, subtotal)
    taxable = subtotal - discount + shipping
    tax, base = _tax(rate, taxable)
    return Bill(subtotal=subtotal, discount=discount, shipping=shipping, tax=tax, taxable=base)


def discount_of(coupon: Record | None, subtotal: int) -> int:
    """Work out what a coupon takes off."""
    if coupon is None:
        return 0
    if "percent_off" in coupon:
        return rounded(Fraction(coupon["percent_off"]) * subtotal / 100)
    return min(int(coupon["amount_off"]), subtotal)


def rounded(amount: Fraction) -> int:
    """Round to whole minor units, halves up."""
    return int((Decimal(amount.numerator) / amount.denominator).quantize(Decimal(1), ROUND_HALF_UP))


def _tax(rate: TaxRate | None, amount: int) -> tuple[int, int]:
    if rate is None:
        return 0, amount
    if not rate.inclusive:
        return rounded(Fraction(amount * rate.per_mille, 1000)), amount
    tax = rounded(Fraction(amount * rate.per_mille, 1000 + rate.per_mille))
    return tax, amount - tax


def _by_tiers(tiers: list[Record], quantity: int) -> int:
    total, done = 0, 0
    for tier in tiers:
        part = quantity - done if tier["up_to"] is None else min(quantity, tier["up_to"]) - done
        if part > 0:
            total += tier["flat_amount"] + part * tier["unit_amount"]
            done += part
    return total
