"""The components by which the OpenAPI schema describes reports."""

from typing import Any

from config.api.documentation import component
from reports.custom.saved import DESCRIPTION_LENGTH, NAME_LENGTH

type Schema = dict[str, Any]


def add_components(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Add our components to a schema; drf-spectacular calls this."""
    result["components"].setdefault("schemas", {}).update(COMPONENTS)
    return result


def _object_of(properties: Schema, *, required: Any = None) -> Schema:
    """Describe an object; all its properties are there unless `required` names those that are."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
    }


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FLAG: Schema = {"type": "boolean"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_NUMBER_OR_NULL: Schema = {"type": ["integer", "null"]}
_DEFINITION: Schema = {"type": "object", "description": "As `/api/v1/reports/schema` describes it."}
_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH}
_DESCRIPTION: Schema = {"type": "string", "maxLength": DESCRIPTION_LENGTH}
_TO_SAVE: Schema = {"name": _NAME, "description": _DESCRIPTION, "definition": _DEFINITION}
_CHOICE = _object_of({"key": _TEXT, "label": _TEXT})
_PLACE: Schema = {
    "type": "object",
    "description": "The raw values of its groups, and the currency in which it counts amounts; empty of all records.",
}
COMPONENTS: dict[str, Schema] = {
    "Report": _object_of(
        {
            "id": {"type": "integer"},
            "name": _TEXT,
            "description": _TEXT,
            "definition": _DEFINITION,
            "sentence": _TEXT | {"description": "What it shows, in words; empty if it can be asked no more."},
            "revision": _COUNT,
            "is_archived": _FLAG,
            "created_at": _MOMENT,
            "updated_at": _MOMENT,
        }
    ),
    "ReportPage": _object_of({"results": _list_of(component("Report")), "next": {"type": ["string", "null"]}}),
    "ReportToCreate": _object_of(_TO_SAVE, required=["name", "definition"]),
    "ReportToChange": _object_of(
        _TO_SAVE | {"revision": _COUNT | {"description": "The one that was read."}}, required=["revision"]
    ),
    "ReportToRun": _object_of({"definition": _DEFINITION}),
    "ReportResult": _object_of(
        {
            "definition": _DEFINITION,
            "sentence": _TEXT,
            "heads": _list_of(component("ReportHead")),
            "rows": _list_of(component("ReportRow")),
            "totals": _list_of(component("ReportRow")) | {"description": "One, or one for each currency."},
            "count": _COUNT | {"description": "How many groups there are, of which the first are `rows`."},
            "notes": _list_of(_TEXT),
        }
    ),
    "ReportHead": _object_of(
        {
            "key": _TEXT,
            "label": _TEXT,
            "kind": {"type": "string", "enum": ["text", "date", "choice", "flag", "number", "money", "share"]},
            "is_measure": _FLAG,
            "is_added": _FLAG | {"description": "A currency that nobody chose, since amounts are never added across."},
            "measure": _NUMBER_OR_NULL | {"description": "The number of the measure."},
            "column": _NUMBER_OR_NULL | {"description": "The place among the columns; null where it is about all."},
        }
    ),
    "ReportRow": _object_of({"cells": _list_of(component("ReportCell")), "place": _PLACE}),
    "ReportCell": _object_of(
        {
            "value": {
                "type": ["string", "integer", "boolean", "null"],
                "description": "Amounts, averages and shares as exact texts, days as 2026-03-01; null where empty.",
            },
            "words": _TEXT,
            "currency": _TEXT | {"description": "Of an amount; empty otherwise."},
        }
    ),
    "ReportDescription": _object_of(
        {
            "objects": _list_of(component("ReportObject")),
            **dict.fromkeys(("hows", "units", "spans", "charts", "money"), _list_of(_CHOICE)),
            "target": _TEXT | {"description": "The currency into which amounts can be converted; empty without one."},
            "limits": _object_of(dict.fromkeys(("groups", "measures", "rows", "columns"), _COUNT)),
        }
    ),
    "ReportObject": _object_of(
        {
            "key": _TEXT,
            "label": _TEXT,
            "branches": _list_of(
                _object_of({"key": _TEXT, "label": _TEXT, "sections": _list_of(component("ReportSection"))})
            ),
            "dates": _list_of(_TEXT),
            "usual": _object_of({"of": _TEXT, "as": _TEXT}),
        }
    ),
    "ReportSection": _object_of(
        {
            "key": _TEXT,
            "label": _TEXT,
            "dimensions": _list_of(
                _object_of({"key": _TEXT, "label": _TEXT, "kind": _TEXT, "units": _list_of(_TEXT), "is_many": _FLAG})
            ),
            "measures": _list_of(_object_of({"key": _TEXT, "label": _TEXT, "kind": _TEXT, "hows": _list_of(_TEXT)})),
        }
    ),
    "ReportSchema": {"type": "object", "description": "A JSON Schema."},
}
