"""Lists a page at a time: sorted by one field and then by id, and gone on with at a cursor, not at a number.

So rows that come meanwhile shift nothing. What is empty comes last, whichever way the list is sorted.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db.models import F, Q, QuerySet
from rest_framework.request import Request

from config.api.refusals import Refused

LIMIT = 50
LARGEST = 200
PARAMETERS = ("limit", "cursor", "sort")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """By which field of the catalogue a list is sorted; without one, by id."""

    field: Any = None
    is_descending: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.is_descending else ''}{self.field.name if self.field else ''}"

    def order(self) -> list[Any]:
        """Return what the database sorts by."""
        if self.field is None:
            return ["pk"]
        column = F(self.field.name)
        first = column.desc(nulls_last=True) if self.is_descending else column.asc(nulls_last=True)
        return [first, "pk"]

    def after(self, value: Any, pk: int) -> Q:
        """Ask for what comes after a row that has this value and this id."""
        later = Q(pk__gt=pk)
        if self.field is None:
            return later
        name = self.field.name
        if value is None:
            return Q(**{f"{name}__isnull": True}) & later
        beyond = Q(**{f"{name}__{'lt' if self.is_descending else 'gt'}": value})
        return beyond | (Q(**{name: value}) & later) | Q(**{f"{name}__isnull": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows, and the cursor of the next page; None where this is the last."""

    rows: list[Any]
    next: str | None


def page(rows: QuerySet[Any], request: Request, *, sort: Sort | None = None) -> Page:
    """Return the page that a request asks for; raise Refused for a limit or a cursor that is none."""
    sort = sort or Sort()
    limit = limit_of(request)
    if cursor := request.query_params.get("cursor"):
        rows = rows.filter(sort.after(*_read(cursor, sort)))
    found = list(rows.order_by(*sort.order())[: limit + 1])
    return Page(rows=found[:limit], next=_cursor(found[limit - 1], sort) if len(found) > limit else None)


def limit_of(request: Request, *, default: int = LIMIT, largest: int = LARGEST) -> int:
    """Read `limit`."""
    text = request.query_params.get("limit", str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= largest):
        raise refused("limit", f"must be a whole number from 1 to {largest}")
    return int(text)


def only(request: Request, known: Iterable[str]) -> None:
    """Refuse what an address does not know, by its name, and what is given again, since nobody knows which counts."""
    asked = dict(request.query_params.lists())
    errors = {name: "is given more than once" for name, values in asked.items() if len(values) > 1}
    errors |= {name[:100]: "is not a known parameter" for name in sorted(asked.keys() - set(known))}
    if errors:
        raise Refused(HTTPStatus.BAD_REQUEST, "The address has parameters that cannot be used.", errors)


def _cursor(row: Any, sort: Sort) -> str:
    value = sort.field.kind.dump(getattr(row, sort.field.name)) if sort.field else None
    return urlsafe_b64encode(json.dumps([str(sort), value, row.pk]).encode()).decode().rstrip("=")


def _read(cursor: str, sort: Sort) -> tuple[Any, int]:
    try:
        told, value, pk = json.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        is_ours = told == str(sort) and type(pk) is int and 0 <= pk < 2**63
        if sort.field and value is not None:
            value = sort.field.parse(sort.field.kind.load(value))
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        is_ours = False
    if not is_ours:
        raise refused("cursor", "is not a cursor of this list")
    return value, pk


def refused(path: str, reason: str) -> Refused:
    """Refuse a parameter."""
    return Refused(HTTPStatus.BAD_REQUEST, f"The parameter “{path}” {reason}.", {path: reason})
