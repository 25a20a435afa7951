"""What a field of a recurring payment can be: its column, its empty value, how it is read in and written out.

A kind is one object that knows everything about itself; nothing else asks which kind a field is.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

TEXT_LENGTH = 1000
# 15 significant digits are what SQLite keeps exactly; four places hold every currency and every shop's amounts.
AMOUNT_DIGITS = 15
AMOUNT_PLACES = 4
_AMOUNT_LIMIT = Decimal(10) ** (AMOUNT_DIGITS - AMOUNT_PLACES)
_AMOUNT_STEP = Decimal(1).scaleb(-AMOUNT_PLACES)
_INTEGER_LIMIT = 2**31 - 1
# PostgreSQL stores no NUL, and half a surrogate pair is no text in any encoding.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """One kind of field.

    `parse(value, limit)` turns what a provider sent into what is stored, or raises ValueError in the user's words;
    `limit` is the length of a text, or the allowed choices. None always stands for "empty". `numeric` values line up
    at the right. `dump` turns a stored
    value into JSON for the change log and the API; `load` is its inverse.
    """

    name: str
    label: Any
    empty: Any
    column: Callable[..., "models.Field[Any, Any]"]
    parse: Callable[[Any, Any], Any]
    numeric: bool = False
    dump: Callable[[Any], Any] = lambda value: value
    load: Callable[[Any], Any] = lambda value: value


def parse_text(value: Any, limit: int) -> str:
    """Take a string that the database can hold."""
    if not isinstance(value, str):
        raise ValueError(gettext("must be text, not %(value)s") % {"value": _shown(value)})
    if _UNSTORABLE.search(value):
        raise ValueError(gettext("contains a character that cannot be stored"))
    if len(value) > limit:
        raise ValueError(gettext("is longer than %(limit)d characters") % {"limit": limit})
    return value


def parse_choice(value: Any, choices: Iterable[str]) -> str:
    """Take one of the choices, spelled as they are."""
    if isinstance(value, str) and (not value or value in choices):
        return value
    allowed = ", ".join(choices)
    raise ValueError(
        gettext("must be one of %(choices)s, not %(value)s") % {"choices": allowed, "value": _shown(value)}
    )


def parse_amount(value: Any, _limit: Any = None) -> Decimal:
    """Take an exact number: a Decimal, a whole number or its text; a float is refused, since it is not exact."""
    amount = _exact_number(value)
    if amount is None or not amount.is_finite():
        raise ValueError(gettext("must be an amount, not %(value)s") % {"value": _shown(value)})
    # copy_abs, since abs would round first, and overflow where an exponent is huge
    if amount.copy_abs() >= _AMOUNT_LIMIT:
        raise ValueError(gettext("is too large an amount: %(value)s") % {"value": _shown(value)})
    exact = amount.quantize(_AMOUNT_STEP)
    if exact != amount:
        raise ValueError(
            gettext("has more than %(places)d decimal places: %(value)s")
            % {"places": AMOUNT_PLACES, "value": _shown(value)}
        )
    return exact or exact.copy_abs()  # shops send "-0.00", which is nothing and not a debt


def _exact_number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def parse_integer(value: Any, _limit: Any = None) -> int:
    """Take a whole number that is one already: no text, no truth value."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(gettext("must be a whole number, not %(value)s") % {"value": _shown(value)})
    if abs(value) > _INTEGER_LIMIT:
        raise ValueError(gettext("is too large a number: %(value)s") % {"value": _shown(value)})
    return value


# In the first and the last year that Python knows, the same moment elsewhere on earth may be none.
_YEARS = range(2, 9999)


def parse_date(value: Any, _limit: Any = None) -> datetime:
    """Take a moment with its time zone: a datetime, or ISO 8601 such as 2019-11-16T10:48:23Z; returns it in UTC."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else value
        if isinstance(moment, datetime) and moment.tzinfo is not None and moment.year in _YEARS:
            return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        gettext("must be a date and time with its zone, such as 2019-11-16T10:48:23Z, not %(value)s")
        % {"value": _shown(value)}
    )


def parse_flag(value: Any, _limit: Any = None) -> bool:
    """Take true or false and nothing that merely looks like it."""
    if not isinstance(value, bool):
        raise ValueError(gettext("must be true or false, not %(value)s") % {"value": _shown(value)})
    return value


def parse_text_list(value: Any, limit: int) -> list[str]:
    """Take a list of texts."""
    if not isinstance(value, list | tuple):
        raise ValueError(gettext("must be a list of texts, not %(value)s") % {"value": _shown(value)})
    return [parse_text(item, limit) for item in value]


def _shown(value: Any) -> str:
    """Quote a refused value briefly enough for a message, and without what no database can store."""
    text = _UNSTORABLE.sub("�", str(value) if isinstance(value, Decimal) else repr(value))
    return text if len(text) <= 60 else f"{text[:57]}…"


def _dump_date(value: datetime | None) -> str | None:
    return value.isoformat().replace("+00:00", "Z") if value else None


def _dump_amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


TEXT = Kind(
    name="text",
    label=_("Text"),
    empty="",
    column=lambda limit, **options: models.CharField(max_length=limit, blank=True, default="", **options),
    parse=parse_text,
)
CHOICE = Kind(
    name="choice",
    label=_("Choice"),
    empty="",
    column=lambda limit, **options: models.CharField(max_length=32, blank=True, default="", choices=limit, **options),
    parse=parse_choice,
)
AMOUNT = Kind(
    name="amount",
    label=_("Amount"),
    empty=None,
    column=lambda _limit, **options: models.DecimalField(
        max_digits=AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES, null=True, blank=True, **options
    ),
    parse=parse_amount,
    numeric=True,
    dump=_dump_amount,
    load=lambda value: None if value is None else Decimal(value),
)
INTEGER = Kind(
    name="integer",
    label=_("Whole number"),
    empty=None,
    column=lambda _limit, **options: models.IntegerField(null=True, blank=True, **options),
    parse=parse_integer,
    numeric=True,
)
DATE = Kind(
    name="date",
    label=_("Date"),
    empty=None,
    column=lambda _limit, **options: models.DateTimeField(null=True, blank=True, **options),
    parse=parse_date,
    dump=_dump_date,
    load=lambda value: None if value is None else datetime.fromisoformat(value),
)
FLAG = Kind(
    name="flag",
    label=_("Yes or no"),
    empty=None,
    column=lambda _limit, **options: models.BooleanField(null=True, blank=True, **options),
    parse=parse_flag,
)
TEXT_LIST = Kind(
    name="text_list",
    label=_("List of texts"),
    empty=[],
    column=lambda _limit, **options: models.JSONField(default=list, blank=True, **options),
    parse=parse_text_list,
)
