"""The filter of a search: each field is {value, filterOperator, sort}, all of them hold, sorted in the given order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.db.models.lookups import IContains
from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLString,
)

from integrations.api import lists as lists  # registers the lookups of lists
from integrations.api import rows
from integrations.api.graphql.types import ADDRESSES, BIG_DECIMAL, CHOICES, built
from subscriptions.catalogue import Field
from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LIST, Kind
from subscriptions.models import LineItem
from subscriptions.records import ITEM_KINDS

LARGEST = 100
MOST_VALUES = 100
_LOOKUPS = {"EQ": "exact", "CONTAINS": "icontains", "LT": "lt", "LTE": "lte", "GT": "gt", "GTE": "gte"}
_COMPARED = ("EQ", "LT", "LTE", "GT", "GTE")
_SORT = GraphQLEnumType("Sort", {"ASC": "ASC", "DESC": "DESC"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a filter asks for."""

    condition: Q = field(default_factory=Q)
    order: list[Any] = field(default_factory=list)
    offset: int = 0
    limit: int = 20


def read(told: Mapping[str, Any] | None) -> Search:
    """Read a filter; raise GraphQLError with the name of the field that cannot be read."""
    told = told or {}
    condition, order = Q(), []
    for known, asked in _asked(told, _FIELDS):
        if asked.get("value") is not None:
            condition &= _condition(known, asked)
        if asked.get("sort"):
            column = F(known.column or known.name)
            order.append(column.desc(nulls_last=True) if asked["sort"] == "DESC" else column.asc(nulls_last=True))
    paging = told.get("pagination") or {}
    offset, limit = paging.get("offset") or 0, 20 if paging.get("limit") is None else paging["limit"]
    if offset < 0 or not 1 <= limit <= LARGEST:
        raise GraphQLError(f"pagination: offset must be at least 0, and limit from 1 to {LARGEST}.")
    return Search(condition=condition, order=[*order, "pk"], offset=offset, limit=limit)


def _asked(told: Mapping[str, Any], tree: Mapping[str, Any]) -> Iterator[tuple[Field, Mapping[str, Any]]]:
    """Yield what is asked of each field, in the order in which it was asked."""
    for name, asked in told.items():
        of = tree.get(name)
        if asked and isinstance(of, Field):
            yield of, asked
        elif asked and of:
            yield from _asked(asked, of)


def _condition(known: Field, asked: Mapping[str, Any]) -> Q:
    try:
        return _CONDITIONS.get(known.kind, _compared)(known, asked["value"], asked.get("filterOperator") or "EQ")
    except ValueError as error:
        raise GraphQLError(f"{known.api_name} {error}") from None


def _compared(known: Field, value: Any, operator: str) -> Q:
    limit = known.choices if known.kind is CHOICE else known.limit
    stored = rows.sought(known.name, known.kind.parse(value, limit))
    return Q(**{f"{known.column or known.name}__{_LOOKUPS[operator]}": stored})


def _date(known: Field, value: str, operator: str) -> Q:
    """Compare moments; CONTAINS looks at the date as it is written, since plugins search for a day or a month."""
    if operator != "CONTAINS":
        return _compared(known, value, operator)
    written = TEXT.parse(value, 30).replace("T", " ").rstrip("Z")
    return Q(IContains(Cast(known.name, CharField()), written))


def _list(known: Field, values: list[Any], _operator: str) -> Q:
    """Ask whether one of the texts is among those of the field."""
    if len(values) > MOST_VALUES:
        raise ValueError(f"has more than {MOST_VALUES} values")
    texts = [TEXT.parse(value, known.limit) for value in values if value is not None]
    wanted = Q(pk__in=[])
    for text in texts:
        wanted |= Q(Exists(_items(known.item, text))) if known.item else Q(**{f"{known.name}__any_is": text})
    return wanted


def _items(attribute: str, text: str) -> Any:
    lookup = "any_is" if ITEM_KINDS[attribute] is TEXT_LIST else "exact"
    return LineItem.objects.filter(**{"payment": OuterRef("pk"), f"{attribute}__{lookup}": text})


_CONDITIONS: dict[Kind, Callable[[Field, Any, str], Q]] = {DATE: _date, TEXT_LIST: _list}


def _filter(name: str, value: Any, operators: tuple[str, ...], *, can_be_sorted: bool = True) -> GraphQLInputObjectType:
    parts = {
        "value": GraphQLInputField(value),
        "filterOperator": GraphQLInputField(GraphQLEnumType(f"{name}Operator", {one: one for one in operators})),
    }
    if can_be_sorted:
        parts["sort"] = GraphQLInputField(_SORT)
    return GraphQLInputObjectType(name, parts)


_OF_KIND: dict[Kind, GraphQLInputObjectType] = {
    TEXT: _filter("StringFilter", GraphQLString, ("EQ", "CONTAINS")),
    AMOUNT: _filter("BigDecimalFilter", BIG_DECIMAL, _COMPARED),
    INTEGER: _filter("IntFilter", GraphQLInt, _COMPARED),
    DATE: _filter("DateFilter", GraphQLString, (*_COMPARED, "CONTAINS")),
    FLAG: _filter("BooleanFilter", GraphQLBoolean, ("EQ",)),
    TEXT_LIST: _filter("StringListFilter", GraphQLList(GraphQLString), ("IN",), can_be_sorted=False),
}
_OF_CHOICE = {name: _filter(f"{of.name}Filter", of, ("EQ",)) for name, of in CHOICES.items()}
_FIELDS = built(lambda known: known, lambda parts: dict(parts))
_ADDRESS = GraphQLInputObjectType(
    "RecurringPaymentAddressFilter", {part: GraphQLInputField(_OF_KIND[TEXT]) for part in ADDRESSES[0]}
)
_PAGINATION = GraphQLInputObjectType(
    "Pagination",
    {
        "offset": GraphQLInputField(GraphQLInt, default_value=0),
        "limit": GraphQLInputField(GraphQLInt, default_value=20, description=f"1 to {LARGEST}"),
    },
)
RECURRING_PAYMENT_FILTER = GraphQLInputObjectType(
    "RecurringPaymentFilter",
    built(
        lambda known: GraphQLInputField(_OF_CHOICE.get(known.name) or _OF_KIND[known.kind]),
        lambda _parts: GraphQLInputField(_ADDRESS),
    )
    | {"pagination": GraphQLInputField(_PAGINATION)},
    description="All that is given must hold.",
)
