"""One row of the API: the catalogue's names in snake_case, line items, the customer, and the moment it is true for.

An absent key keeps what is stored, an explicit null clears it. What is ours, such as `legacy_connection_id`, cannot be
set. All reasons of the API are English, the kinds' own included: every entrance to the API switches to English.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from babel.numbers import list_currencies

from config.api.showing import CONTROL, showable
from contacts.services import PROFILE_FIELDS, Profile
from subscriptions.catalogue import BY_NAME, STORED, Status
from subscriptions.kinds import DATE, TEXT, TEXT_LENGTH, TEXT_LIST, parse_choice
from subscriptions.records import IDENTITY, ITEM_KINDS, Record, RecordError, build

# How far a store's clock may go ahead of ours.
LEEWAY = timedelta(minutes=5)
MAX_ENTRIES = 1000
# A row, its list of line items, an item, and the item's list of categories.
LEVELS = 4
BESIDE = ("line_items", "customer", "as_of", "occurred_at")
KEYS = frozenset({*STORED, *BESIDE})
# What a text may not hold: all that is no writing, except tabs and ends of lines, and half a surrogate pair.
_OF_CUSTOMER = frozenset({*PROFILE_FIELDS, "accepts_marketing"})
_TEXTS = frozenset(name for name, field in STORED.items() if field.kind is TEXT)
_LISTS = frozenset(name for name, field in STORED.items() if field.kind is TEXT_LIST)

type Errors = dict[str, str]


def read(row: Any, *, now: datetime) -> Record:
    """Check a row and return its record; raise RecordError with every broken path at once.

    The record is as of `as_of`, else of `store_modified_date` if that is not still to come, else of `now`.
    """
    if not isinstance(row, dict):
        raise RecordError({"": "must be an object"})
    errors = _too_deep(row)
    if errors:
        raise RecordError(errors)
    errors |= {showable(name): _why_refused(name) for name in row.keys() - KEYS}
    values = _values(row, errors)
    items, customer = _items(row, errors), _customer(row, errors)
    as_of, occurred_at = _as_of(row, now, errors), _moment(row, "occurred_at", errors)
    try:
        record = build(values, items=items, as_of=as_of, occurred_at=occurred_at, profile=customer)
    except RecordError as error:
        raise RecordError(error.errors | errors) from None
    if errors:
        raise RecordError(errors)
    return record


def named_id(row: Any) -> str | None:
    """Return the id that a row names, however broken the rest is."""
    told = row.get(IDENTITY) if isinstance(row, dict) else None
    return told if isinstance(told, str) and len(told) <= BY_NAME[IDENTITY].limit and _is_clean(told) else None


def sought(name: str, value: Any) -> Any:
    """Return a value that is looked for as it would be stored: a currency comes in any case."""
    return value.upper() if name == "currency" and isinstance(value, str) else value


def clean(text: str) -> str:
    """Return a text; raise ValueError for one that holds what is no writing."""
    if not _is_clean(text):
        raise ValueError("contains a control character")
    return text


def _values(row: Mapping[str, Any], errors: Errors) -> dict[str, Any]:
    values = {}
    for name, value in row.items():
        if name not in STORED:
            continue
        if reason := _why_unfit(name, value):
            errors[name] = reason
        else:
            values[name] = value
    for name, parse in _PARSERS.items():
        if values.get(name) is not None:
            _parse(parse, name, values, errors)
    return values


def _why_unfit(name: str, value: Any) -> str:
    """Say why a value is refused that the kind of its field would take."""
    if name in _TEXTS:
        return "" if not isinstance(value, str) or _is_clean(value) else "contains a control character"
    if name in _LISTS and isinstance(value, list):
        return _why_unfit_list(value)
    return ""


def _why_unfit_list(value: list[Any]) -> str:
    if len(value) > MAX_ENTRIES:
        return f"has more than {MAX_ENTRIES} entries"
    return "" if all(_is_clean(text) for text in value if isinstance(text, str)) else "contains a control character"


def _parse(parse: Callable[[Any], Any], name: str, values: dict[str, Any], errors: Errors) -> None:
    try:
        values[name] = parse(values[name])
    except ValueError as error:
        errors[name] = str(error)
        del values[name]


def _currency(value: Any) -> str:
    """Take an ISO 4217 code in any case; an empty text clears."""
    if value == "":
        return ""
    code = value.upper() if isinstance(value, str) else ""
    if code not in _currencies():
        raise ValueError("must be an ISO 4217 code such as EUR")
    return code


def _status(value: Any) -> str:
    """Take one of the six; an empty word, which other choices take for nothing, is none of them."""
    if value == "":
        raise ValueError(f"must be one of {', '.join(Status.values)}, or null")
    return parse_choice(value, Status.values)


# What the API asks of a field beside what its kind asks of every store.
_PARSERS: dict[str, Callable[[Any], Any]] = {"currency": _currency, "status": _status}


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _items(row: Mapping[str, Any], errors: Errors) -> list[dict[str, Any]] | None:
    if "line_items" not in row:
        return None
    told = row["line_items"]
    if told is None:
        return []
    if not isinstance(told, list):
        errors["line_items"] = "must be a list of objects"
        return None
    if len(told) > MAX_ENTRIES:
        errors["line_items"] = f"has more than {MAX_ENTRIES} entries"
        return None
    return [_item(item, f"line_items[{index}]", errors) for index, item in enumerate(told)]


def _item(item: Any, path: str, errors: Errors) -> dict[str, Any]:
    if not isinstance(item, dict):
        errors[path] = "must be an object"
        return {}
    errors |= {f"{path}.{showable(name)}": "is not a field of a line item" for name in item.keys() - ITEM_KINDS.keys()}
    known = {name: value for name, value in item.items() if name in ITEM_KINDS}
    for name, value in known.items():
        if reason := _why_unfit_list(value if isinstance(value, list) else [value]):
            errors[f"{path}.{name}"] = reason
    return known


def _customer(row: Mapping[str, Any], errors: Errors) -> Profile | None:
    told = row.get("customer")
    if told is None:
        return None
    if not isinstance(told, dict):
        errors["customer"] = "must be an object"
        return None
    errors |= {f"customer.{showable(name)}": "is not a field of a customer" for name in told.keys() - _OF_CUSTOMER}
    texts = {}
    for name in PROFILE_FIELDS:
        if told.get(name) is not None:
            texts[name] = _text(told[name], f"customer.{name}", errors)
    email, accepts = row.get("email"), told.get("accepts_marketing")
    if not isinstance(accepts, bool | None):
        errors["customer.accepts_marketing"] = "must be true, false or null"
        accepts = None
    return Profile(email=email if isinstance(email, str) else "", accepts_marketing=accepts, **texts)


def _text(value: Any, path: str, errors: Errors) -> str:
    try:
        return clean(TEXT.parse(value, TEXT_LENGTH))
    except ValueError as error:
        errors[path] = str(error)
        return ""


def _as_of(row: Mapping[str, Any], now: datetime, errors: Errors) -> datetime:
    told = _moment(row, "as_of", errors)
    if told is not None:
        if told > now + LEEWAY:
            errors["as_of"] = "lies in the future"
        return told
    modified = _moment(row, "store_modified_date", {})
    return min(modified, now) if modified else now


def _moment(row: Mapping[str, Any], name: str, errors: Errors) -> datetime | None:
    value = row.get(name)
    if value is None:
        return None
    try:
        moment: datetime = DATE.parse(value, None)
    except ValueError as error:
        errors[name] = str(error)
        return None
    return moment


def _too_deep(row: Mapping[str, Any]) -> Errors:
    deep = [name for name, value in row.items() if not _is_within(value, LEVELS - 1)]
    return {showable(name): "is nested too deeply" for name in deep}


def _is_within(value: Any, levels: int) -> bool:
    if not isinstance(value, list | dict):
        return True
    return levels > 0 and all(
        _is_within(one, levels - 1) for one in (value if isinstance(value, list) else value.values())
    )


def _why_refused(name: str) -> str:
    return "is ours and cannot be set" if name in BY_NAME else "is not a known field"


def _is_clean(text: str) -> bool:
    return not CONTROL.search(text)
