"""Which records a report is about: conditions of the segment language, of recurring payments and of people mixed.

A condition inside a payment asks about its fields alone, and one of people about people; a report about payments may
join both. A payment of nobody fulfils no condition of people, and so it fulfils the opposite of each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from contacts.models import Contact
from subscriptions.segments import compiler, reading
from subscriptions.segments.known import Known, look_up
from subscriptions.segments.mistakes import SegmentError, below
from subscriptions.segments.tree import Joint, Node

_MOST_LEVELS = reading.MOST_LEVELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """Conditions of one sort: of people, or of the payment itself."""

    node: Node
    is_people: bool

    def write(self) -> dict[str, Any]:
        """Write it as JSON."""
        return reading.write(self.node)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """Conditions of both sorts, all or any of which must hold; `is_not` means the opposite."""

    joint: Joint
    parts: tuple["Where", ...]
    is_not: bool = False

    def write(self) -> dict[str, Any]:
        """Write it as JSON."""
        if self.is_not:
            return {"not": self.parts[0].write()}
        return {self.joint.value: [one.write() for one in self.parts]}


type Where = Of | Mixed


def read(data: Any, *, of_payments: bool) -> Where:
    """Read conditions; raise SegmentError with what is wrong at which path."""
    if not of_payments:
        return Of(node=reading.read(data), is_people=True)
    return _read(data, "", look_up([data]), 1)


def _read(data: Any, path: str, known: Known, level: int) -> Where:
    sorts = _sorts(data)
    is_whole = sorts == {"people"} and not _has_opposites(data)
    if is_whole or "people" not in sorts or not isinstance(data, dict) or _PEOPLE & data.keys():
        return _pure(data, path, known, is_people="people" in sorts)
    if level > _MOST_LEVELS:
        raise SegmentError({path: _("is nested deeper than %(most)d levels") % {"most": _MOST_LEVELS}})
    if set(data) == {"not"}:
        inner = _read(data["not"], below(path, "not"), known, level + 1)
        return Mixed(joint=Joint.ALL, parts=(inner,), is_not=True)
    [key] = data if len(data) == 1 else ("",)
    if key not in ("all", "any") or not isinstance(data[key], list):
        raise SegmentError({path: _("must have exactly one of: %(keys)s") % {"keys": "all, any, not"}})
    return Mixed(joint=Joint(key), parts=_parts(data[key], below(path, key), known, level + 1))


def _parts(listed: list[Any], path: str, known: Known, level: int) -> tuple[Where, ...]:
    parts, errors = list[Where](), dict[str, str]()
    for number, one in enumerate(listed):
        try:
            parts.append(_read(one, f"{path}[{number}]", known, level))
        except SegmentError as error:
            errors |= error.errors
    if errors:
        raise SegmentError(errors)
    return tuple(parts)


def _pure(data: Any, path: str, known: Known, *, is_people: bool) -> Of:
    try:
        return Of(node=reading.read(data, inside_payment=not is_people, known=known), is_people=is_people)
    except SegmentError as error:
        raise SegmentError({_under(path, inner): words for inner, words in error.errors.items()}) from None


def _under(path: str, inner: str) -> str:
    return below(path, inner) if inner else path


_PEOPLE = {"contact", "tag", "list", "segment", "recurring_payment"}
_SORTS = {"field": "payment"} | dict.fromkeys(_PEOPLE, "people")


def _has_opposites(data: Any, level: int = 1) -> bool:
    """Say whether conditions of people are turned round, which is then meant of payments and not of their people."""
    if level > _MOST_LEVELS or not isinstance(data, dict) or _PEOPLE & data.keys():
        return False
    parts = data.get("all") or data.get("any") or []
    return "not" in data or (isinstance(parts, list) and any(_has_opposites(one, level + 1) for one in parts))


def _sorts(data: Any) -> set[str]:
    """Say which sorts of conditions there are in a tree, however wrong it may be."""
    found: set[str] = set()
    left = [data]
    while left:
        part = left.pop()
        if isinstance(part, list):
            left.extend(part)
        elif isinstance(part, dict):
            own = {_SORTS[key] for key in part if key in _SORTS}
            found |= own
            if not own:
                left.extend(part.values())
    return found


def condition(where: Where, *, of_payments: bool, person: str) -> Q:
    """Ask for the records; `person` leads from a record to its contact, "id" where it is one."""
    if isinstance(where, Mixed):
        parts = (condition(one, of_payments=of_payments, person=person) for one in where.parts)
        joined = reduce(_JOINS[where.joint], parts)
        return ~joined if where.is_not else joined
    if not where.is_people:
        return compiler.of_payments(where.node)
    asked = compiler.of_people(where.node)
    return asked if person == "id" else Q(Exists(Contact.objects.order_by().filter(asked, pk=OuterRef(person))))


_JOINS: dict[Joint, Callable[[Q, Q], Q]] = {Joint.ALL: and_, Joint.ANY: or_}
