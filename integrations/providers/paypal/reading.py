"""What PayPal's JSON has of its own: moments in ISO 8601, and money as a value with its currency."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from integrations.providers.reading import Json, at, text_at
from subscriptions.records import RecordError

# Currencies that PayPal takes without decimals (developer.paypal.com/reference/currency-codes).
_NO_DECIMALS = frozenset({"HUF", "JPY", "TWD"})
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_MOST_DIGITS = 20


def moment_at(source: Json | None, path: str) -> datetime | None:
    """Return the moment at a path."""
    text = text_at(source, path)
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise RecordError({path: gettext("is no date")})
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def month_at(source: Json | None, path: str) -> datetime | None:
    """Return the first day of the month at a path, such as a card's expiry."""
    found = _MONTH.fullmatch(text_at(source, path))
    return datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC) if found and int(found[1]) else None


def amount_at(source: Json | None, path: str) -> Decimal | None:
    """Return the value of the money at a path; sales call it total, but no money is read of them."""
    return _number(at(source, f"{path}.value"), f"{path}.value") if at(source, path) is not None else None


def number_at(source: Json | None, path: str) -> Decimal | None:
    """Return the number at a path, which PayPal often writes as a text."""
    return _number(at(source, path), path)


def _number(value: object, path: str) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        number = Decimal(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise RecordError({path: gettext("must be an amount")})
    return number


def currency_of(source: Json | None, paths: Iterable[str]) -> str:
    """Return the first currency that one of the paths to money names."""
    return next((code for path in paths if (code := text_at(source, f"{path}.currency_code"))), "")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up to what can be charged."""
    places = 0 if currency.upper() in _NO_DECIMALS else 2
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
