"""Expand ids into objects: which properties may be expanded, how deep, and doing it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.stripe.charges import payment_document
from integrations.sandbox.stripe.desk import Desk, Document
from integrations.sandbox.stripe.documents import document, find
from integrations.sandbox.stripe.eras import Era
from integrations.sandbox.stripe.errors import StripeError

Tree = dict[str, "Tree"]
"""What to expand, by property; an empty tree ends a path."""

Fetch = Callable[[Desk, Document, Era], Any]

_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Edge:
    """A property that leads on: to an object by its id, to a part inside, or to what is shown only when asked for."""

    kind: str
    is_inside: bool = False
    fetch: Fetch | None = None
    eras: tuple[Era, ...] = tuple(Era)


def _payments(desk: Desk, doc: Document, era: Era) -> Document:
    invoice = desk.store["invoice"][doc["id"]]
    return desk.listed([payment_document(desk, invoice)], f"/v1/invoice_payments?invoice={doc['id']}")


def _subscriptions(desk: Desk, doc: Document, era: Era) -> Document:
    running = [one for one in reversed(desk.store["subscription"].owned(doc["id"])) if one["status"] != "canceled"]
    shown = [document(desk, "subscription", one, era) for one in running[:10]]
    return desk.listed(shown, f"/v1/customers/{doc['id']}/subscriptions") | {"has_more": len(running) > 10}


def _sources(desk: Desk, doc: Document, era: Era) -> Document:
    """List the cards of the time before payment methods, which no customer of this shop has."""
    return desk.listed([], f"/v1/customers/{doc['id']}/sources")


def _tiers(desk: Desk, doc: Document, era: Era) -> Any:
    return desk.store["price"][doc["id"]].get("tiers")


_OLD, _NEW = (Era.CLASSIC,), (Era.BASIL, Era.CLOVER)

EDGES: dict[str, dict[str, Edge]] = {
    "subscription": {
        "customer": Edge("customer"),
        "default_payment_method": Edge("payment_method"),
        "default_source": Edge("card"),
        "discounts": Edge("discount", eras=_NEW),
        "discount": Edge("discount", is_inside=True, eras=_OLD),
        "items": Edge("items", is_inside=True),
        "latest_invoice": Edge("invoice"),
        "pending_setup_intent": Edge("setup_intent"),
        "schedule": Edge("subscription_schedule"),
    },
    "items": {"data": Edge("item", is_inside=True)},
    "item": {"price": Edge("price", is_inside=True), "discounts": Edge("discount", eras=_NEW)},
    "price": {"product": Edge("product"), "tiers": Edge("tier", fetch=_tiers)},
    "product": {"default_price": Edge("price")},
    "customer": {
        "default_source": Edge("card"),
        "invoice_settings": Edge("invoice_settings", is_inside=True),
        "sources": Edge("card", fetch=_sources),
        "subscriptions": Edge("subscriptions", fetch=_subscriptions),
    },
    "subscriptions": {"data": Edge("subscription", is_inside=True)},
    "invoice_settings": {"default_payment_method": Edge("payment_method")},
    "payment_method": {"customer": Edge("customer")},
    "discount": {
        "customer": Edge("customer"),
        "source": Edge("source", is_inside=True, eras=(Era.CLOVER,)),
        "coupon": Edge("coupon", is_inside=True, eras=(Era.CLASSIC, Era.BASIL)),
    },
    "source": {"coupon": Edge("coupon")},
    "invoice": {
        "charge": Edge("charge", eras=_OLD),
        "customer": Edge("customer"),
        "default_payment_method": Edge("payment_method"),
        "discounts": Edge("discount"),
        "parent": Edge("parent", is_inside=True, eras=_NEW),
        "payments": Edge("payments", fetch=_payments, eras=_NEW),
        "subscription": Edge("subscription", eras=_OLD),
    },
    "parent": {"subscription_details": Edge("subscription_details", is_inside=True)},
    "subscription_details": {"subscription": Edge("subscription")},
    "payments": {"data": Edge("payment", is_inside=True)},
    "charge": {"customer": Edge("customer"), "invoice": Edge("invoice", eras=_OLD)},
}


def parse(paths: Sequence[str], kind: str, era: Era, *, in_list: bool = False) -> Tree:
    """Read the `expand` parameter for one object, or (`in_list`) for the objects of a page. Raises StripeError."""
    tree: Tree = {}
    for path in paths:
        names = path.split(".")
        if len(names) > _DEEPEST:
            raise StripeError(400, "You cannot expand more than 4 levels of a property.", param="expand")
        _graft(tree, _inside(path, names) if in_list else names, kind, era, path)
    return tree


def kinds_in(tree: Tree, kind: str) -> Iterator[str]:
    """List the kinds of object that an expansion shows."""
    for name, branch in tree.items():
        edge = EDGES[kind][name]
        if not edge.is_inside:
            yield edge.kind
        yield from kinds_in(branch, edge.kind)


def expanded(desk: Desk, doc: Document, kind: str, tree: Tree, era: Era) -> Document:
    """Copy a document with what the tree names in full; one of something deleted has nothing to expand."""
    doc = dict(doc)
    for name, branch in ({} if doc.get("deleted") else tree).items():
        edge = EDGES[kind][name]
        value = edge.fetch(desk, doc, era) if edge.fetch else doc.get(name)
        doc[name] = _follow(desk, edge.kind, value, branch, era)
    return doc


def _follow(desk: Desk, kind: str, value: Any, tree: Tree, era: Era) -> Any:
    if isinstance(value, list):
        return [_follow(desk, kind, one, tree, era) for one in value]
    if isinstance(value, str):
        record = find(desk, kind, value)
        if record is None:
            return value
        value = document(desk, kind, record, era)
    return expanded(desk, value, kind, tree, era) if value and tree else value


def _inside(path: str, names: list[str]) -> list[str]:
    if names[0] != "data" or len(names) == 1:
        raise _refused(path, hint=f" You may want to try expanding 'data.{path}' instead." if path != "data" else "")
    return names[1:]


def _graft(tree: Tree, names: list[str], kind: str, era: Era, path: str) -> None:
    edge = None
    for name in names:
        edge = EDGES.get(kind, {}).get(name)
        if edge is None or era not in edge.eras:
            raise _refused(path)
        tree, kind = tree.setdefault(name, {}), edge.kind
    if edge is None or edge.is_inside:
        raise _refused(path)


def _refused(path: str, *, hint: str = "") -> StripeError:
    return StripeError(400, f"This property cannot be expanded ({path}).{hint}", param="expand")
