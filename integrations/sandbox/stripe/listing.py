"""Answer lists and single objects, from bytes that were written before wherever nothing changed since."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.store import Record
from integrations.sandbox.stripe.calls import Call
from integrations.sandbox.stripe.charges import payment_document
from integrations.sandbox.stripe.documents import document, find
from integrations.sandbox.stripe.errors import StripeError, missing
from integrations.sandbox.stripe.expansion import Tree, expanded, kinds_in, parse
from integrations.sandbox.stripe.filters import page_size, test_for
from integrations.sandbox.stripe.ids import invoice_behind
from integrations.sandbox.wire import encode

if TYPE_CHECKING:
    from integrations.sandbox.stripe.shop import StripeShop


def page(shop: "StripeShop", call: Call, kind: str) -> bytes:
    """Write a page of a list. Raises StripeError."""
    tree = parse(call.expand, kind, call.era, in_list=True)
    shop.permit(*kinds_in(tree, kind))
    accept = test_for(kind, call.params)
    after, before = _cursors(shop, call, kind)
    records, has_more = shop.store[kind].page(
        limit=page_size(call.params), after=after, before=before, owner=_owner(shop, call), accept=accept
    )
    return b'{"object":"list","data":[%s],"has_more":%s,"url":%s}' % (
        b",".join(written(shop, call, kind, record, tree) for record in records),
        encode(has_more),
        encode(call.request.path),
    )


def single(shop: "StripeShop", call: Call, kind: str, identity: str) -> bytes:
    """Write one object. Raises StripeError."""
    tree = parse(call.expand, kind, call.era)
    shop.permit(*kinds_in(tree, kind))
    return written(shop, call, kind, existing(shop, kind, identity), tree)


def existing(shop: "StripeShop", kind: str, identity: str) -> Record:
    """Find a record. Raises StripeError."""
    record = find(shop.desk, kind, identity)
    if record is None:
        raise missing(kind, identity)
    return record


def written(shop: "StripeShop", call: Call, kind: str, record: Record, tree: Tree) -> bytes:
    """Write a record with what the tree names, or take what was written before."""

    def write() -> bytes:
        return encode(expanded(shop.desk, document(shop.desk, kind, record, call.era), kind, tree, call.era))

    group = record.get("customer") or record["id"]
    return shop.cache.get(group, (record["id"], call.era, repr(tree)), write)


def payments(shop: "StripeShop", call: Call) -> Any:
    """List the payments of an invoice, or those of a payment intent. Raises StripeError."""
    asked = call.params.get("payment")
    intent = asked.get("payment_intent") if isinstance(asked, dict) else None
    invoice = call.params.get("invoice") or (invoice_behind(intent) if isinstance(intent, str) else None)
    if not isinstance(invoice, str):
        raise StripeError(400, "Name an invoice or a payment_intent.", param="invoice")
    record = shop.store["invoice"].get(invoice)
    shown = [payment_document(shop.desk, record)] if record else []
    return shop.desk.listed(shown, call.request.path)


def _cursors(shop: "StripeShop", call: Call, kind: str) -> tuple[str | None, str | None]:
    names = [name for name in ("starting_after", "ending_before") if name in call.params]
    if len(names) == 2:
        raise StripeError(400, "You cannot use both starting_after and ending_before.", param="ending_before")
    for name in names:
        if call.params[name] not in shop.store[kind]:
            raise missing(kind, str(call.params[name]), param=name)
    return call.params.get("starting_after"), call.params.get("ending_before")


def _owner(shop: "StripeShop", call: Call) -> str | None:
    if "customer" in call.params:
        return str(call.params["customer"])
    if "subscription" in call.params:
        subscription = shop.store["subscription"].get(str(call.params["subscription"]))
        return subscription["customer"] if subscription else "nobody"
    return None
