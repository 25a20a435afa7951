"""The language of reports as JSON Schema, for whoever writes them by hand or by program; made from the tables."""

from collections.abc import Iterable
from typing import Any

from reports.custom import reading
from reports.custom.dimensions import Dimension
from reports.custom.measures import Source
from reports.custom.objects import OBJECTS, PAYMENTS, Object
from reports.custom.shape import APART, CHARTS, CONVERTED
from reports.custom.spans import SPANS
from subscriptions.segments import schema as segments

type Schema = dict[str, Any]
_DAY: Schema = {"type": "string", "format": "date"}


def json_schema() -> Schema:
    """Return the schema of a report.

    What it refuses is refused. What it takes may still be refused for what no schema can say: something chosen twice,
    e-mails that are counted by what has several of them, a list or segment that does not exist, more than 64 KB.
    """
    people = segments.json_schema()
    payment = segments.json_schema(inside_payment=True)
    return {
        "$schema": segments.DIALECT,
        "title": "Report",
        "oneOf": [_object(one) for one in OBJECTS.values()],
        "$defs": people["$defs"] | payment["$defs"] | {"mixed_node": _mixed()},
    }


def _mixed() -> Schema:
    """Conditions of a payment and of its person, joined."""
    this = {"$ref": "#/$defs/mixed_node"}
    several = {"type": "array", "items": this}
    return {
        "anyOf": [
            {"$ref": "#/$defs/payment_node"},
            {"$ref": "#/$defs/node"},
            _closed({"all": several}, ["all"]),
            _closed({"any": several}, ["any"]),
            _closed({"not": this}, ["not"]),
        ]
    }


def _object(one: Object) -> Schema:
    group = {"oneOf": list(_groups(one.dimensions.values()))}
    where = {"$ref": "#/$defs/mixed_node" if one.key == PAYMENTS else "#/$defs/node"}
    measures = {"oneOf": list(_measures(one.sources.values()))}
    return _closed(
        {
            "about": {"const": one.key},
            "groups": {"type": "array", "items": group, "maxItems": reading.MOST_GROUPS},
            "across": _or_null(group),
            "measures": {"type": "array", "items": measures, "minItems": 1, "maxItems": reading.MOST_MEASURES},
            "where": _or_null(where),
            "during": _or_null(_during(list(one.dates))),
            "money": {"enum": [APART, CONVERTED]},
            "sort": _or_null(_sort()),
            "limit": {"type": "integer", "minimum": 1, "maximum": reading.MOST_ROWS},
            "chart": {"enum": list(CHARTS)},
        },
        ["about", "measures"],
    )


def _groups(dimensions: Iterable[Dimension]) -> Iterable[Schema]:
    """Describe the groups: those that have the same units together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for one in dimensions:
        together.setdefault(one.units, []).append(one.key)
    for units, keys in together.items():
        unit: Schema = {"unit": {"enum": list(units)}} if units else {}
        yield _closed({"by": {"enum": keys}} | unit, ["by"])


def _measures(sources: Iterable[Source]) -> Iterable[Schema]:
    """Describe the measures: those that are counted in the same ways together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for one in sources:
        together.setdefault(one.hows, []).append(one.key)
    for hows, keys in together.items():
        yield _closed({"of": {"enum": keys}, "as": {"enum": list(hows)}}, ["of"])


def _during(dates: list[str]) -> Schema:
    of: Schema = {"of": {"enum": dates}}
    return {
        "oneOf": [
            _closed(of | {"span": {"enum": list(SPANS)}}, ["of", "span"]),
            _closed(of | {"from": _DAY, "to": _DAY}, ["of", "from", "to"]),
        ]
    }


def _sort() -> Schema:
    number = {"type": "integer", "minimum": 0}
    return _closed({"by": {"enum": ["measure", "group"]}, "number": number, "down": {"type": "boolean"}}, ["by"])


def _or_null(shape: Schema) -> Schema:
    return {"anyOf": [shape, {"type": "null"}]}


def _closed(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
