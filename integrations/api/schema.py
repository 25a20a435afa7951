"""The components of the API's OpenAPI schema, made from the catalogue, so that no field can be forgotten."""

from typing import Any

from django.urls import reverse

from config.api.documentation import component
from contacts.models import Standing
from integrations.api import segments, writing
from integrations.models import Batch
from subscriptions.catalogue import STORED, Field
from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LENGTH, TEXT_LIST, Kind
from subscriptions.records import IDENTITY, ITEM_KINDS

type Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_CURSOR: Schema = {"type": ["string", "null"]}
# What each kind is in an answer.
ANSWERED: dict[Kind, Schema] = {
    TEXT: _TEXT,
    CHOICE: _TEXT,
    AMOUNT: {"type": ["string", "null"], "description": "An exact decimal number as text."},
    INTEGER: {"type": ["integer", "null"]},
    DATE: {"type": ["string", "null"], "format": "date-time"},
    FLAG: {"type": ["boolean", "null"]},
    TEXT_LIST: {"type": "array", "items": _TEXT},
}
# What each kind takes.
TAKEN: dict[Kind, Schema] = {
    TEXT: {"type": ["string", "null"], "maxLength": TEXT_LENGTH},
    CHOICE: {"type": ["string", "null"]},
    AMOUNT: {"type": ["string", "number", "null"]},
    INTEGER: {"type": ["integer", "null"]},
    DATE: {"type": ["string", "null"], "format": "date-time"},
    FLAG: {"type": ["boolean", "null"]},
    TEXT_LIST: {"type": ["array", "null"], "items": _TEXT},
}


def add_components(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Add our components to a schema, and say where a body must be; drf-spectacular calls this."""
    result["components"].setdefault("schemas", {}).update(COMPONENTS)
    result["paths"][reverse("api:bulk")]["post"]["requestBody"]["required"] = True
    return result


def _object(properties: Schema, *, required: Any = None, **more: Any) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
        **more,
    }


def _page(of: str) -> Schema:
    return _object({"results": {"type": "array", "items": component(of)}, "next": _CURSOR})


def _taken(field: Field) -> Schema:
    told = TAKEN[field.kind] | {"title": str(field.label)}
    if field.kind is TEXT:
        told["maxLength"] = field.limit
    return told | {"enum": [*field.choices, None]} if field.choices else told


_ITEM_TAKEN = {name: TAKEN[kind] for name, kind in ITEM_KINDS.items()}
_ROW = {name: _taken(field) for name, field in STORED.items()} | {
    IDENTITY: {"type": "string", "minLength": 1, "maxLength": STORED[IDENTITY].limit},
    "currency": {"type": ["string", "null"], "description": "ISO 4217, in any case."},
    "line_items": {"type": ["array", "null"], "items": _object(_ITEM_TAKEN, required=(), additionalProperties=False)},
    "customer": _object(
        dict.fromkeys(("first_name", "last_name", "phone", "company"), TAKEN[TEXT])
        | {"accepts_marketing": TAKEN[FLAG] | {"description": "False keeps them off the list of newcomers."}},
        required=(),
        additionalProperties=False,
    )
    | {"type": ["object", "null"]},
    "as_of": _MOMENT | {"type": ["string", "null"], "description": "The moment for which this is true."},
    "occurred_at": _MOMENT | {"type": ["string", "null"], "description": "When it happened at the store."},
}
_REASONS = {"type": "array", "items": _object({"path": _TEXT, "reason": _TEXT})}
_OUTCOME = _object(
    {
        "index": _COUNT,
        "id": {"type": ["string", "null"]},
        "outcome": {"type": "string", "enum": list(writing.OUTCOMES)},
        "errors": _REASONS,
    },
    required=("index", "id", "outcome"),
)
_COUNTS = _object(dict.fromkeys(writing.OUTCOMES, _COUNT))
_BATCH = {
    "id": {"type": "string", "format": "uuid"},
    "state": {"type": "string", "enum": list(Batch.State.values)},
    "rows": _COUNT,
    "done": _COUNT,
    "counts": _COUNTS,
    "received_at": _MOMENT,
    "finished_at": _MOMENT | {"type": ["string", "null"]},
    "url": _TEXT,
}
_PAYMENT = {name: ANSWERED[field.kind] | {"title": str(field.label)} for name, field in STORED.items()} | {
    "line_items": {"type": "array", "items": _object({name: ANSWERED[kind] for name, kind in ITEM_KINDS.items()})},
    "legacy_connection_id": {"type": "integer"},
    "contact_id": {"type": ["integer", "null"]},
    "as_of": _MOMENT,
    "created_at": _MOMENT,
    "updated_at": _MOMENT,
}
_STANDING = _object(
    {
        "id": {"type": "integer"},
        "name": _TEXT,
        "state": {"type": "string", "enum": list(Standing.State.values)},
        "since": _MOMENT,
    }
)
_FIELD = {"name": _TEXT, "api_name": _TEXT, "label": _TEXT, "kind": _TEXT, "position": _COUNT}

COMPONENTS: dict[str, Schema] = {
    "Problem": _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "instance": _TEXT,
            "errors": _REASONS,
        },
        description="RFC 9457.",
    ),
    "RecurringPaymentRow": _object(_ROW, required=(), additionalProperties=False),
    "BulkRequest": _object(
        {
            "recurring_payments": {
                "type": "array",
                "maxItems": 50_000,
                "items": component("RecurringPaymentRow") | {"required": [IDENTITY]},
            },
            "suppressAutomations": {"type": "boolean"},
        },
        required=("recurring_payments",),
        additionalProperties=False,
    ),
    "BulkAnswer": _object(
        {
            "outcomes": {"type": "array", "items": _OUTCOME},
            "counts": _COUNTS,
            "dryRun": {"type": "boolean"},
        }
    ),
    "Outcome": _object(
        {
            "id": _TEXT,
            "outcome": {"type": "string", "enum": list(writing.OUTCOMES)},
            "dryRun": {"type": "boolean"},
        }
    ),
    "Batch": _object(_BATCH),
    "BatchPage": _object(_BATCH | {"outcomes": {"type": "array", "items": _OUTCOME}, "next": _CURSOR}),
    "RecurringPayment": _object(_PAYMENT),
    "RecurringPaymentPage": _page("RecurringPayment"),
    "Contact": _object(
        {"id": {"type": "integer"}}
        | dict.fromkeys(("email", "first_name", "last_name", "phone", "company"), _TEXT)
        | {"lists": {"type": "array", "items": _STANDING}, "created_at": _MOMENT, "updated_at": _MOMENT}
    ),
    "List": _object({"id": {"type": "integer"}, "name": _TEXT, "description": _TEXT}),
    "ListPage": _page("List"),
    "ContactPage": _page("Contact"),
    "Connection": _object(
        {"id": {"type": "integer"}}
        | dict.fromkeys(("name", "service", "external_id", "logo_url", "link_url"), _TEXT)
        | {"created_at": _MOMENT}
    ),
    "ConnectionPage": _page("Connection"),
    "Schema": {"type": "object", "description": "OpenAPI 3.1."},
    "FieldOrder": _object({"version": _COUNT, "fields": {"type": "array", "items": _object(_FIELD)}}),
    **segments.COMPONENTS,
}
