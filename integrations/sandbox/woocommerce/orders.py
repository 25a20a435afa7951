"""Orders: what a subscription's first payment, its renewals, and a switch each leave behind."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce.lines import nothing_due, sums_of

PAID = frozenset({"processing", "completed", "refunded"})
_COPIED = ("customer", "billing", "shipping", "lines", "method")


def order_for(subscription: Mapping[str, Any], identity: str, *, relation: str, status: str, at: int) -> Record:
    """Make an order of a subscription; the status "zero" is a completed one with nothing to pay."""
    order = {name: subscription[name] for name in _COPIED} | {
        "id": identity,
        "created": at,
        "modified": at,
        "subscription": subscription["id"],
        "relation": relation,
    }
    if status == "zero":
        return settled(order | {"lines": nothing_due(order["lines"])}, "completed", at)
    return settled(order, status, at)


def settled(order: Record, status: str, at: int) -> Record:
    """Give an order a status, and the dates that come with it."""
    is_paid = status in PAID
    return order | {
        "status": status,
        "modified": at,
        "paid": (order.get("paid") or at) if is_paid else None,
        "completed": at if status == "completed" else order.get("completed"),
    }


def refunded(order: Record, identity: str, amount: int, at: int) -> Record:
    """Give money back; an order that was paid back as a whole says so in its status."""
    refunds = [*order.get("refunds", ()), {"id": int(identity), "reason": "Asked for by mail", "total": amount}]
    given_back = sum(one["total"] for one in refunds)
    status = "refunded" if given_back >= sums_of(order["lines"])["total"] else order["status"]
    return order | {"refunds": refunds, "status": status, "modified": at}


def left_to_refund(order: Record) -> int:
    """Tell how much of an order can still go back."""
    if order["status"] not in PAID:
        return 0
    given_back: int = sum(one["total"] for one in order.get("refunds", ()))
    return sums_of(order["lines"])["total"] - given_back
