"""Write each kind of object as the API shows it, in the shapes of an era."""

from collections.abc import Callable

from integrations.sandbox.store import Record
from integrations.sandbox.stripe.charges import charge_document, charge_record
from integrations.sandbox.stripe.desk import Desk, Document
from integrations.sandbox.stripe.eras import Era
from integrations.sandbox.stripe.invoice_documents import invoice_document
from integrations.sandbox.stripe.templates import CARD, DISCOUNT, INVOICE_SETTINGS, ITEM

Write = Callable[[Desk, Record, Era], Document]


def find(desk: Desk, kind: str, identity: str) -> Record | None:
    """Find a record; a charge that nobody touched is made from its invoice."""
    table = desk.store.tables.get(kind)
    kept = table.get(identity) if table else None
    return charge_record(desk, identity) if kept is None and kind == "charge" else kept


def document(desk: Desk, kind: str, record: Record, era: Era) -> Document:
    """Write a record as the API shows it, nothing expanded."""
    return WRITERS[kind](desk, record, era)


def _subscription(desk: Desk, record: Record, era: Era) -> Document:
    items = [_item(desk, record["id"], item) for item in record["items"]]
    listed = desk.listed(items, f"/v1/subscription_items?subscription={record['id']}")
    doc = desk.blanks["subscription"] | record | {"items": listed}
    return doc if era >= Era.BASIL else _classic_subscription(desk, doc)


def _item(desk: Desk, subscription: str, item: Record) -> Document:
    price, plan = desk.price_and_plan(item["price"])
    doc = ITEM | item | {"plan": plan, "price": price, "subscription": subscription, "tax_rates": []}
    if item["quantity"] is None:
        del doc["quantity"]
    return doc


def _classic_subscription(desk: Desk, doc: Document) -> Document:
    items = doc["items"]["data"]
    first: Document = min(items, key=lambda item: int(item["current_period_end"]), default={})
    discounts = [_discount(desk, desk.store["discount"][one], Era.CLASSIC) for one in doc["discounts"]]
    doc["items"]["data"] = [_without(item, _ITEM_SINCE_BASIL) for item in items]
    return _without(doc, _SUBSCRIPTION_SINCE_BASIL) | {
        "current_period_end": first.get("current_period_end"),
        "current_period_start": first.get("current_period_start"),
        "discount": discounts[0] if discounts else None,
        "plan": items[0]["plan"] if len(items) == 1 else None,
        "quantity": items[0].get("quantity") if len(items) == 1 else None,
    }


def _without(doc: Document, names: frozenset[str]) -> Document:
    return {name: value for name, value in doc.items() if name not in names}


_ITEM_SINCE_BASIL = frozenset({"current_period_end", "current_period_start", "discounts"})
_SUBSCRIPTION_SINCE_BASIL = frozenset({"billing_mode", "billing_schedules", "discounts", "status_details"})


def _customer(desk: Desk, record: Record, era: Era) -> Document:
    if record.get("deleted"):
        return {"id": record["id"], "object": "customer", "deleted": True}
    doc = desk.blanks["customer"] | record
    doc["invoice_prefix"] = record["id"][-8:].upper()
    doc["invoice_settings"] = INVOICE_SETTINGS | (doc["invoice_settings"] or {})
    return doc


def _payment_method(desk: Desk, record: Record, era: Era) -> Document:
    return desk.blanks["payment_method"] | record | {"card": CARD | record["card"]}


def _discount(desk: Desk, record: Record, era: Era) -> Document:
    doc = DISCOUNT | record
    coupon = doc.pop("coupon")
    if era >= Era.CLOVER:
        return doc | {"source": {"coupon": coupon, "type": "coupon"}}
    return doc | {"coupon": _plain("coupon")(desk, desk.store["coupon"][coupon], era)}


def _price(desk: Desk, record: Record, era: Era) -> Document:
    return desk.price_and_plan(record["id"])[0]


def _event(desk: Desk, record: Record, era: Era) -> Document:
    written: Document = record["document"]
    return written


def _endpoint(desk: Desk, record: Record, era: Era) -> Document:
    return _without(desk.blanks["webhook_endpoint"] | record, frozenset({"secrets"}))


def _plain(kind: str) -> Write:
    return lambda desk, record, era: desk.blanks[kind] | record


WRITERS: dict[str, Write] = {
    "subscription": _subscription,
    "customer": _customer,
    "invoice": invoice_document,
    "payment_method": _payment_method,
    "product": _plain("product"),
    "price": _price,
    "coupon": _plain("coupon"),
    "discount": _discount,
    "charge": charge_document,
    "event": _event,
    "webhook_endpoint": _endpoint,
}
