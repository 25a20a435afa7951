"""The records behind a number: as many as it counts."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from reports.custom import facts, keys, question
from reports.custom.dimensions import PERSON
from reports.custom.question import Money
from reports.custom.results import Place
from reports.custom.shape import Definition, Group


class NoSuchPlace(ValueError):
    """A place that the report does not have; the message says why."""


def records(definition: Definition, place: Place) -> "QuerySet[Any, Any]":
    """Return the records behind a row, a total or a cell, each once, in no order; raise NoSuchPlace.

    Of an amount that is converted, these are the records of all currencies that are.
    """
    if not isinstance(place, dict) or place.keys() - {"groups", "currency", "across"}:
        raise NoSuchPlace(_("There is no such place in this report."))
    rows = question.records(definition)
    for group, raw in zip(definition.groups, _raws(definition, place), strict=True):
        rows = rows.filter(_holding(definition, group, raw))
    if "across" in place and definition.across:
        rows = rows.filter(_in_column(definition, definition.across, place["across"]))
    money = question.money(definition)
    if money.is_there and isinstance(code := place.get("currency"), str):
        rows = rows.filter(_in_currency(definition, code, money))
    return rows


_ANY = object()


def _raws(definition: Definition, place: Place) -> list[Any]:
    """Return the raw value of each group, `_ANY` where the place is about all of them."""
    raws = place.get("groups")
    if raws is None:
        return [_ANY] * len(definition.groups)
    if not isinstance(raws, list) or len(raws) != len(definition.groups):
        raise NoSuchPlace(_("There is no such place in this report."))
    return raws


def _holding(definition: Definition, group: Group, raw: Any) -> Q:
    if raw is _ANY:
        return Q()
    dimension = group.dimension
    return dimension.holding(_key(group, raw), group.unit, outer=_outer(definition, dimension.via))


def _outer(definition: Definition, via: str) -> str:
    return definition.about.person if via == PERSON else "pk"


def _key(group: Group, raw: Any) -> Any:
    if raw is None:
        return group.dimension.kind.nothing
    try:
        return group.dimension.kind.back(raw)
    except ValueError:
        raise NoSuchPlace(_("There is no such place in this report.")) from None


def _in_column(definition: Definition, across: Group, raw: Any) -> Q:
    """Ask for the records in a column; those of the others have a value that has none."""
    if not isinstance(raw, dict):
        return _holding(definition, across, raw)
    shown = raw.get("others")
    if not isinstance(shown, list):
        raise NoSuchPlace(_("There is no such place in this report."))
    taken = [_key(across, one) for one in shown]
    return across.dimension.beyond(taken, across.unit, outer=_outer(definition, across.dimension.via))


def _in_currency(definition: Definition, code: str, money: Money) -> Q:
    codes = {code}
    if money.rates and code == money.target.lower():
        codes |= money.rates.keys()
    elif code in money.rates:
        return Q(pk__in=())
    asked = Q()
    for one in sorted(codes):
        asked |= _of_currency(definition.about.currency, one)
    return asked


def _of_currency(column: str, code: str) -> Q:
    """Ask for payments in a currency, or for people who pay in it; without one, also for those who do not pay."""
    if column:
        return Q(Exact(keys.currency(column), Value(code)))
    paid = facts.owned().filter(contact=OuterRef("pk"))
    in_it = Q(Exists(paid.annotate(r_currency=keys.currency("currency")).filter(r_currency=code)))
    return in_it if code else in_it | ~Q(Exists(paid))
