"""How recurring payments are filtered: every field of the catalogue, by what its kind can be asked.

A filter is a field's name, or the name, two underscores and an operator: `payment_amount__gte=10`. All of them hold at
once. `contains` has no regard to case (SQLite: of ASCII letters); `in` may be given again and again.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from integrations.api import lists as lists  # registers the lookup of lists
from integrations.api import rows
from subscriptions.catalogue import FIELDS, Field
from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LENGTH, TEXT_LIST, Kind
from subscriptions.models import LineItem
from subscriptions.records import ITEM_KINDS

_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One question to a kind of field: its name in the address, the database's lookup, whether it takes many."""

    name: str
    lookup: str
    takes_many: bool = False


IS = Operator(name="", lookup="exact")
IN = Operator(name="in", lookup="in", takes_many=True)
CONTAINS = Operator(name="contains", lookup="icontains")
ANY_CONTAINS = Operator(name="contains", lookup="any_contains")
_COMPARISONS = tuple(Operator(name=name, lookup=name) for name in ("lt", "lte", "gt", "gte"))


def _whole(text: str, _limit: Any) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise ValueError("must be a whole number")
    number: int = INTEGER.parse(int(text), None)
    return number


def _flag(text: str, _limit: Any) -> bool:
    if text not in _FLAGS:
        raise ValueError("must be true or false")
    return _FLAGS[text]


# kind -> what it can be asked, and how a value is read from an address
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    TEXT: (IS, CONTAINS, IN),
    CHOICE: (IS, IN),
    AMOUNT: (IS, *_COMPARISONS),
    INTEGER: (IS, *_COMPARISONS),
    DATE: (IS, *_COMPARISONS),
    FLAG: (IS,),
    TEXT_LIST: (ANY_CONTAINS,),
}
_FROM_TEXT: dict[Kind, Callable[[str, Any], Any]] = {
    INTEGER: _whole,
    FLAG: _flag,
    TEXT_LIST: lambda text, _limit: TEXT.parse(text, TEXT_LENGTH),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One field with one operator."""

    field: Field
    operator: Operator

    @property
    def name(self) -> str:
        """What it is called in an address."""
        return f"{self.field.name}__{self.operator.name}" if self.operator.name else self.field.name

    def parse(self, text: str) -> Any:
        """Read a value from an address; raise ValueError with the reason."""
        kind = self.field.kind
        limit = self.field.choices if kind is CHOICE else self.field.limit
        parse: Callable[[str, Any], Any] = _FROM_TEXT.get(kind) or kind.parse
        return rows.sought(self.field.name, parse(text, limit))

    def condition(self, values: list[Any]) -> Q:
        """Ask for the payments that fulfil it."""
        value = values if self.operator.takes_many else values[0]
        if self.field.item:
            return Q(Exists(_items(self.field.item, value)))
        return Q(**{f"{self.field.column or self.field.name}__{self.operator.lookup}": value})


def _items(attribute: str, value: Any) -> Any:
    lookup = ANY_CONTAINS.lookup if ITEM_KINDS[attribute] is TEXT_LIST else CONTAINS.lookup
    return LineItem.objects.filter(**{"payment": OuterRef("pk"), f"{attribute}__{lookup}": value})


FILTERS: dict[str, Filter] = {
    one.name: one
    for field in FIELDS
    for one in (Filter(field=field, operator=operator) for operator in OPERATORS[field.kind])
}


def conditions(asked: Mapping[str, list[str]], *, beside: Iterable[str]) -> tuple[Q, dict[str, str]]:
    """Read all filters of an address, `beside` what else may stand there; return the condition, and what is wrong."""
    wanted, errors = Q(), {}
    for name, texts in asked.items():
        if name in beside:
            continue
        try:
            wanted &= _condition(name, texts)
        except ValueError as error:
            errors[name[:100]] = str(error)
    return wanted, errors


def _condition(name: str, texts: list[str]) -> Q:
    if name not in FILTERS:
        raise ValueError("is not a known filter")
    known = FILTERS[name]
    if len(texts) > 1 and not known.operator.takes_many:
        raise ValueError("is given more than once")
    return known.condition([known.parse(text) for text in texts])
