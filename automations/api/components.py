"""The components by which the OpenAPI schema describes automations."""

from typing import Any

from automations.api import writing
from automations.api.ways import PERSON
from automations.models import Automation, Call, Enrolment, Message
from config.api.documentation import component

type Schema = dict[str, Any]


def add_components(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Add our components to a schema; drf-spectacular calls this."""
    result["components"].setdefault("schemas", {}).update(COMPONENTS)
    return result


def _object_of(properties: Schema, *, required: Any = None, **more: Any) -> Schema:
    """Describe an object; all its properties are there unless `required` names those that are."""
    needed = list(properties if required is None else required)
    return {"type": "object", "properties": properties, "required": needed, **more}


def _list_of(items: Schema) -> Schema:
    """Describe a list."""
    return {"type": "array", "items": items}


def _page_of(name: str) -> Schema:
    """Describe a page of a list of components."""
    return _object_of({"results": _list_of(component(name)), "next": {"type": ["string", "null"]}})


def _or_null(shape: Schema) -> Schema:
    return {"oneOf": [shape, {"type": "null"}]}


_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_MOMENT_OR_NULL: Schema = {"type": ["string", "null"], "format": "date-time"}
_ID: Schema = {"type": "integer"}
_FLOW: Schema = {"type": "object", "description": "As `/api/v1/automations/schema` describes it."}
_REASONS = _list_of(_object_of({"path": _TEXT, "reason": _TEXT}))
_SAID = _or_null(_object_of({"word": _TEXT, "words": _TEXT}, description="What our word for it is, and what it means."))
_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": writing.MOST["name"]}
_DESCRIPTION: Schema = {"type": "string", "maxLength": writing.MOST["description"]}
_TO_SAVE: Schema = {"name": _NAME, "description": _DESCRIPTION, "flow": _FLOW}
_STATES: Schema = {"type": "string", "enum": list(Automation.State.values)}
_PEOPLE: Schema = {"inside": _COUNT, "stopped": _COUNT}
_HEAD: Schema = {
    "id": _ID,
    "name": _TEXT,
    "description": _TEXT,
    "state": _STATES,
    "version": _COUNT | {"description": "By which people go; 0 until it is published."},
    "revision": _COUNT,
    "created_at": _MOMENT,
    "updated_at": _MOMENT,
}
_PARTS = _list_of(component("FlowPart"))
_PUBLISHED = _object_of(
    {"version": _COUNT, "published_at": _MOMENT, "flow": _FLOW, "outline": component("FlowOutline")},
)
_PLACE = _object_of({"step": _TEXT, "words": _TEXT})
_MOVING = _object_of({"from": _PLACE, "to": _or_null(_PLACE), "people": _COUNT})
_PAYMENT = _object_of({"store_recurring_payment_id": _TEXT, "legacy_connection_id": _ID})
_WAY: Schema = {
    "id": _ID,
    "contact": _object_of({"id": _ID} | dict.fromkeys(PERSON[1:], _TEXT)),
    "recurring_payment": _or_null(_PAYMENT),
    "version": _COUNT,
    "state": {"type": "string", "enum": list(Enrolment.State.values)},
    "step": _or_null(_object_of({"id": _TEXT, "words": _TEXT}, description="Where they are; null for who is through.")),
    "reason": _SAID | {"description": "Why they are stopped, or why their way ended before the end."},
    "detail": _TEXT,
    "entered_at": _MOMENT,
    "arrived_at": _MOMENT,
    "until": _MOMENT_OR_NULL,
    "ended_at": _MOMENT_OR_NULL,
}


def _sent(states: list[str], **own: Schema) -> Schema:
    shared: Schema = {
        "number": _TEXT,
        "state": {"type": "string", "enum": states},
        "problem": _SAID,
        "detail": _TEXT,
        "made_at": _MOMENT,
        "finished_at": _MOMENT_OR_NULL,
    }
    return _or_null(_object_of(shared | own))


_STOP = _object_of(
    {
        "id": _TEXT,
        "words": _TEXT,
        "arrived_at": _MOMENT,
        "left_at": _MOMENT_OR_NULL,
        "outcome": _SAID,
        "notes": _list_of(_TEXT),
        "message": _sent(list(Message.State.values), email=_TEXT, subject=_TEXT, html=_TEXT, text=_TEXT),
        "call": _sent(list(Call.State.values), status={"type": ["integer", "null"]}, body=_TEXT),
    }
)
# the lists of which a flow is made
_OFFERED = (
    *("triggers", "trigger_groups", "steps", "step_groups", "runs", "hours", "units"),
    *("tags", "lists", "automations", "campaigns", "colleagues"),
)
COMPONENTS: dict[str, Schema] = {
    "AutomationInShort": _object_of(
        _HEAD | {"starts": _list_of(_TEXT) | {"description": "Its triggers in words."}, "people": _object_of(_PEOPLE)}
    ),
    "AutomationPage": _page_of("AutomationInShort"),
    "Automation": _object_of(
        _HEAD
        | {
            "draft": _FLOW,
            "errors": _REASONS | {"description": "What is wrong with the draft."},
            "outline": component("FlowOutline"),
            "published": _or_null(_PUBLISHED),
            "people": _object_of(_PEOPLE | {"steps": _list_of(_object_of({"step": _TEXT} | _PEOPLE))}),
        }
    ),
    "FlowOutline": _object_of({"triggers": _PARTS, "runs": _TEXT, "steps": _PARTS}, description="A flow in words."),
    "FlowPart": _object_of(
        dict.fromkeys(("id", "path", "label", "words"), _TEXT)
        | {"branches": _list_of(_object_of({"name": _TEXT, "label": _TEXT, "steps": _PARTS}))}
    ),
    "AutomationToCreate": _object_of(_TO_SAVE, required=("name",), additionalProperties=False),
    "AutomationToChange": _object_of(
        _TO_SAVE | {"revision": _COUNT | {"description": "The one that was read; another one since is 409."}},
        required=("revision",),
        additionalProperties=False,
    ),
    "Publishing": _object_of(
        {"revision": _COUNT | {"description": "The one that was read; another one since is 409."}},
        required=(),
        additionalProperties=False,
    ),
    "AutomationMovings": _object_of({"movings": _list_of(_MOVING)}),
    "AutomationSchema": _object_of(
        dict.fromkeys(_OFFERED, _list_of({"type": "object"}))
        | {"limits": {"type": "object"}, "segments": {"type": "object"}}
    ),
    "PersonToEnter": _object_of(
        {
            "contact": {"type": ["integer", "string"], "description": "The contact's id or e-mail."},
            "recurring_payment": {
                "oneOf": [
                    _TEXT,
                    _object_of(
                        {"store_recurring_payment_id": _TEXT, "legacy_connection_id": _ID},
                        required=("store_recurring_payment_id",),
                        additionalProperties=False,
                    ),
                ],
                "description": "The store's own id, and the connection where several have it.",
            },
        },
        required=("contact",),
        additionalProperties=False,
    ),
    "Way": _object_of(_WAY),
    "WayPage": _page_of("Way"),
    "WayInFull": _object_of(
        _WAY | {"started": _TEXT | {"description": "What let them in, in words."}, "steps": _list_of(_STOP)}
    ),
}
