"""What a report asks of the database: which records, by which columns they are told apart, and what of their money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from reports import currencies
from reports.custom import where
from reports.custom.keys import AMOUNT, TEXT
from reports.custom.measures import Source
from reports.custom.objects import PAYMENTS
from reports.custom.shape import CONVERTED, Definition, During, Group
from reports.periods import today
from subscriptions.segments.clock import Clock

# The column that says of a record whether its value of the across is one of those that have no column of their own.
OTHERS = "o"


def records(definition: Definition) -> "QuerySet[Any, Any]":
    """Return the records that a report is about, in no order."""
    about, rows = definition.about, definition.about.records().order_by()
    if definition.where:
        of_payments = about.key == PAYMENTS
        rows = rows.filter(where.condition(definition.where, of_payments=of_payments, person=about.person))
    return rows.filter(_in(definition.during)) if definition.during else rows


def _in(during: During) -> Q:
    first, last = during.days(today())
    clock = Clock()
    path, is_month = during.dimension.path, during.dimension.is_month
    begins, ends = (clock.begins(day, is_month=is_month) for day in (first, last + timedelta(days=1)))
    return Q(**{f"{path}__gte": begins, f"{path}__lt": ends})


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """How amounts are told apart: whether there are any, the currency into which they are converted, and the rates by
    the folded code of each currency; no rates where nothing is converted.
    """

    is_there: bool
    target: str = ""
    rates: dict[str, Decimal]

    def key(self, currency: str) -> str:
        """Return the key under which an amount in a currency is added."""
        return self.target.lower() if currency in self.rates else currency


def money(definition: Definition) -> Money:
    """Return how a report tells amounts apart."""
    has_amounts = any(one.source.is_money for one in definition.measures)
    has_amounts |= any(one.dimension.kind is AMOUNT for one in slots(definition).values())
    if not has_amounts or definition.money != CONVERTED:
        return Money(is_there=has_amounts, rates={})
    rates = {code.lower(): rate for code, rate in currencies.rates().items()}
    return Money(is_there=True, target=currencies.target(), rates=rates)


def slots(definition: Definition) -> dict[str, Group]:
    """Return the groups by the names of their columns; that of the across is "a"."""
    named = {f"d{number}": one for number, one in enumerate(definition.groups)}
    return named | ({"a": definition.across} if definition.across else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A report that is being asked. `shown` are the keys of the across that have columns, while there are others."""

    definition: Definition
    money: Money
    slots: dict[str, Group]
    shown: tuple[Any, ...] | None = None

    @property
    def sources(self) -> list[Source]:
        """What is counted, each once; its place is the number of its column m…"""
        return list(dict.fromkeys(one.source for one in self.definition.measures))


def ask(definition: Definition) -> Question:
    """Begin to ask."""
    return Question(definition=definition, money=money(definition), slots=slots(definition))


def columns(asked: Question, names: Sequence[str]) -> list[str]:
    """Name the columns by which records are told apart."""
    others = [OTHERS] if asked.shown is not None and "a" in names else []
    return [*names, *others, *(["c"] if asked.money.is_there else [])]


def has_words(group: Group) -> bool:
    """Whether the key of a group does not say how it is spelled."""
    return group.dimension.kind is TEXT
