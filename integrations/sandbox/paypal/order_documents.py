"""Write one-off orders."""

from typing import Any

from integrations.sandbox.paypal.amounts import money
from integrations.sandbox.paypal.links import link, links
from integrations.sandbox.paypal.moments import written
from integrations.sandbox.store import Record, Store

Document = dict[str, Any]

_OPEN_LINKS = (("", "self", "GET"), ("", "update", "PATCH"), ("/capture", "capture", "POST"))
_LINKS = {"COMPLETED": (("", "self", "GET"),)}


def order_document(store: Store, record: Record, base: str) -> Document:
    """Write an order; the captured money is in its purchase unit once it is completed."""
    payer = store["payer"][record["payer"]]
    path = f"/v2/checkout/orders/{record['id']}"
    return {
        "id": record["id"],
        "intent": "CAPTURE",
        "status": record["status"],
        "payment_source": {"paypal": _source(payer)},
        "purchase_units": [_unit(record, payer, base)],
        "payer": _payer(payer),
        "create_time": written(record["created"]),
        "update_time": written(record["updated"]),
        "links": links(base, path, _LINKS.get(record["status"], _OPEN_LINKS)),
    }


def _source(payer: Record) -> Document:
    return _known({"email_address": payer["email"], "account_id": payer["id"], "name": payer["name"] or None})


def _payer(payer: Record) -> Document:
    address = {"country_code": payer["address"]["country_code"]}
    known = {"name": payer["name"] or None, "email_address": payer["email"], "payer_id": payer["id"]}
    return _known(known) | {"address": address}


def _unit(record: Record, payer: Record, base: str) -> Document:
    currency = record["currency"]
    value = record["price"] * record["quantity"]
    amount = money(value + record["shipping"], currency)
    breakdown = {"item_total": money(value, currency), "shipping": money(record["shipping"], currency)}
    item = {
        "name": record["name"],
        "unit_amount": money(record["price"], currency),
        "quantity": str(record["quantity"]),
    }
    unit = {
        "reference_id": "default",
        "amount": amount | {"breakdown": breakdown},
        "items": [item],
        "custom_id": record["custom_id"],
        "shipping": payer["ship_to"],
        "payments": {"captures": [_capture(record, amount, base)]} if record["capture"] else None,
    }
    return _known(unit)


def _capture(record: Record, amount: Document, base: str) -> Document:
    return {
        "id": record["capture"],
        "status": "COMPLETED",
        "amount": amount,
        "final_capture": True,
        "create_time": written(record["updated"]),
        "update_time": written(record["updated"]),
        "links": [link(base, f"/v2/payments/captures/{record['capture']}", "self")],
    }


def _known(document: Document) -> Document:
    return {name: value for name, value in document.items() if value is not None}
