"""Amounts in ten-thousandths of the currency's unit, and the ways in which WooCommerce writes them."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import nextafter

UNIT = 10_000
_PLACES = 4


def rounded(amount: Fraction | int, decimals: int) -> int:
    """Round to the decimals of the shop, halves up."""
    step = smallest(decimals)
    whole = int(Fraction(amount) / step + Fraction(1, 2))
    return whole * step


def smallest(decimals: int) -> int:
    """Tell the smallest amount that is more than nothing."""
    return int(10 ** (_PLACES - decimals))


def written(amount: int, decimals: int) -> str:
    """Write an amount as a string with so many decimals."""
    return f"{Decimal(amount).scaleb(-_PLACES).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def unit_price(total: int, quantity: int) -> float:
    """Divide as PHP does, which misses the exact amount by a little."""
    return nextafter(total / UNIT / quantity, 0.0)
