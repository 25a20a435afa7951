"""What can be counted of records, and how: each way of counting is a line of a table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from reports.business.mrr import PARTS
from reports.custom import sql
from reports.custom.facts import Facts

# what a source counts
RECORDS, PEOPLE, MONEY, NUMBER, DEED = "records", "people", "money", "number", "deed"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """Something that can be counted or added.

    `expression()` is the amount or number of a record; of what belongs to a record, `facts` has it in the column
    `fact`. `is_amount` marks an amount as it is stored, which is no whole number of ten-thousandths.
    """

    key: str
    label: Any
    section: str
    kind: str
    expression: Callable[[], Any] | None = None
    facts: Facts | None = None
    fact: str = ""
    is_amount: bool = False
    follows_emails: bool = False

    @property
    def hows(self) -> tuple[str, ...]:
        """The ways of counting it; the first is what is meant where none is named."""
        return _OF_KIND[self.kind]

    @property
    def is_money(self) -> bool:
        """Whether it has a currency."""
        return self.kind == MONEY


_NUMBERS = ("sum", "average", "minimum", "maximum", "median", "share")
_OF_KIND: dict[str, tuple[str, ...]] = {
    RECORDS: ("count", "share"),
    PEOPLE: ("count",),
    MONEY: _NUMBERS,
    NUMBER: _NUMBERS,
    DEED: ("count", "rate"),
}
LABELS: dict[str, Any] = {
    "count": pgettext_lazy("how something is counted", "Number"),
    "share": pgettext_lazy("how something is counted", "Share of the total"),
    "sum": pgettext_lazy("how something is counted", "Sum"),
    "average": pgettext_lazy("how something is counted", "Average"),
    "minimum": pgettext_lazy("how something is counted", "Minimum"),
    "maximum": pgettext_lazy("how something is counted", "Maximum"),
    "median": pgettext_lazy("how something is counted", "Median"),
    "rate": pgettext_lazy("how something is counted", "Rate"),
}
# the kind of a number that is shown -> ways of counting that make it, whatever is counted
_SHARES = ("share", "rate")


def shown_kind(source: Source, how: str) -> str:
    """Return which kind of value comes of it: money, number or share."""
    return "share" if how in _SHARES else "money" if source.is_money else "number"


def aggregate(source: Source, how: str, column: str) -> str:
    """Return the SQL that counts a column of grouped records."""
    times = sql.scale(is_amount=source.is_amount)
    return _AGGREGATES[source.kind, how](column, times)


def _average(column: str, times: int) -> str:
    return sql.rounded(sql.total(column, times), f"COUNT({column})")


def _count(_column: str, _times: int) -> str:
    return "COUNT(*)"


def _finely(made: Callable[[str, int], str]) -> Callable[[str, int], str]:
    return lambda column, times: made(column, times * PARTS)


_OF_NUMBERS: dict[str, Callable[[str, int], str]] = {
    "sum": sql.total,
    "average": _average,
    "minimum": lambda column, times: f"MIN({column}) * {times}",
    "maximum": lambda column, times: f"MAX({column}) * {times}",
    "median": sql.median,
    "share": sql.total,
}
_FINE = ("average", "median")  # those of whole numbers that have places behind the point
_AGGREGATES: dict[tuple[str, str], Callable[[str, int], str]] = {
    (RECORDS, "count"): _count,
    (RECORDS, "share"): _count,
    (PEOPLE, "count"): lambda column, _times: f"COUNT(DISTINCT {column})",
    (DEED, "count"): sql.total,
    (DEED, "rate"): lambda column, _times: sql.rounded(sql.total(column, PARTS), "COUNT(*)"),
    **{(MONEY, how): made for how, made in _OF_NUMBERS.items()},
    **{(NUMBER, how): _finely(made) if how in _FINE else made for how, made in _OF_NUMBERS.items()},
}


def whole(source: Source, how: str) -> str:
    """Return the SQL that makes the number of a whole out of those of its parts; empty where they do not say it."""
    return "" if source.kind == PEOPLE else _WHOLES.get(how, "")


_WHOLES = {
    "count": "SUM({})",
    "sum": "SUM({})",
    "share": "SUM({})",
    "minimum": "MIN({})",
    "maximum": "MAX({})",
}
_ADDED: dict[str, Callable[[list[Any]], Any]] = {"minimum": min, "maximum": max}


def added(how: str, parts: Iterable[Any]) -> Any:
    """Make the number of a whole out of those of its parts, as `whole` says; None out of none."""
    known = [one for one in parts if one is not None]
    return _ADDED.get(how, sum)(known) if known else None


def is_fine(source: Source, how: str) -> bool:
    """Say whether the database answers in ten-thousandths."""
    return source.kind == MONEY or how in _FINE or how == "rate"


def value(source: Source, how: str, answered: Any) -> Decimal | int | None:
    """Return the number that a database's answer means; of a share, what is shared."""
    if answered is None:
        return None
    return Decimal(int(answered)) / PARTS if is_fine(source, how) else int(answered)


def heading(source: Source, how: str) -> str:
    """Name a column: "Payment amount: sum"; what is merely counted has its own name."""
    if how == "count":
        return str(source.label)
    return _("%(what)s: %(how)s") % {"what": source.label, "how": str(LABELS[how]).lower()}
