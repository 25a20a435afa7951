"""Answer lists by the page, single objects, and the orders of a subscription."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from integrations.sandbox.store import Record
from integrations.sandbox.wire import Answer, encode
from integrations.sandbox.woocommerce import webhooks
from integrations.sandbox.woocommerce.calls import Call
from integrations.sandbox.woocommerce.desk import Document
from integrations.sandbox.woocommerce.documents import document
from integrations.sandbox.woocommerce.errors import JSON, forbidden, unknown
from integrations.sandbox.woocommerce.filters import matching
from integrations.sandbox.woocommerce.verbs import STATUSES, TRASH

if TYPE_CHECKING:
    from integrations.sandbox.woocommerce.shop import WooShop

_STATUSES = {
    "order": ("pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "checkout-draft"),
    "webhook": webhooks.STATUSES,
}
_POST_STATUSES = ("publish", "draft", "private")
_SLOW = frozenset({"subscription", "order"})
_RELATED = (("parent", "parent"), ("resubscribe", "parent"), ("renewal", "renewal"), ("switch", "switch"))
"""The relations of orders, in the order in which they are listed, and what each is called."""


def answered(call: Call, value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with JSON as WordPress does, with only the fields that are asked for."""
    return Answer(
        status=status,
        body=encode(_narrowed(value, call.words("_fields"))),
        content_type=JSON,
        headers={
            "X-Robots-Tag": "noindex",
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Expose-Headers": "X-WP-Total, X-WP-TotalPages, Link",
            **(headers or {}),
        },
    )


def page(shop: "WooShop", call: Call, kind: str, records: Iterable[Record] | None = None) -> Answer:
    """Answer a page of a list; what cannot be read is left out of it, and counted all the same. Raises WooError."""
    size = call.whole("per_page", 10, least=1, most=100)
    number = call.whole("page", 1, least=1)
    start = call.whole("offset", (number - 1) * size)
    with shop.lock:
        listed = shop.store[kind] if records is None else records
        found = matching(call, listed, hours=shop.desk.hours, statuses=known_statuses(shop, kind))
        shown = [one for one in found[start : start + size] if one["id"] not in shop.faults.unreadable]
        written = [document(shop.desk, kind, one) for one in shown]
    _take_time(shop, kind, len(shown))
    return answered(call, written, headers=_paging(shop, call, number, len(found), -(-len(found) // size)))


def single(shop: "WooShop", call: Call, kind: str, identity: str) -> Answer:
    """Answer one object. Raises WooError."""
    with shop.lock:
        written = document(shop.desk, kind, existing(shop, kind, identity))
    _take_time(shop, kind, 1)
    return answered(call, written)


def existing(shop: "WooShop", kind: str, identity: str) -> Record:
    """Find a record. Raises WooError."""
    record = shop.store[kind].get(identity)
    if record is None or "source" in record:
        raise unknown(kind)
    if identity in shop.faults.unreadable:
        raise forbidden("view", is_known=True)
    return record


def related(shop: "WooShop", call: Call, identity: str) -> Answer:
    """Answer all orders of a subscription: it ignores pages, and its first order comes first. Raises WooError."""
    with shop.lock:
        if identity not in shop.store["subscription"]:
            raise unknown("subscription")
        orders = shop.store["order"].owned(identity)
        written = [
            document(shop.desk, "order", order) | {"order_type": f"{name}_order"}
            for relation, name in _RELATED
            for order in reversed(orders)
            if order["relation"] == relation
        ]
    _take_time(shop, "order", len(written))
    return answered(call, written, headers={"X-WP-Total": str(len(written)), "X-WP-TotalPages": "1"})


def known_statuses(shop: "WooShop", kind: str) -> list[str]:
    """List the statuses of a kind, those of subscriptions with what plugins added to the usual ones."""
    if kind != "subscription":
        return list(_STATUSES.get(kind, _POST_STATUSES))
    found = (one["status"] for one in shop.store["subscription"] if one["status"] != TRASH)
    return list(dict.fromkeys([*STATUSES, *found]))


def _paging(shop: "WooShop", call: Call, number: int, total: int, pages: int) -> dict[str, str]:
    params = [(name, value) for name, value in call.params.items() if name not in ("page", *_CREDENTIALS)]

    def link(to: int, relation: str) -> str:
        return f'<{shop.address}{call.request.path}?{urlencode([*params, ("page", to)], doseq=True)}>; rel="{relation}"'

    links = [link(min(number - 1, pages), "prev")] if number > 1 and pages else []
    links += [link(number + 1, "next")] if number < pages else []
    counts = {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)}
    named = counts | ({"Link": ", ".join(links)} if links else {})
    return {name: value for name, value in named.items() if name not in shop.faults.strips_headers}


def _take_time(shop: "WooShop", kind: str, rows: int) -> None:
    if kind in _SLOW and shop.faults.row_milliseconds:
        shop.stopped.wait(rows * shop.faults.row_milliseconds / 1000)


def _narrowed(value: Any, names: Sequence[str]) -> Any:
    if not names:
        return value
    if isinstance(value, list):
        return [_narrowed(one, names) for one in value]
    kept: Document = {name: value[name] for name in names if name in value}
    return kept


_CREDENTIALS = ("consumer_key", "consumer_secret")
