"""What the store's plugin writes to us: a recurring payment in the API's own names."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from integrations.sandbox.store import Record

_INTERVALS = {"week": "weekly", "month": "monthly", "year": "yearly"}


def row(record: Record, at: int) -> dict[str, Any]:
    """Write a subscription as it is at a moment, whole."""
    first, _, last = record["name"].rpartition(" ")
    person = {"first_name": first or last, "last_name": last if first else ""}
    unit, count = record["interval"]
    return {
        "store_recurring_payment_id": record["id"],
        "as_of": _written(at),
        "name": f"{record['item']['name']} for {record['name']}",
        "email": record["email"],
        "status": record["status"],
        "store_status": record["status"].replace("_", "-"),
        "store_customer_id": record["customer"],
        "store_external_id": record["id"].replace("S-", "CRM-"),
        "billing_interval": _INTERVALS[unit],
        "billing_interval_count": count,
        "currency": record["currency"],
        "payment_amount": str(amount(record)),
        "tax_amount": str((amount(record) * Decimal("0.07")).quantize(Decimal("0.01"))),
        "last_payment_status": record["paid"] or None,
        "payment_method_expiration": _written(record["card_ends"]),
        "notes": record["notes"],
        "line_items": [record["item"] | {"quantity": str(record["quantity"]), "amount": record["price"]}],
        "customer": person | {"phone": record["address"]["phone"]},
        **{name: _written(record[kept]) for name, kept in _DATES.items()},
        **{f"{kind}_{name}": text for kind in _KINDS for name, text in (person | record["address"]).items()},
    }


def amount(record: Record) -> Decimal:
    """Tell what a cycle costs."""
    return Decimal(record["price"]) * int(record["quantity"])


_DATES = {
    "start_date": "created",
    "store_created_date": "created",
    "store_modified_date": "modified",
    "last_payment_date": "last",
    "next_payment_date": "next",
    "renewal_date": "next",
    "cancelled_date": "cancelled",
}
_KINDS = ("billing", "shipping")


def _written(at: int | None) -> str | None:
    return None if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
