"""Records given as variables: one that is not of its type is refused by itself, and keeps no other from being read.

GraphQL itself would refuse the request with all its records. In the document itself it does: that is no document then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLList,
    VariableNode,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    type_from_ast,
)
from graphql.utilities import validate_input_value

from config.api.showing import showable
from integrations.api import rows
from integrations.api.graphql.types import RECURRING_PAYMENT_INPUT
from subscriptions.catalogue import BY_NAME
from subscriptions.records import IDENTITY

_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A record that is not of its type: the id that it names, and its reasons by path."""

    id: str
    errors: Mapping[str, str]


# variable -> place in its list -> the record
type Unread = Mapping[str, Mapping[int, Unreadable]]


def sift(
    schema: Any, document: DocumentNode, operation: str | None, variables: Mapping[str, Any]
) -> tuple[dict[str, Any], Unread]:
    """Return the variables without the records that are not of their type, and those by variable and place."""
    left, unread = dict(variables), {}
    for name, kind in _lists(schema, document, operation):
        told = variables.get(name)
        if isinstance(told, list):
            bad = {place: one for place, record in enumerate(told) if (one := _unreadable(record, kind))}
            left[name] = [record for place, record in enumerate(told) if place not in bad]
            unread[name] = bad
    return left, {name: bad for name, bad in unread.items() if bad}


def whole(info: Any, argument: str, records: list[Any], unread: Unread) -> list[Any]:
    """Put what was sifted out of an argument's variable back in its places."""
    told = list(records)
    for place, record in sorted(unread.get(_variable(info, argument), {}).items()):
        told.insert(place, record)
    return told


def _lists(schema: Any, document: DocumentNode, operation: str | None) -> Iterator[tuple[str, GraphQLInputType]]:
    """Name the variables of an operation that are lists of records, with the type of one."""
    node = get_operation_ast(document, operation)
    for one in node.variable_definitions or () if node else ():
        known: Any = type_from_ast(schema, one.type)
        kind = get_nullable_type(known)
        if isinstance(kind, GraphQLList) and get_named_type(kind) is RECURRING_PAYMENT_INPUT:
            yield one.variable.name.value, kind.of_type


def _unreadable(record: Any, kind: GraphQLInputType) -> Unreadable | None:
    errors: dict[str, str] = {}

    def note(error: GraphQLError, path: list[str | int]) -> None:
        errors[_written(path)] = showable(error.message, _LONGEST_REASON)

    validate_input_value(record, kind, note)
    told = record.get(BY_NAME[IDENTITY].api_name) if isinstance(record, dict) else None
    return Unreadable(id=rows.named_id({IDENTITY: told}) or "", errors=errors) if errors else None


def _written(path: list[str | int]) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return showable("".join(parts).removeprefix("."))


def _variable(info: Any, argument: str) -> str:
    for one in info.field_nodes[0].arguments:
        if one.name.value == argument and isinstance(one.value, VariableNode):
            return one.value.name.value
    return ""
