"""The forms that a condition's value has: nothing, one, several, from and to, or a span of time.

A form reads what JSON says and writes it again; what it reads is what the compiler and the sentences get.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LENGTH, TEXT_LIST, Kind

if TYPE_CHECKING:
    from subscriptions.segments.subjects import Subject

MOST_VALUES = 500
MOST_OF_TAG = 100
UNITS = ("hours", "days", "weeks", "months")
# The longest span of each unit is about a century, which no clock arithmetic overflows.
MOST_OF_UNIT = {"hours": 876_000, "days": 36_500, "weeks": 5_200, "months": 1_200}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """So many hours, days, weeks or calendar months."""

    n: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of a value: `read` raises ValueError in the user's words, `write` gives back stable JSON."""

    name: str
    read: Callable[["Subject", Any], Any]
    write: Callable[["Subject", Any], Any]


def _text(subject: "Subject", value: Any) -> str:
    text = TEXT.parse(value, TEXT_LENGTH)
    if not text.strip():
        raise ValueError(_("must not be blank; ask whether the field is empty instead"))
    return str(text)


def _amount(_subject: "Subject", value: Any) -> Decimal:
    """Take 49.9 too, as JSON writes it: what somebody typed is meant, not its binary neighbour."""
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    return Decimal(AMOUNT.parse(exact, None))


def _day(_subject: "Subject", value: Any) -> date:
    try:
        day = parse_date(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("must be a day, such as 2026-03-01"))
    if not date(1, 1, 3) <= day <= date(9999, 12, 29):
        raise ValueError(_("must be a day between the years 1 and 9999"))
    return day


# kind -> how one value of it is read
_ONE: dict[Kind, Callable[["Subject", Any], Any]] = {
    TEXT: _text,
    CHOICE: lambda subject, value: CHOICE.parse(value, subject.choices) or _text(subject, value),
    AMOUNT: _amount,
    INTEGER: lambda _subject, value: INTEGER.parse(value, None),
    DATE: _day,
    FLAG: lambda _subject, value: FLAG.parse(value, None),
    TEXT_LIST: _text,
}


def read_one(subject: "Subject", value: Any) -> Any:
    """Read one value of a subject's kind."""
    return _ONE[subject.kind](subject, value) if subject.kind else value


def write_one(_subject: "Subject", value: Any) -> Any:
    """Write one value as JSON."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value) if isinstance(value, date) else value


def _many(subject: "Subject", value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(_("must be a list with at least one value"))
    if len(value) > MOST_VALUES:
        raise ValueError(_("must not have more than %(most)d values") % {"most": MOST_VALUES})
    return tuple(dict.fromkeys(read_one(subject, one) for one in value))


def _range(subject: "Subject", value: Any) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(_("must be a list of two values: from and to"))
    start, end = (read_one(subject, one) for one in value)
    if end < start:
        raise ValueError(_("must name the smaller value first"))
    return start, end


def _span(_subject: "Subject", value: Any) -> Span:
    if not isinstance(value, dict) or set(value) != {"n", "unit"}:
        raise ValueError(_('must say how long, such as {"n": 7, "unit": "days"}'))
    n, unit = value["n"], value["unit"]
    if not isinstance(unit, str) or unit not in UNITS:
        raise ValueError(_("must be in one of these units: %(units)s") % {"units": ", ".join(UNITS)})
    most = MOST_OF_UNIT[unit]
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= most:
        raise ValueError(_("must be a whole number from 1 to %(most)d") % {"most": most})
    return Span(n=n, unit=unit)


def _nothing(_subject: "Subject", value: Any) -> None:
    if value is not None:
        raise ValueError(_("is not needed here"))


def _name(_subject: "Subject", value: Any) -> str:
    name = TEXT.parse(value, MOST_OF_TAG).strip()
    if not name:
        raise ValueError(_("must name a tag"))
    return str(name)


def _number(_subject: "Subject", value: Any) -> int:
    number: int = INTEGER.parse(value, None)
    return number


NAMED = Form(name="tag", read=_name, write=lambda _subject, value: value)
NUMBERED = Form(name="numbered", read=_number, write=lambda _subject, value: value)
NOTHING = Form(name="nothing", read=_nothing, write=lambda _subject, _value: None)
ONE = Form(name="one", read=read_one, write=write_one)
MANY = Form(name="many", read=_many, write=lambda subject, value: [write_one(subject, one) for one in value])
RANGE = Form(name="range", read=_range, write=lambda subject, value: [write_one(subject, one) for one in value])
SPAN = Form(name="span", read=_span, write=lambda _subject, value: {"n": value.n, "unit": value.unit})
