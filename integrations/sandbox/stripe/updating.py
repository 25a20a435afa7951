"""Read the form parameters with which subscriptions and customers are changed."""

from collections.abc import Callable, Mapping
from typing import Any

from integrations.sandbox.store import Record
from integrations.sandbox.stripe.errors import StripeError, unknown_parameter, wrong_integer
from integrations.sandbox.stripe.filters import boolean

Parse = Callable[[Any, str, Record], Any]
"""Read a value, given the parameter's name and the record as it is."""

_BEHAVIOURS = ("keep_as_draft", "mark_uncollectible", "void")
_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def changes_for(kind: str, params: Mapping[str, Any], record: Record) -> Record:
    """Read the changes of an update. Raises StripeError."""
    given = {name: value for name, value in params.items() if name != "expand"}
    if unknown := next((name for name in given if name not in PARSERS[kind]), None):
        raise unknown_parameter(unknown)
    return {name: PARSERS[kind][name](value, name, record) for name, value in given.items()}


def _text(value: Any, name: str, record: Record) -> str | None:
    if not isinstance(value, str):
        raise StripeError(400, "Invalid string", param=name)
    return value or None


def _flag(value: Any, name: str, record: Record) -> bool:
    return boolean(value, name)


def _metadata(value: Any, name: str, record: Record) -> dict[str, str]:
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise StripeError(400, "Invalid object", param=name)
    merged = record.get(name, {}) | value
    return {key: text for key, text in merged.items() if text != ""}


def _pause(value: Any, name: str, record: Record) -> Record | None:
    if value == "":
        return None
    behaviour = value.get("behavior") if isinstance(value, dict) else None
    if behaviour not in _BEHAVIOURS:
        raise StripeError(400, f"Invalid behavior: must be one of {', '.join(_BEHAVIOURS)}", param=f"{name}[behavior]")
    resumes = value.get("resumes_at") or None
    if resumes is not None and not resumes.isdecimal():
        raise wrong_integer(f"{name}[resumes_at]", resumes)
    return {"behavior": behaviour, "resumes_at": resumes and int(resumes)}


def _address(value: Any, name: str, record: Record) -> Record | None:
    if value == "":
        return None
    if not isinstance(value, dict):
        raise StripeError(400, "Invalid object", param=name)
    if unknown := next((part for part in value if part not in _ADDRESS), None):
        raise unknown_parameter(f"{name}[{unknown}]")
    return {part: value.get(part) or None for part in _ADDRESS}


def _shipping(value: Any, name: str, record: Record) -> Record | None:
    if value == "":
        return None
    if not isinstance(value, dict) or "name" not in value or "address" not in value:
        raise StripeError(400, "Missing required param: shipping[name].", code="parameter_missing", param=name)
    address = _address(value["address"], f"{name}[address]", record)
    return {"address": address, "name": value["name"], "phone": value.get("phone") or None}


PARSERS: dict[str, dict[str, Parse]] = {
    "subscription": {
        "cancel_at_period_end": _flag,
        "default_payment_method": _text,
        "description": _text,
        "metadata": _metadata,
        "pause_collection": _pause,
    },
    "customer": {
        "address": _address,
        "description": _text,
        "email": _text,
        "metadata": _metadata,
        "name": _text,
        "phone": _text,
        "shipping": _shipping,
    },
}
