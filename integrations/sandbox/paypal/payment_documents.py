"""Write payments: as the transactions of a subscription, as sales, and as what went back of a sale."""

from typing import Any

from integrations.sandbox.paypal.amounts import classic_money, money, old_value
from integrations.sandbox.paypal.links import links
from integrations.sandbox.paypal.moments import written
from integrations.sandbox.store import Record, Store

Document = dict[str, Any]

_SALE_LINKS = (("", "self", "GET"), ("/refund", "refund", "POST"))
_STATES = {"COMPLETED": "completed", "REFUNDED": "refunded", "PARTIALLY_REFUNDED": "partially_refunded"}


def transaction_document(store: Store, record: Record) -> Document:
    """Write a payment as one of a subscription's transactions."""
    payer, currency = store["payer"].get(record["payer"]) or {}, record["currency"]
    email = {"payer_email": payer["email"]} if payer.get("email") else {}
    name = {"payer_name": payer["name"]} if payer.get("name") else {}
    parts = {
        "gross_amount": record["gross"],
        "total_item_amount": record["items"],
        "fee_amount": record["fee"],
        "shipping_amount": record["shipping"],
        "tax_amount": record["tax"],
        "net_amount": record["gross"] - record["fee"],
    }
    return {
        "status": record["status"],
        "id": record["id"],
        "amount_with_breakdown": {part: money(amount, currency) for part, amount in parts.items()},
        **email,
        **name,
        "time": written(record["created"]),
    }


def sale_document(record: Record, base: str, *, names_subscription: bool = True) -> Document:
    """Write a payment as a sale, whose subscription is its billing agreement."""
    currency = record["currency"]
    parts = {"subtotal": record["items"], "tax": record["tax"], "shipping": record["shipping"]}
    return {
        "id": record["id"],
        "state": _STATES.get(record["status"], "denied"),
        "amount": classic_money(record["gross"], currency, **parts),
        **({"billing_agreement_id": record["subscription"]} if names_subscription else {}),
        "payment_mode": "INSTANT_TRANSFER",
        "protection_eligibility": "ELIGIBLE",
        "protection_eligibility_type": "ITEM_NOT_RECEIVED_ELIGIBLE,UNAUTHORIZED_PAYMENT_ELIGIBLE",
        "transaction_fee": old_value(record["fee"], currency),
        "invoice_number": "",
        "create_time": written(record["created"]),
        "update_time": written(record["updated"]),
        "links": links(base, f"/v1/payments/sale/{record['id']}", _SALE_LINKS),
    }


def refund_document(
    sale: Record, base: str, *, identity: str, amount: int, at: int, names_subscription: bool = True
) -> Document:
    """Write what went back of a sale."""
    currency = sale["currency"]
    return {
        "id": identity,
        "sale_id": sale["id"],
        "state": "completed",
        "amount": classic_money(amount, currency),
        **({"billing_agreement_id": sale["subscription"]} if names_subscription else {}),
        "refund_to_payer": old_value(amount, currency),
        "total_refunded_amount": old_value(sale["refunded"], currency),
        "create_time": written(at),
        "update_time": written(at),
        "links": [
            *links(base, f"/v1/payments/refund/{identity}", (("", "self", "GET"),)),
            *links(base, f"/v1/payments/sale/{sale['id']}", (("", "sale", "GET"),)),
        ],
    }


def reversal_document(sale: Record, base: str, *, names_subscription: bool = True) -> Document:
    """Write a sale that was reversed, whose amounts are negative."""
    parts = {name: -sale[name] for name in ("tax", "shipping")}
    amount = classic_money(-sale["gross"], sale["currency"], subtotal=-sale["items"], **parts)
    document = sale_document(sale, base, names_subscription=names_subscription)
    return document | {"amount": amount, "state": "completed"}
