"""What the API tells of automations and of people in them, as plain data, and how it describes that."""

from typing import Any

from automations import reasons
from automations.flow import outline
from automations.flow.outline import Part
from automations.models import Automation, Call, Enrolment, Message, Passage
from automations.pages import notes
from config.api.documentation import component
from contacts.models import Contact
from subscriptions.kinds import DATE

PERSON = ("id", "email", "first_name", "last_name")


def listed(row: Automation, inside: int) -> dict[str, Any]:
    """Tell an automation in a list."""
    return {
        "id": row.pk,
        "name": row.name,
        "description": row.description,
        "state": row.state,
        "version": row.version,
        "revision": row.revision,
        "people_inside": inside,
        "updated_at": DATE.dump(row.updated_at),
    }


def automation(row: Automation) -> dict[str, Any]:
    """Tell an automation with its flows: what people go by, the draft with its mistakes, and both in words."""
    drawn = outline.of_draft(row.draft, itself=row.pk)
    published = row.versions.filter(number=row.version).first()
    counts = notes.counts(row)
    return listed(row, sum(one["inside"] for one in counts.values())) | {
        "draft": row.draft,
        "errors": errors(drawn.errors, "draft"),
        "words": [*_words(drawn.triggers), *_words(drawn.steps)],
        "published": published.flow if published else None,
        "steps": [{"step": step, **count} for step, count in counts.items() if step],
    }


def errors(found: Any, root: str) -> list[dict[str, str]]:
    """Tell mistakes as problems do, below the place where the flow stands."""
    return [{"path": f"{root}.{path}" if path else root, "reason": words} for path, words in found.items()]


def _words(parts: tuple[Part, ...], level: int = 0) -> list[dict[str, Any]]:
    told = []
    for part in parts:
        told.append({"id": part.id, "level": level, "words": part.words})
        for branch in part.branches:
            told += _words(branch.parts, level + 1)
    return told


def way(row: Enrolment) -> dict[str, Any]:
    """Tell where somebody is."""
    return {
        "id": row.pk,
        "contact": person(row.contact),
        "recurring_payment": row.payment.store_recurring_payment_id if row.payment else None,
        "state": row.state,
        "step": row.step,
        "reason": row.reason,
        "words": reasons.say(row.reason),
        "entered_at": DATE.dump(row.entered_at),
        "waits_until": DATE.dump(row.until) if row.is_inside else None,
        "ended_at": DATE.dump(row.ended_at),
    }


def path(row: Enrolment) -> dict[str, Any]:
    """Tell somebody's whole way: the steps behind them, and what was sent."""
    return way(row) | {
        "detail": row.detail,
        "steps": [_passed(one) for one in row.passages.all()],
        "messages": [_message(one) for one in row.messages.all()],
        "calls": [_call(one) for one in row.calls.all()],
    }


def person(row: Contact) -> dict[str, Any]:
    """Tell who it is."""
    return {name: getattr(row, name) for name in PERSON}


def _passed(row: Passage) -> dict[str, Any]:
    return {
        "step": row.step,
        "outcome": row.outcome,
        "words": reasons.say(row.outcome),
        "problem": row.facts.get("problem", ""),
        "arrived_at": DATE.dump(row.arrived_at),
        "left_at": DATE.dump(row.left_at),
    }


def _message(row: Message) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("step", "state", "email", "subject", "text", "problem")}


def _call(row: Call) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("step", "state", "status", "problem")}


def add_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add our components to a schema; drf-spectacular calls this."""
    result["components"].setdefault("schemas", {}).update(COMPONENTS)
    return result


def _object(properties: dict[str, Any], *, required: Any = None, **more: Any) -> dict[str, Any]:
    needed = list(properties if required is None else required)
    return {"type": "object", "properties": properties, "required": needed, **more}


def _list(of: Any) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _page(of: str) -> dict[str, Any]:
    return _object({"results": _list(component(of)), "next": {"type": ["string", "null"]}})


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_NUMBER = {"type": "integer"}
_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_FLOW = {"type": "object", "description": "As `/api/v1/automations/schema` describes it."}
_ERRORS = _list(_object({"path": _TEXT, "reason": _TEXT}))
_LISTED = {
    "id": _NUMBER,
    "name": _TEXT,
    "description": _TEXT,
    "state": {"type": "string", "enum": list(Automation.State.values)},
    "version": _COUNT,
    "revision": _COUNT,
    "people_inside": _COUNT,
    "updated_at": _MOMENT,
}
_WAY = {
    "id": _NUMBER,
    "contact": _object({"id": _NUMBER} | dict.fromkeys(PERSON[1:], _TEXT)),
    "recurring_payment": {"type": ["string", "null"], "description": "The store's own id."},
    "state": {"type": "string", "enum": list(Enrolment.State.values)},
    "step": _TEXT,
    "reason": _TEXT,
    "words": _TEXT,
    "entered_at": _MOMENT,
    "waits_until": _MOMENT,
    "ended_at": _MOMENT,
}
_NAMED = {
    "name": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": {"type": "string", "maxLength": 1000},
}
COMPONENTS: dict[str, Any] = {
    "AutomationListed": _object(_LISTED),
    "AutomationPage": _page("AutomationListed"),
    "Automation": _object(
        _LISTED
        | {
            "draft": _FLOW,
            "errors": _ERRORS,
            "words": _list(_object({"id": _TEXT, "level": _COUNT, "words": _TEXT})),
            "published": {"type": ["object", "null"], "description": "What people go by; null before it is published."},
            "steps": _list(_object({"step": _TEXT, "inside": _COUNT, "stopped": _COUNT})),
        }
    ),
    "AutomationToMake": _object(_NAMED | {"flow": _FLOW}, required=("name",), additionalProperties=False),
    "AutomationToChange": _object(
        _NAMED
        | {"flow": _FLOW, "revision": _COUNT | {"description": "The one that was read; another one since is 409."}},
        required=(),
        additionalProperties=False,
    ),
    "AutomationMovings": _object({"movings": _list(_object({"from": _TEXT, "to": _TEXT, "people": _COUNT}))}),
    "AutomationSchema": {"type": "object", "description": "Kinds of triggers and steps with their options and limits."},
    "AutomationWay": _object(_WAY),
    "AutomationWayPage": _page("AutomationWay"),
    "AutomationPath": _object(
        _WAY
        | {
            "detail": _TEXT,
            "steps": _list(
                _object(
                    dict.fromkeys(("step", "outcome", "words", "problem"), _TEXT)
                    | {"arrived_at": _MOMENT, "left_at": _MOMENT}
                )
            ),
            "messages": _list(_object(dict.fromkeys(("step", "state", "email", "subject", "text", "problem"), _TEXT))),
            "calls": _list(
                _object({"step": _TEXT, "state": _TEXT, "status": {"type": ["integer", "null"]}, "problem": _TEXT})
            ),
        }
    ),
    "AutomationEntry": _object(
        {
            "contact": {"type": ["integer", "string"], "description": "The contact's id, or their e-mail."},
            "recurring_payment": {"type": "integer", "description": "Our id of one of their recurring payments."},
        },
        required=("contact",),
        additionalProperties=False,
    ),
}
