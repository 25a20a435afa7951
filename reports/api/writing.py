"""What a request says of a report, and saving it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from rest_framework.request import Request

from config.api.refusals import Refused
from config.api.views import body_object
from reports.custom import asking, reading, saved
from reports.custom.results import Result
from reports.custom.shape import Definition

_KNOWN = {"name": str, "description": str, "definition": dict}
SECONDS = 20.0


def new(request: Request) -> dict[str, Any]:
    """Read a new report, by the names of `saved.create`; raise Refused."""
    told = body_object(request, _KNOWN)
    _check_there(told, {"name", "definition"})
    return told


def change(request: Request) -> dict[str, Any]:
    """Read what is to be changed, by the names of `saved.save`; raise Refused."""
    told = body_object(request, {**_KNOWN, "revision": int})
    _check_there(told, {"revision"})
    return told | {"seen": told.pop("revision")}


def definition(request: Request) -> Definition:
    """Read the report that is to be run; raise Refused."""
    told = body_object(request, {"definition": dict})
    _check_there(told, {"definition"})
    return kept(lambda: reading.read(told["definition"]))


def kept[Kept](save: Callable[[], Kept]) -> Kept:
    """Read or save, and raise Refused where that is not possible."""
    try:
        return save()
    except reading.ReportError as error:
        below = {f"definition.{path}" if path else "definition": words for path, words in error.errors.items()}
        raise Refused(HTTPStatus.BAD_REQUEST, "The report cannot be read.", below) from None
    except saved.BadName as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "The report cannot be saved.", {error.field: str(error)}) from None
    except saved.NameTaken:
        raise Refused(HTTPStatus.CONFLICT, "There is a report of this name.", {"name": "is taken"}) from None
    except saved.Stale:
        detail = "Somebody has changed the report since."
        raise Refused(HTTPStatus.CONFLICT, detail, {"revision": "is not the newest"}) from None


def answered(asked: Definition, *, most: int | None = None) -> Result:
    """Run a report; raise Refused where the database does not answer in time."""
    try:
        return asking.run(asked, most=most, seconds=SECONDS)
    except asking.TooSlow:
        detail = f"The report was not ready within {SECONDS:.0f} seconds: ask for fewer records, or count less."
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail) from None


def _check_there(told: dict[str, Any], needed: set[str]) -> None:
    if missing := needed - told.keys():
        raise Refused(HTTPStatus.BAD_REQUEST, "The body lacks something.", dict.fromkeys(missing, "is missing"))
