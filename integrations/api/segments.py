"""What the API tells of segments, as plain data, and how it describes that."""

from typing import Any

from config.api.documentation import component
from contacts.models import Contact
from subscriptions.kinds import DATE
from subscriptions.models import Segment
from subscriptions.segments import sentences
from subscriptions.segments.counting import Count
from subscriptions.segments.known import Known, look_up
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.saved import NAME_LENGTH, tree_of
from subscriptions.segments.why import Answer

PERSON = ("id", "email", "first_name", "last_name", "phone", "company")
_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_TREE = {"type": "object", "description": "As `/api/v1/segments/schema` describes it."}


def told(rows: list[Segment]) -> list[dict[str, Any]]:
    """Tell saved segments, looking up once what all of them name."""
    known = look_up(row.tree for row in rows)
    return [_segment(row, known) for row in rows]


def segment(row: Segment) -> dict[str, Any]:
    """Tell a saved segment; one that speaks of what is gone since has an empty sentence."""
    return told([row])[0]


def _segment(row: Segment, known: Known) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "description": row.description,
        "segment": row.tree,
        "sentence": _sentence(row, known),
        "version": row.version,
        "revision": row.revision,
        "archived_at": DATE.dump(row.archived_at),
        "updated_at": DATE.dump(row.updated_at),
    }


def count(found: Count) -> dict[str, Any]:
    """Tell how many people were found."""
    return {"people": found.number if found.is_known else None, "is_estimate": found.is_estimate}


def person(row: Contact) -> dict[str, Any]:
    """Tell who it is."""
    return {name: getattr(row, name) for name in PERSON}


def answer(told: Answer) -> dict[str, Any]:
    """Tell why somebody matches, part by part."""
    return {
        "path": told.path,
        "kind": told.kind,
        "words": told.words,
        "holds": told.holds,
        "saw": told.saw,
        "store_recurring_payment_id": told.about.store_recurring_payment_id if told.about else None,
        "parts": [answer(part) for part in told.parts],
    }


def _sentence(row: Segment, known: Known) -> str:
    try:
        return sentences.sentence(tree_of(row, known=known), known.lists)
    except SegmentError:
        return ""


def _object(properties: dict[str, Any], *, required: Any = None, **more: Any) -> dict[str, Any]:
    needed = list(properties if required is None else required)
    return {"type": "object", "properties": properties, "required": needed, **more}


_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_ANSWER = {
    "path": _TEXT,
    "kind": _TEXT,
    "words": _TEXT,
    "holds": {"type": "boolean"},
    "saw": _TEXT,
    "store_recurring_payment_id": {"type": ["string", "null"]},
    "parts": {"type": "array", "items": component("SegmentAnswer")},
}
_PEOPLE = {
    "people": {
        "type": ["integer", "null"],
        "minimum": 0,
        "description": "Null where there was no time even for an estimate.",
    },
    "is_estimate": {"type": "boolean", "description": "True where counting would have taken too long."},
}
_SAVED = {
    "name": {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH},
    "description": {"type": "string", "maxLength": 1000},
    "segment": _TREE,
}
COMPONENTS: dict[str, Any] = {
    "Segment": _object(
        {"id": {"type": "integer"}}
        | _SAVED
        | {"sentence": _TEXT, "version": _COUNT, "revision": _COUNT, "archived_at": _MOMENT, "updated_at": _MOMENT}
    ),
    "SegmentPage": _object(
        {"results": {"type": "array", "items": component("Segment")}, "next": {"type": ["string", "null"]}}
    ),
    "SegmentToSave": _object(
        _SAVED | {"revision": _COUNT | {"description": "The one that was read; another one since is 409."}},
        required=("name", "segment"),
        additionalProperties=False,
    ),
    "SegmentQuestion": _object({"segment": _TREE}, additionalProperties=False),
    "SegmentCount": _object(
        _PEOPLE
        | {
            "can_be_mailed": _object(
                _PEOPLE,
                description="Who of them has an e-mail, is subscribed to a list, and was refused by no mail server.",
            ),
            "sentence": _TEXT,
        }
    ),
    "Person": _object({"id": {"type": "integer"}} | dict.fromkeys(PERSON[1:], _TEXT)),
    "PersonPage": _object(
        {"results": {"type": "array", "items": component("Person")}, "next": {"type": ["string", "null"]}}
    ),
    "SegmentAnswer": _object(_ANSWER),
    "SegmentMatch": _object({"matches": {"type": "boolean"}, "sentence": _TEXT, "why": component("SegmentAnswer")}),
    "JsonSchema": {"type": "object", "description": "JSON Schema, draft 2020-12."},
}
