"""The language of segments as JSON Schema, for whoever writes them by hand or by program; made from the tables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from subscriptions.kinds import TEXT_LENGTH
from subscriptions.segments import operators, reading
from subscriptions.segments.operators import Operator
from subscriptions.segments.subjects import (
    CONTACT,
    LIST_SUBJECT,
    PAYMENT,
    SEGMENT_SUBJECT,
    TAG,
    TAG_SUBJECT,
    Subject,
)
from subscriptions.segments.tree import COUNTED, Scope
from subscriptions.segments.values import MANY, MOST_OF_TAG, MOST_OF_UNIT, MOST_VALUES, NOTHING, ONE, RANGE, SPAN

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_AMOUNT = {"type": ["string", "number"], "pattern": r"^\s*[-+]?[0-9_]*\.?[0-9_]*([eE][-+]?[0-9]+)?\s*$"}
_ONE_OF_KIND: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH},
    "text_list": {"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH},
    "amount": _AMOUNT,
    "integer": {"type": "integer"},
    "date": {"type": "string", "format": "date"},
    "flag": {"type": "boolean"},
}


def json_schema(*, inside_payment: bool = False) -> dict[str, Any]:
    """Return the schema of a segment, or of one that begins inside the frame of a recurring payment.

    What it refuses is refused. What it takes may still be refused for what no schema can say: more than 200
    conditions, eight levels or 64 KB, a list or segment that does not exist, a segment that would ask for itself, or
    "this" where no payment has started anything.
    """
    return {
        "$schema": DIALECT,
        "title": "Segment",
        "$ref": "#/$defs/payment_node" if inside_payment else "#/$defs/node",
        "$defs": {
            "node": _node("node", [*_leaves(CONTACT.values()), _tag(), *_numbered(), _frame()]),
            "payment_node": _node("payment_node", _leaves(PAYMENT.values())),
            "scope": _scope(),
        },
    }


def _node(name: str, leaves: list[dict[str, Any]]) -> dict[str, Any]:
    this = {"$ref": f"#/$defs/{name}"}
    several = {"type": "array", "items": this, "maxItems": reading.MOST_CONDITIONS}
    return {"oneOf": [_object(all=several), _object(any=several), _object(**{"not": this}), *leaves]}


def _leaves(subjects: Iterable[Subject]) -> list[dict[str, Any]]:
    """Describe the conditions: those of one kind together, except that each choice has its own values."""
    together: dict[tuple[str, ...], list[Subject]] = {}
    for subject in subjects:
        kind = subject.kind.name if subject.kind else ""
        together.setdefault((kind, *subject.choices), []).append(subject)
    return [leaf for alike in together.values() for leaf in _alike(alike)]


def _alike(subjects: list[Subject]) -> list[dict[str, Any]]:
    first, names = subjects[0], [subject.name for subject in subjects]
    by_form: dict[str, list[str]] = {}
    for operator in operators.of(first).values():
        by_form.setdefault(operator.form.name, []).append(operator.name)
    return [
        _object(**{first.key: {"enum": names}, "op": {"enum": ops}}, **_value(first, form))
        for form, ops in by_form.items()
    ]


def _value(subject: Subject, form: str) -> dict[str, Any]:
    return {} if form == NOTHING.name else {"value": _FORMS[form](_one(subject))}


def _one(subject: Subject) -> dict[str, Any]:
    kind = subject.kind.name if subject.kind else ""
    return {"enum": list(subject.choices)} if subject.choices else _ONE_OF_KIND[kind]


def _many(one: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_VALUES}


def _range(one: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": one, "minItems": 2, "maxItems": 2}


def _span(_one: dict[str, Any]) -> dict[str, Any]:
    numbers = (
        _object(n={"type": "integer", "minimum": 1, "maximum": most}, unit={"const": unit})
        for unit, most in MOST_OF_UNIT.items()
    )
    return {"oneOf": list(numbers)}


def _tag() -> dict[str, Any]:
    name = {"type": "string", "minLength": 1, "maxLength": MOST_OF_TAG}
    return _object(**{TAG: name, "op": _names(operators.of(TAG_SUBJECT))})


def _numbered() -> list[dict[str, Any]]:
    named = (LIST_SUBJECT, SEGMENT_SUBJECT)
    return [_object(**{one.key: {"type": "integer"}, "op": _names(operators.of(one))}) for one in named]


def _names(known: Mapping[str, Operator]) -> dict[str, Any]:
    return {"enum": list(known)}


def _frame() -> dict[str, Any]:
    frame = _object(recurring_payment={"$ref": "#/$defs/payment_node"})
    frame["properties"]["match"] = {"$ref": "#/$defs/scope"}
    return frame


def _scope() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 0, "maximum": reading.MOST_PAYMENTS}
    counted = [_object(**{scope.value: number}) for scope in Scope if scope in COUNTED]
    return {"oneOf": [{"enum": [scope.value for scope in Scope if scope not in COUNTED]}, *counted]}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_FORMS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    ONE.name: lambda one: one,
    MANY.name: _many,
    RANGE.name: _range,
    SPAN.name: _span,
}
