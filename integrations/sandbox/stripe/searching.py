"""Search subscriptions: clauses on created, status, metadata and a few more, joined by AND."""

import re
from collections.abc import Callable
from operator import eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any

from integrations.sandbox.store import Record
from integrations.sandbox.stripe.calls import Call
from integrations.sandbox.stripe.errors import StripeError, missing
from integrations.sandbox.stripe.expansion import parse
from integrations.sandbox.stripe.filters import Test, page_size
from integrations.sandbox.stripe.listing import written
from integrations.sandbox.wire import encode

if TYPE_CHECKING:
    from integrations.sandbox.stripe.shop import StripeShop

MOST_COUNTED = 10_000

_CLAUSE = re.compile(
    r"""(?P<minus>-?)(?P<field>\w+)(\[["'](?P<key>[^"']*)["']\])?\s*(?P<sign>>=|<=|[:><])\s*"""
    r"""("(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<number>\d+))"""
)
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {":": eq, ">": gt, ">=": ge, "<": lt, "<=": le}
_FIELDS = frozenset({"created", "status", "currency", "metadata", "canceled_at"})


def search(shop: "StripeShop", call: Call) -> bytes:
    """Answer a search of subscriptions. Raises StripeError."""
    wants_count = "total_count" in call.expand
    tree = parse([path for path in call.expand if path != "total_count"], "subscription", call.era, in_list=True)
    accept = _test(call.params.get("query"))
    table, after = shop.store["subscription"], call.params.get("page")
    if after is not None and after not in table:
        raise missing("page", str(after), param="page")
    records, has_more = table.page(limit=page_size(call.params), after=after, accept=accept)
    found = b",".join(written(shop, call, "subscription", record, tree) for record in records)
    rest: dict[str, Any] = {"has_more": has_more, "next_page": records[-1]["id"] if has_more else None}
    if wants_count:
        rest["total_count"] = len(table.page(limit=MOST_COUNTED, accept=accept)[0])
    return b'{"object":"search_result","data":[%s],"url":"/v1/subscriptions/search",%s' % (found, encode(rest)[1:])


def _test(query: Any) -> Test:
    if not isinstance(query, str) or not query.strip():
        raise StripeError(400, "Missing required param: query.", code="parameter_missing", param="query")
    tests = [_clause(clause) for clause in re.split(r"\s+AND\s+", query.strip())]
    return lambda record: all(test(record) for test in tests)


def _clause(text: str) -> Test:
    found = _CLAUSE.fullmatch(text)
    if found is None or found["field"] not in _FIELDS:
        raise StripeError(400, f"We were unable to parse your search query: {text}", param="query")
    field, key, holds, is_wanted = found["field"], found["key"], _SIGNS[found["sign"]], not found["minus"]
    value: Any = int(found["number"]) if found["number"] else found["double"] or found["single"] or ""

    def test(record: Record) -> bool:
        held = (record.get(field) or {}).get(key) if key is not None else record.get(field)
        return type(held) is type(value) and holds(held, value) is is_wanted

    return test
