"""Stripe's amounts: integers in the currency's minor unit, or parts of it, as exact decimals in the currency itself.

Which currencies have no minor unit, or one of a thousandth, is Stripe's own table
(docs.stripe.com/currencies#minor-units), which no library equals: ISK and UGX count in hundredths there.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from django.utils.translation import gettext

from integrations.providers.reading import Json, at, integer_at, list_at, text_at
from subscriptions.records import RecordError

_NO_DECIMALS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
# Room for any number that JSON can hold: the field refuses what is too large, in words.
_ROOM = Context(prec=10_000)
_MOST_DIGITS = 20


def decimals(currency: str) -> int:
    """Return how many decimal places Stripe counts a currency in."""
    code = currency.upper()
    return 0 if code in _NO_DECIMALS else 3 if code in _THREE_DECIMALS else 2


def from_minor(minor: Decimal | int | None, currency: str) -> Decimal | None:
    """Turn minor units into the currency, rounded half up to what can be charged."""
    if minor is None:
        return None
    places = decimals(currency)
    return Decimal(minor).scaleb(-places, _ROOM).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _ROOM)


def unit_price(price: Json) -> Decimal | None:
    """Return a price per unit in minor units, which may be less than one; None where tiers or use decide."""
    whole = integer_at(price, "unit_amount")
    if whole is not None:
        return Decimal(whole)
    parts = at(price, "unit_amount_decimal")
    return None if parts is None else _parts_of_a_unit(str(parts))


def _parts_of_a_unit(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount.adjusted()) > _MOST_DIGITS:
        raise RecordError({"items.data.price.unit_amount_decimal": gettext("must be an amount")})
    return amount


def is_fixed(price: Json) -> bool:
    """Whether the price is a unit price, and not one that tiers or metered use make."""
    return text_at(price, "billing_scheme") != "tiered" and text_at(price, "recurring.usage_type") != "metered"


def discount(invoice: Json | None) -> int:
    """Return the sum of an invoice's discounts, in minor units."""
    return _sum(list_at(invoice, "total_discount_amounts"))


def tax(invoice: Json | None) -> int:
    """Return the sum of an invoice's taxes, in minor units, whichever shape it has."""
    return _sum(_taxes(invoice))


def added_tax(invoice: Json | None) -> int:
    """Return the sum of those taxes that come on top of the prices, in minor units."""
    return _sum(entry for entry in _taxes(invoice) if not _is_inclusive(entry))


def _taxes(invoice: Json | None) -> list[Json]:
    return list_at(invoice, "total_taxes") or list_at(invoice, "total_tax_amounts")


def _is_inclusive(entry: Json) -> bool:
    return bool(at(entry, "tax_behavior") == "inclusive" or at(entry, "inclusive") is True)


def _sum(entries: Iterable[Json]) -> int:
    return sum(integer_at(entry, "amount") or 0 for entry in entries)
