"""What a request says of an automation, and saving it."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from rest_framework.request import Request

from automations import refusals
from automations.flow.mistakes import FlowError
from config.api import reading_json
from config.api.refusals import Refused
from config.api.showing import CONTROL
from config.api.views import body_object

_KNOWN = {"name": str, "description": str, "flow": dict}
MOST = {"name": 200, "description": 1000}


def new(request: Request) -> dict[str, Any]:
    """Read a new automation, by the names of `publishing.create`; raise Refused."""
    told = body_object(request, _KNOWN)
    return _checked(told, {"name"} - told.keys())


def change(request: Request) -> dict[str, Any]:
    """Read what is to be changed, by the names of `publishing.save`; raise Refused."""
    told = body_object(request, {**_KNOWN, "revision": int})
    changed = _checked(told, {"revision"} - told.keys())
    return changed | {"seen": changed.pop("revision")}


def kept[Kept](save: Callable[[], Kept]) -> Kept:
    """Save, and raise Refused where that is not possible."""
    try:
        return save()
    except FlowError as error:
        below = {f"flow.{path}" if path else "flow": words for path, words in error.errors.items()}
        raise Refused(HTTPStatus.BAD_REQUEST, "The flow cannot be saved.", below) from None
    except refusals.NameTaken:
        raise Refused(HTTPStatus.CONFLICT, "There is an automation of this name.", {"name": "is taken"}) from None
    except refusals.Stale:
        raise stale() from None


def stale() -> Refused:
    """Say that somebody was faster."""
    detail = "Somebody has changed the automation since."
    return Refused(HTTPStatus.CONFLICT, detail, {"revision": "is not the newest"})


def _checked(told: dict[str, Any], missing: set[str]) -> dict[str, Any]:
    errors = dict.fromkeys(missing, "is missing")
    for name, most in MOST.items():
        errors |= _wrong_text(name, told.get(name, ""), most)
    if "name" in told and not told["name"].strip():
        errors["name"] = "must not be blank"
    if errors:
        raise Refused(HTTPStatus.BAD_REQUEST, "The automation cannot be saved.", errors)
    if "flow" in told:  # with numbers as every database keeps them
        told["draft"] = json.loads(reading_json.keep(told.pop("flow")))
    return told


def _wrong_text(name: str, text: str, most: int) -> dict[str, str]:
    if len(text) > most:
        return {name: f"is longer than {most} characters"}
    is_plain = text.isprintable() if name == "name" else not CONTROL.search(text)
    return {} if is_plain else {name: "contains a control character"}
