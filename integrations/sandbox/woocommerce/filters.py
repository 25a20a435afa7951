"""Which records a list shows, and in which order."""

from collections.abc import Callable, Iterable

from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce.calls import Call
from integrations.sandbox.woocommerce.dates import moment
from integrations.sandbox.woocommerce.errors import wrong

Test = Callable[[Record], bool]
_BOUNDS: dict[str, tuple[str, Callable[[int, int], bool]]] = {
    "after": ("created", int.__gt__),
    "before": ("created", int.__lt__),
    "modified_after": ("modified", int.__gt__),
    "modified_before": ("modified", int.__lt__),
}
_ORDERS: dict[str, Callable[[Record], tuple[object, ...]]] = {
    "date": lambda one: (one["created"], int(one["id"])),
    "modified": lambda one: (one["modified"], int(one["id"])),
    "id": lambda one: (int(one["id"]),),
    "title": lambda one: (one.get("name", ""), int(one["id"])),
    "slug": lambda one: (one.get("name", ""), int(one["id"])),
}


def matching(call: Call, records: Iterable[Record], *, hours: int, statuses: Iterable[str]) -> list[Record]:
    """List the records that a call asks for, in its order. Raises WooError."""
    tests = [_of_status(call, tuple(statuses)), *_bounds(call, hours), *_choices(call)]
    found = [one for one in records if all(test(one) for test in tests)]
    by = call.choice("orderby", (*_ORDERS, "include"), "date")
    if by == "include":
        places = {identity: place for place, identity in enumerate(call.numbers("include"))}
        return sorted(found, key=lambda one: places.get(one["id"], len(places)))
    return sorted(found, key=_ORDERS[by], reverse=call.choice("order", ("asc", "desc"), "desc") == "desc")


def _bounds(call: Call, hours: int) -> list[Test]:
    is_gmt = call.flag("dates_are_gmt")
    return [_bound(call, name, hours=hours, is_gmt=is_gmt) for name in _BOUNDS if name in call.params]


def _bound(call: Call, name: str, *, hours: int, is_gmt: bool) -> Test:
    field, holds = _BOUNDS[name]
    try:
        at = moment(str(call.params[name]), hours=hours, is_gmt=is_gmt)
    except ValueError as error:
        raise wrong(name, "Invalid date.", "rest_invalid_date") from error
    return lambda one: holds(one[field], at)


def _choices(call: Call) -> list[Test]:
    return [make(call) for name, make in _CHOICES.items() if call.params.get(name)]


def _of_status(call: Call, statuses: tuple[str, ...]) -> Test:
    asked = call.words("status") or ["any"]
    known = ("any", "trash", *statuses)
    for place, word in enumerate(asked):
        if word not in known:
            raise wrong("status", f"status[{place}] is not one of {', '.join(known)}.", "rest_not_in_enum")
    return lambda one: _status(one) in asked or ("any" in asked and _status(one) != "trash")


def _status(record: Record) -> str:
    return str(record.get("status", "publish"))


def _of_customer(call: Call) -> Test:
    wanted = str(call.whole("customer", 0))
    return lambda one: bool(one["customer"] == wanted)


def _included(call: Call) -> Test:
    wanted = frozenset(call.numbers("include"))
    return lambda one: one["id"] in wanted


def _excluded(call: Call) -> Test:
    unwanted = frozenset(call.numbers("exclude"))
    return lambda one: one["id"] not in unwanted


def _found(call: Call) -> Test:
    words = str(call.params["search"]).lower()
    return lambda one: words in _searched(one)


def _searched(record: Record) -> str:
    address = record.get("billing", {})
    sold = " ".join(item["name"] for item in record.get("lines", {}).get("items", ()))
    return " ".join((record["id"], record.get("name", ""), sold, *map(str, address.values()))).lower()


def _with_product(call: Call) -> Test:
    wanted = str(call.whole("product", 0))
    return lambda one: any(wanted in (item["product"], item["variation"]) for item in one["lines"]["items"])


def _with_sku(call: Call) -> Test:
    wanted = call.words("sku")
    return lambda one: one.get("sku") in wanted


_CHOICES: dict[str, Callable[[Call], Test]] = {
    "customer": _of_customer,
    "include": _included,
    "exclude": _excluded,
    "search": _found,
    "product": _with_product,
    "sku": _with_sku,
}
