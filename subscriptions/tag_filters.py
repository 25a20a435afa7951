"""The filters of personal tags: exact reckoning, which keeps an amount's currency, and days and amounts in words.

The language's own filters reckon with binary fractions and know no exact numbers.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date
from liquid.builtin.filters import misc, string

from subscriptions import display
from subscriptions.tag_values import Amount

_LENGTHS = ("short", "medium", "long", "full")
type _Filter = Callable[..., Any]


class NoNumber(ValueError):
    """A text was to be reckoned with."""


class Plain(Decimal):
    """A number that says itself as the reader's language writes it."""

    def __str__(self) -> str:
        return display.number(Decimal(self))


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return Decimal(value)
    if value is None:
        return Decimal(0)
    try:
        return Decimal(repr(value) if isinstance(value, float) else str(value))
    except InvalidOperation:
        raise NoNumber(f"{str(value)[:40]} is no number") from None


def _like(value: object, result: Decimal) -> Decimal:
    return Amount.of(result, value.currency) if isinstance(value, Amount) else Plain(result)


def _reckoning(verb: Callable[..., Decimal]) -> _Filter:
    def reckon(value: object, *others: object) -> Decimal:
        return _like(value, verb(_number(value), *map(_number, others)))

    return reckon


def _rounding(mode: str) -> Callable[..., Decimal]:
    def round_to(number: Decimal, places: Decimal = Decimal(0)) -> Decimal:
        return number.quantize(Decimal(1).scaleb(-min(max(int(places), 0), 9)), rounding=mode)

    return round_to


def _date(value: object, form: object = "medium") -> str:
    """Write a day in a length of the reader's language, or by a pattern such as "%d.%m."."""
    if not isinstance(value, datetime):
        return "" if value is None else str(value)
    local = display.local(value)
    if str(form) in _LENGTHS:
        return str(format_date(local, str(form), locale=display.locale()))
    return local.strftime(str(form))


def _money(value: object, currency: object = "") -> Amount:
    return Amount.of(_number(value), str(currency or ""))


_NUMBERS: dict[str, Callable[..., Decimal]] = {
    "plus": lambda number, other: number + other,
    "minus": lambda number, other: number - other,
    "times": lambda number, other: number * other,
    "divided_by": lambda number, other: number / other,
    "modulo": lambda number, other: number % other,
    "at_least": max,
    "at_most": min,
    "abs": abs,
    "round": _rounding(ROUND_HALF_UP),
    "floor": _rounding(ROUND_FLOOR),
    "ceil": _rounding(ROUND_CEILING),
}
FILTERS: dict[str, _Filter] = {
    **{name: _reckoning(verb) for name, verb in _NUMBERS.items()},
    "money": _money,
    "date": _date,
    "default": misc.default,
    "size": misc.size,
    "upcase": string.upcase,
    "downcase": string.downcase,
    "capitalize": string.capitalize,
    "strip": string.strip,
    "truncate": string.truncate,
    "append": string.append,
    "prepend": string.prepend,
    "remove": string.remove,
    "url_encode": string.url_encode,
    "escape": string.escape,
}
