"""Write subscriptions as the API and the events show them."""

from typing import Any

from integrations.sandbox.paypal.amounts import short_money
from integrations.sandbox.paypal.links import links
from integrations.sandbox.paypal.moments import written
from integrations.sandbox.paypal.plan_documents import inline_plan
from integrations.sandbox.store import Record, Store

Document = dict[str, Any]

_RUNNING = (
    ("/cancel", "cancel", "POST"),
    ("", "edit", "PATCH"),
    ("", "self", "GET"),
    ("/suspend", "suspend", "POST"),
    ("/capture", "capture", "POST"),
)
_LINKS = {
    "APPROVAL_PENDING": (("", "approve", "GET"), ("", "edit", "PATCH"), ("", "self", "GET")),
    "ACTIVE": _RUNNING,
    "SUSPENDED": (
        ("/cancel", "cancel", "POST"),
        ("", "edit", "PATCH"),
        ("", "self", "GET"),
        ("/activate", "activate", "POST"),
    ),
}
_ENDED_LINKS = (("", "self", "GET"),)


def subscription_document(
    store: Store, record: Record, base: str, *, plan: bool = False, failure: bool = False
) -> Document:
    """Write a subscription: `plan` and `failure` are what is shown only when it is asked for.

    What does not exist is left out; raw fields that were set by hand go over the written ones.
    """
    terms = store["plan"][record["plan"]]
    currency = terms["currency"]
    document: Document = {
        "status": record["status"],
        "status_change_note": record["note"],
        "status_update_time": written(record["status_at"]),
        "id": record["id"],
        "plan_id": record["plan"],
        "start_time": written(record["start"]),
        "quantity": record["quantity"],
        "shipping_amount": short_money(record["shipping"], currency),
        "subscriber": _subscriber(store, record),
        "billing_info": _billing_info(record, currency, failure=failure),
        "create_time": written(record["created"]),
        "update_time": written(record["updated"]),
        "custom_id": record["custom_id"],
        "plan_overridden": False,
        "plan": inline_plan(terms) if plan else None,
        "links": links(base, f"/v1/billing/subscriptions/{record['id']}", _LINKS.get(record["status"], _ENDED_LINKS)),
    }
    return {name: value for name, value in (document | record["raw"]).items() if value is not None}


def _subscriber(store: Store, record: Record) -> Document | None:
    payer = store["payer"].get(record["payer"])
    if payer is None:
        return None
    email = {"email_address": payer["email"]} if payer["email"] else {}
    return email or None if record["subscriber"] == "email" else email | _whole_subscriber(payer)


def _whole_subscriber(payer: Record) -> Document:
    known = {
        "payer_id": payer["id"],
        "name": payer["name"] or None,
        "shipping_address": payer["ship_to"],
        "payment_source": {"card": payer["card"]} if payer["card"] else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _billing_info(record: Record, currency: str, *, failure: bool) -> Document | None:
    if not record["executions"]:
        return None
    known = {
        "outstanding_balance": short_money(record["outstanding"], currency),
        "cycle_executions": record["executions"],
        "last_payment": _payment(record["last_payment"], currency),
        "last_failed_payment": _failure(record["last_failed"], currency) if failure else None,
        "next_billing_time": _moment(record["next"]),
        "final_payment_time": _moment(record["final"]),
        "failed_payments_count": record["failures"],
    }
    return {name: value for name, value in known.items() if value is not None}


def _payment(payment: Record | None, currency: str) -> Document | None:
    if payment is None:
        return None
    return {"amount": short_money(payment["amount"], currency), "time": written(payment["at"])}


def _failure(failed: Record | None, currency: str) -> Document | None:
    if failed is None:
        return None
    return {
        "amount": short_money(failed["amount"], currency),
        "time": written(failed["at"]),
        "reason_code": failed["reason"],
        "next_payment_retry_time": written(failed["retry"]),
    }


def _moment(at: int | None) -> str | None:
    return None if at is None else written(at)
