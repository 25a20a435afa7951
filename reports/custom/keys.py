"""By what key the records of a group are told, kind by kind.

A key is never NULL: what is empty has a key of its own that no value can have. So both databases sort and join groups
in the same way. A raw value is what a key means, as JSON, and None where it is empty.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, DateField, Expression, F, Q, Value, When
from django.db.models.functions import Coalesce, Trunc
from django.db.models.lookups import Exact
from django.utils import timezone

from reports.business.mrr import PARTS, Parts
from reports.periods import months_on
from subscriptions.segments.clock import Clock
from subscriptions.segments.expressions import Fold, FoldAscii, fold, folded

NO_DAY = date(1, 1, 1)
_NO_INTEGER = -(2**31)
_NO_AMOUNT = -(10**16)


class FoldedKey(Fold):
    """A folded text, compared by the numbers of its letters in every database."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Name the collation, whatever that of the database is."""
        return self.as_sql(compiler, connection, template='(LOWER(BTRIM(%(expressions)s)) COLLATE "C")', **context)


class FoldedCode(FoldAscii):
    """A code of ASCII letters, folded, such as a currency; PostgreSQL is several times as fast with it."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Fold ASCII letters alone, as SQLite does."""
        return self.as_sql(compiler, connection, template='LOWER(BTRIM(%(expressions)s) COLLATE "C")', **context)


def currency(path: str) -> Expression:
    """Return the key of a currency; that of none is empty."""
    return Coalesce(FoldedCode(F(path)), Value(""), output_field=CharField())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """How values of one kind are grouped.

    `key(path, unit, is_month)` is the expression of the key, `nothing` the key of what is empty. `raw` makes a raw
    value of a key that is not, `back` the key of a raw value, and raises ValueError for what is none. `holding(path,
    key, unit, is_month)` asks for the records of a key.
    """

    name: str
    nothing: Any
    key: Callable[[str, str, bool], Expression]
    raw: Callable[[Any], Any]
    back: Callable[[Any], Any]
    holding: Callable[[str, Any, str, bool], Q]


def _text_holding(path: str, key: str, _unit: str, _is_month: bool) -> Q:
    """Ask with what the indexes hold, unless it is for what is empty."""
    return Q(Exact(fold(path, key), folded(key))) if key else Q(Exact(_text_key(path), Value("")))


def _text_key(path: str, _unit: str = "", _is_month: bool = False) -> Expression:
    return Coalesce(FoldedKey(F(path)), Value(""), output_field=CharField())


def _flag_key(path: str, _unit: str, _is_month: bool) -> Expression:
    whens = [When(**{path: truth}, then=Value(int(truth))) for truth in (True, False)]
    return Case(*whens, default=Value(-1), output_field=BigIntegerField())


def _date_key(path: str, unit: str, is_month: bool) -> Expression:
    day = Trunc(path, unit, output_field=DateField(), tzinfo=_zone(is_month))
    return Coalesce(day, Value(NO_DAY, output_field=DateField()))


def _zone(is_month: bool) -> Any:
    return UTC if is_month else timezone.get_default_timezone()


def day_of(key: Any) -> date:
    """Return the day that a database answers with: a date, a moment, or a text."""
    if isinstance(key, str):
        return date.fromisoformat(key[:10])
    return key.date() if isinstance(key, datetime) else key


def _date_holding(path: str, key: date, unit: str, is_month: bool) -> Q:
    """Ask for a span of time, which an index can find."""
    clock = Clock()
    begins, ends = (clock.begins(day, is_month=is_month) for day in (key, following(key, unit)))
    return Q(**{f"{path}__gte": begins, f"{path}__lt": ends})


def following(day: date, unit: str) -> date:
    """Return the first day of the unit after that which begins with a day."""
    if unit in _DAYS:
        return day + timedelta(days=_DAYS[unit])
    return months_on(day, _MONTHS[unit])


_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _whole(value: Any) -> int:
    if type(value) is not int or not -(2**63) < value < 2**63:
        raise ValueError("must be a whole number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("must be a text")
    return value


def _truth(value: Any) -> int:
    if type(value) is not bool:
        raise ValueError("must be true or false")
    return int(value)


def _day(value: Any) -> date:
    return date.fromisoformat(_text(value))


def _amount(value: Any) -> int:
    try:
        parts = Decimal(_text(value)) * PARTS
        return int(parts)
    except (ArithmeticError, ValueError):
        raise ValueError("must be an amount, as a text") from None


def _empty_is(path: str) -> Q:
    return Q(**{f"{path}__isnull": True})


TEXT = Kind(name="text", nothing="", key=_text_key, raw=str, back=_text, holding=_text_holding)
CHOICE = Kind(
    name="choice",
    nothing="",
    key=lambda path, _unit, _is_month: Coalesce(F(path), Value("")),
    raw=str,
    back=_text,
    holding=lambda path, key, _unit, _is_month: Q(**{path: key}) if key else Q(**{path: ""}) | _empty_is(path),
)
FLAG = Kind(
    name="flag",
    nothing=-1,
    key=_flag_key,
    raw=bool,
    back=_truth,
    holding=lambda path, key, _unit, _is_month: Q(**{path: bool(key)}) if key >= 0 else _empty_is(path),
)
INTEGER = Kind(
    name="integer",
    nothing=_NO_INTEGER,
    key=lambda path, _unit, _is_month: Coalesce(F(path), Value(_NO_INTEGER), output_field=BigIntegerField()),
    raw=int,
    back=_whole,
    holding=lambda path, key, _unit, _is_month: Q(**{path: key}) if key != _NO_INTEGER else _empty_is(path),
)
AMOUNT = Kind(
    name="amount",
    nothing=_NO_AMOUNT,
    key=lambda path, _unit, _is_month: Coalesce(Parts(F(path)), Value(_NO_AMOUNT), output_field=BigIntegerField()),
    raw=lambda key: f"{(Decimal(key) / PARTS).normalize():f}",
    back=_amount,
    holding=lambda path, key, _unit, _is_month: (
        Q(**{path: Decimal(key) / PARTS}) if key != _NO_AMOUNT else _empty_is(path)
    ),
)
DATE = Kind(
    name="date",
    nothing=NO_DAY,
    key=_date_key,
    raw=lambda key: day_of(key).isoformat(),
    back=_day,
    holding=lambda path, key, unit, is_month: (
        _date_holding(path, key, unit, is_month) if key != NO_DAY else _empty_is(path)
    ),
)
# a thing with a number and a name: a store, an automation, a campaign, a list, a tag
THING = Kind(
    name="thing",
    nothing=0,
    key=lambda path, _unit, _is_month: Coalesce(F(path), Value(0), output_field=BigIntegerField()),
    raw=int,
    back=_whole,
    holding=lambda path, key, _unit, _is_month: Q(**{path: key}) if key else _empty_is(path),
)
