"""The filters that lists take, by kind: each turns a parameter into a test of a record."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from operator import ge, gt, le, lt
from typing import Any

from integrations.sandbox.store import Record
from integrations.sandbox.stripe.errors import StripeError, unknown_parameter, wrong_integer

Test = Callable[[Record], bool]
Filter = Callable[[Any, str], Test]

PAGING = frozenset({"limit", "starting_after", "ending_before", "expand"})
STATUSES = frozenset(
    {"incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid", "paused"}
)
_BOUNDS = {"gt": gt, "gte": ge, "lt": lt, "lte": le}
_ENDED = frozenset({"canceled", "incomplete_expired"})


def test_for(kind: str, params: Mapping[str, Any]) -> Test:
    """Make the test that all given filters pass. Raises StripeError."""
    filters = FILTERS[kind]
    unknown = next((name for name in params if name not in PAGING and name not in filters), None)
    if unknown:
        raise unknown_parameter(unknown)
    tests = [filters[name](value, name) for name, value in params.items() if name not in PAGING]
    if kind == "subscription" and "status" not in params:
        tests.append(lambda record: record["status"] != "canceled")
    return lambda record: not record.get("deleted") and all(test(record) for test in tests)


def _equals(field: str) -> Filter:
    def make(value: Any, name: str) -> Test:
        return lambda record: record.get(field) == value

    return make


def _among(field: str, match: Callable[[str, str], bool] = str.__eq__) -> Filter:
    def make(value: Any, name: str) -> Test:
        if not isinstance(value, list):
            raise StripeError(400, "Invalid array", param=name)
        return lambda record: any(match(str(record.get(field)), one) for one in value)

    return make


def _created(value: Any, name: str) -> Test:
    if not isinstance(value, dict):
        moment = _integer(value, name)
        return lambda record: record["created"] == moment
    if unknown := next((bound for bound in value if bound not in _BOUNDS), None):
        raise unknown_parameter(f"{name}[{unknown}]")
    bounds = [(_BOUNDS[bound], _integer(moment, f"{name}[{bound}]")) for bound, moment in value.items()]
    return lambda record: all(holds(record["created"], moment) for holds, moment in bounds)


def _status(value: Any, name: str) -> Test:
    if value == "all":
        return lambda record: True
    if value == "ended":
        return lambda record: record["status"] in _ENDED
    if value not in STATUSES:
        allowed = ", ".join(sorted(STATUSES))
        raise StripeError(400, f"Invalid status: must be all, ended or one of {allowed}", param=name)
    return lambda record: record["status"] == value


def _flag(field: str) -> Filter:
    def make(value: Any, name: str) -> Test:
        wanted = boolean(value, name)
        return lambda record: record.get(field, True) is wanted

    return make


def _type(value: Any, name: str) -> Test:
    return lambda record: fnmatchcase(record["type"], value)


def _has_price(value: Any, name: str) -> Test:
    return lambda record: any(item["price"] == value for item in record["items"])


def boolean(value: Any, name: str) -> bool:
    """Read a flag. Raises StripeError."""
    if value not in ("true", "false"):
        raise StripeError(400, f"Invalid boolean: {value}", param=name)
    return bool(value == "true")


def _integer(value: Any, name: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise wrong_integer(name, value) from error


def page_size(params: Mapping[str, Any]) -> int:
    """Read `limit`: 10 unless given, 1 to 100. Raises StripeError."""
    limit = _integer(params.get("limit", 10), "limit")
    if limit > 100:
        raise StripeError(
            400, f"This value must be less than or equal to 100 (it currently is '{limit}').", param="limit"
        )
    if limit < 1:
        raise StripeError(400, "This value must be greater than or equal to 1.", param="limit")
    return limit


FILTERS: dict[str, dict[str, Filter]] = {
    "subscription": {
        "status": _status,
        "customer": _equals("customer"),
        "price": _has_price,
        "collection_method": _equals("collection_method"),
        "created": _created,
    },
    "customer": {"email": _equals("email"), "created": _created},
    "invoice": {
        "subscription": _equals("subscription"),
        "customer": _equals("customer"),
        "status": _equals("status"),
        "created": _created,
    },
    "product": {"ids": _among("id"), "active": _flag("active"), "created": _created},
    "price": {
        "product": _equals("product"),
        "currency": _equals("currency"),
        "lookup_keys": _among("lookup_key"),
        "active": _flag("active"),
        "created": _created,
    },
    "payment_method": {"customer": _equals("customer"), "type": lambda value, name: lambda record: value == "card"},
    "event": {"type": _type, "types": _among("type", fnmatchcase), "created": _created},
    "webhook_endpoint": {},
}
