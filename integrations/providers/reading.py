"""Reading a store's JSON by path: what is missing is None, and what has the wrong shape is an error with its path."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext

from subscriptions.records import RecordError

Json = Mapping[str, Any]


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def at(source: Json | None, path: str) -> Any:
    """Return what lies at a dotted path; None where a step is missing. Raise RecordError for a step into no object."""
    value: Any = source
    for place, step in enumerate(_steps(path)):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise RecordError({".".join(_steps(path)[:place]): gettext("must be an object")})
        value = value.get(step)
    return value


def object_at(source: Json | None, path: str) -> Json | None:
    """Return the object at a path, None where there is none or where only its id is told."""
    value = at(source, path)
    if value is None or isinstance(value, str):
        return None
    if not isinstance(value, dict):
        raise RecordError({path: gettext("must be an object")})
    return value


def list_at(source: Json | None, path: str) -> list[Json]:
    """Return the list of objects at a path, empty where there is none."""
    value = at(source, path)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RecordError({path: gettext("must be a list of objects")})
    return value


def text_at(source: Json | None, path: str) -> str:
    """Return the text at a path, empty where there is none."""
    value = at(source, path)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError({path: gettext("must be text")})
    return value


def integer_at(source: Json | None, path: str) -> int | None:
    """Return the whole number at a path."""
    value = at(source, path)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise RecordError({path: gettext("must be a whole number")})
    return value
