"""Write plans and products as the API shows them."""

from typing import Any

from integrations.sandbox.paypal.amounts import money
from integrations.sandbox.paypal.links import links
from integrations.sandbox.paypal.moments import written
from integrations.sandbox.store import Record

Document = dict[str, Any]

_PLAN_LINKS = (("", "self", "GET"), ("", "edit", "PATCH"), ("/deactivate", "deactivate", "POST"))
_PRODUCT_LINKS = (("", "self", "GET"), ("", "edit", "PATCH"))


def product_document(record: Record, base: str) -> Document:
    """Write a product; one without a category does not say so."""
    written_ = {
        "id": record["id"],
        "name": record["name"],
        "description": f"{record['name']}, made up",
        "type": record["type"],
        "category": record["category"],
        "create_time": written(record["created"]),
        "update_time": written(record["updated"]),
        "links": links(base, f"/v1/catalogs/products/{record['id']}", _PRODUCT_LINKS),
    }
    return {name: value for name, value in written_.items() if value is not None}


def plan_document(record: Record, base: str) -> Document:
    """Write a plan."""
    return inline_plan(record) | {
        "id": record["id"],
        "status": record["status"],
        "description": f"{record['name']}, made up",
        "usage_type": "LICENSED",
        "create_time": written(record["created"]),
        "update_time": written(record["updated"]),
        "links": links(base, f"/v1/billing/plans/{record['id']}", _PLAN_LINKS),
    }


def inline_plan(record: Record) -> Document:
    """Write a plan as a subscription shows it."""
    tax = {"taxes": {"percentage": record["tax"], "inclusive": record["inclusive"]}} if record["tax"] else {}
    return {
        "name": record["name"],
        "product_id": record["product"],
        "billing_cycles": _cycles(record),
        "payment_preferences": {
            "service_type": "PREPAID",
            "auto_bill_outstanding": True,
            "setup_fee": money(0, record["currency"]),
            "setup_fee_failure_action": "CONTINUE",
            "payment_failure_threshold": 3,
        },
        **tax,
        "quantity_supported": True,
    }


def _cycles(record: Record) -> list[Document]:
    trial = record["trial"]
    rows = [("TRIAL", trial["interval"], trial["cycles"], _fixed(trial["price"], record))] if trial else []
    rows.append(("REGULAR", record["interval"], record["cycles"], _regular(record)))
    return [
        {
            "pricing_scheme": {"version": 1, **scheme, "create_time": written(record["created"])},
            "frequency": {"interval_unit": unit, "interval_count": count},
            "tenure_type": tenure,
            "sequence": place,
            "total_cycles": total,
        }
        for place, (tenure, (unit, count), total, scheme) in enumerate(rows, start=1)
    ]


def _fixed(price: int, record: Record) -> Document:
    return {"fixed_price": money(price, record["currency"])}


def _regular(record: Record) -> Document:
    if not record["model"]:
        return _fixed(record["price"], record)
    return {"pricing_model": record["model"], "tiers": [_tier(tier, record["currency"]) for tier in record["tiers"]]}


def _tier(tier: list[int | None], currency: str) -> Document:
    first, last, price = tier
    ends = {} if last is None else {"ending_quantity": str(last)}
    return {"starting_quantity": str(first), **ends, "amount": money(price or 0, currency)}
