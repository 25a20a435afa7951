"""Charges and payments of invoices: kept only once something happens to them, otherwise made from the invoice."""

from integrations.sandbox.store import Record
from integrations.sandbox.stripe.desk import Desk, Document
from integrations.sandbox.stripe.eras import Era
from integrations.sandbox.stripe.ids import invoice_behind, sibling
from integrations.sandbox.stripe.invoicing import total_of


def charge_record(desk: Desk, identity: str) -> Record | None:
    """Make the charge that paid an invoice; None when the id is no such charge."""
    invoice = desk.store["invoice"].get(invoice_behind(identity))
    if invoice is None or not invoice.get("paid_at") or not total_of(invoice):
        return None
    customer = desk.store["customer"].get(invoice["customer"]) or {}
    subscription = desk.store["subscription"].get(invoice["subscription"]) or {}
    standard = (customer.get("invoice_settings") or {}).get("default_payment_method")
    return {
        "id": sibling(invoice["id"], "ch"),
        "created": invoice["paid_at"],
        "amount": total_of(invoice),
        "amount_captured": total_of(invoice),
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "invoice": invoice["id"],
        "payment_intent": sibling(invoice["id"], "pi"),
        "payment_method": subscription.get("default_payment_method") or standard,
        "receipt_email": invoice["customer_email"],
    }


def charge_document(desk: Desk, record: Record, era: Era) -> Document:
    """Write a charge; only older versions name its invoice."""
    doc = desk.blanks["charge"] | record
    if era >= Era.BASIL:
        del doc["invoice"]
    return doc


def payment_document(desk: Desk, invoice: Record) -> Document:
    """Write the payment that ties an invoice to its payment intent, as since 2025-03-31."""
    paid, total = invoice.get("paid_at"), total_of(invoice)
    return {
        "id": sibling(invoice["id"], "inpay"),
        "object": "invoice_payment",
        "amount_paid": total if paid else None,
        "amount_requested": total,
        "created": invoice["created"],
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "livemode": desk.livemode,
        "payment": {"payment_intent": sibling(invoice["id"], "pi"), "type": "payment_intent"},
        "status": "paid" if paid else "open",
        "status_transitions": {"canceled_at": None, "paid_at": paid},
    }
