"""Write invoices as the API shows them, before and since 2025-03-31."""

from typing import Any

from integrations.sandbox.store import Record
from integrations.sandbox.stripe.desk import Desk, Document
from integrations.sandbox.stripe.eras import Era
from integrations.sandbox.stripe.ids import sibling
from integrations.sandbox.stripe.invoicing import Line, subtotal_of, total_of

_SHIPPING_RATE = "shr_1SandboxParcel00000000"
_KEPT = (
    "id",
    "attempt_count",
    "billing_reason",
    "collection_method",
    "created",
    "currency",
    "customer",
    "customer_email",
    "customer_name",
    "due_date",
    "metadata",
    "next_payment_attempt",
    "status",
)


def invoice_document(desk: Desk, record: Record, era: Era) -> Document:
    """Write an invoice."""
    doc = desk.blanks["invoice"] | {name: record[name] for name in _KEPT if name in record}
    doc |= _progress(record) | _amounts(record) | _of_customer(desk, record)
    doc["lines"] = _lines(desk, record, era)
    doc["period_start"], doc["period_end"] = _period(record)
    return doc | (_since_basil(desk, record) if era >= Era.BASIL else _classic(desk, record))


def _progress(record: Record) -> Document:
    finalized = None if record["status"] == "draft" else record["created"]
    page = f"https://invoices.example.com/{record['id']}" if finalized else None
    return {
        "attempted": record.get("attempt_count", 0) > 0,
        "auto_advance": record["status"] in ("draft", "open"),
        "effective_at": finalized,
        "hosted_invoice_url": page,
        "invoice_pdf": page and f"{page}.pdf",
        "number": record["number"] if finalized else None,
        "status_transitions": {
            "finalized_at": finalized,
            "marked_uncollectible_at": record.get("marked_uncollectible_at"),
            "paid_at": record.get("paid_at"),
            "voided_at": record.get("voided_at"),
        },
    }


def _amounts(record: Record) -> Document:
    subtotal, total = subtotal_of(record), total_of(record)
    _, tax, inclusive, _ = record.get("tax", _NO_TAX)
    paid = total if record["status"] == "paid" else 0
    amounts: Document = {
        "amount_due": total,
        "amount_paid": paid,
        "amount_remaining": total - paid,
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - (tax if inclusive else 0),
        "total": total,
        "total_excluding_tax": total - tax,
    }
    if shipping := record.get("shipping"):
        amounts |= {"amount_shipping": shipping, "shipping_cost": _shipping(shipping)}
    if discount := record.get("discount"):
        amounts |= {
            "discounts": [discount[0]],
            "total_discount_amounts": [{"amount": discount[1], "discount": discount[0]}],
        }
    return amounts


def _shipping(amount: int) -> Document:
    return {"amount_subtotal": amount, "amount_tax": 0, "amount_total": amount, "shipping_rate": _SHIPPING_RATE}


def _of_customer(desk: Desk, record: Record) -> Document:
    customer = desk.store["customer"].get(record["customer"]) or {}
    return {
        "customer_address": customer.get("address"),
        "customer_phone": customer.get("phone"),
        "customer_shipping": customer.get("shipping"),
    }


def _period(record: Record) -> tuple[int, int]:
    start, end = record["lines"][0][4:]
    is_first = record["billing_reason"] == "subscription_create"
    return (record["created"], record["created"]) if is_first else (2 * start - end, start)


def _lines(desk: Desk, record: Record, era: Era) -> Document:
    data = [_line(desk, record, line, place, era) for place, line in enumerate(record["lines"], start=1)]
    return desk.listed(data, f"/v1/invoices/{record['id']}/lines")


def _line(desk: Desk, record: Record, line: Line, place: int, era: Era) -> Document:
    item, price_id, quantity, amount, start, end = line
    price, plan = desk.price_and_plan(price_id)
    doc = desk.blanks["line"] | {
        "id": f"{sibling(record['id'], 'il')}{place}",
        "amount": amount,
        "currency": record["currency"],
        "description": f"{quantity} × {desk.store['product'][price['product']]['name']}",
        "invoice": record["id"],
        "period": {"end": end, "start": start},
        "quantity": quantity,
    }
    if era >= Era.BASIL:
        return doc | _basil_line(record, item, price, amount)
    return doc | {
        "plan": plan,
        "price": price,
        "proration": False,
        "subscription": record["subscription"],
        "subscription_item": item,
        "tax_amounts": [],
        "type": "subscription",
    }


def _basil_line(record: Record, item: str, price: Document, amount: int) -> Document:
    origin = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": record["subscription"],
        "subscription_item": item,
    }
    return {
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": origin,
            "type": "subscription_item_details",
        },
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "subtotal": amount,
        "taxes": [],
    }


def _since_basil(desk: Desk, record: Record) -> Document:
    return {
        "parent": {
            "quote_details": None,
            "subscription_details": {
                "metadata": _metadata(desk, record),
                "subscription": record["subscription"],
            },
            "type": "subscription_details",
        },
        "total_pretax_credit_amounts": [],
        "total_taxes": [_tax(*record["tax"])] if "tax" in record else [],
    }


def _tax(rate: str, amount: int, inclusive: bool, taxable: int) -> Document:
    return {
        "amount": amount,
        "tax_behavior": "inclusive" if inclusive else "exclusive",
        "tax_rate_details": {"tax_rate": rate},
        "taxability_reason": "standard_rated",
        "taxable_amount": taxable,
        "type": "tax_rate_details",
    }


def _classic(desk: Desk, record: Record) -> Document:
    rate, tax, inclusive, taxable = record.get("tax", _NO_TAX)
    is_charged = bool(record.get("paid_at") and total_of(record))
    entry = {"amount": tax, "inclusive": inclusive, "tax_rate": rate, "taxable_amount": taxable}
    return {
        "charge": sibling(record["id"], "ch") if is_charged else None,
        "paid": record["status"] == "paid",
        "paid_out_of_band": False,
        "payment_intent": sibling(record["id"], "pi") if total_of(record) else None,
        "subscription": record["subscription"],
        "subscription_details": {"metadata": _metadata(desk, record)},
        "tax": tax if rate else None,
        "total_tax_amounts": [entry] if rate else [],
    }


def _metadata(desk: Desk, record: Record) -> Any:
    return (desk.store["subscription"].get(record["subscription"]) or {}).get("metadata", {})


_NO_TAX = (None, 0, True, 0)
