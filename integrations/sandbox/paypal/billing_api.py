"""The API of subscriptions, plans, products, sales and orders."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from integrations.sandbox.paypal import verbs
from integrations.sandbox.paypal.calls import Call
from integrations.sandbox.paypal.documents import Document, subscription_document
from integrations.sandbox.paypal.errors import PayPalError, lacking, missing, wrong, wrong_status
from integrations.sandbox.paypal.links import link
from integrations.sandbox.paypal.order_documents import order_document
from integrations.sandbox.paypal.payment_documents import sale_document, transaction_document
from integrations.sandbox.paypal.plan_documents import plan_document, product_document
from integrations.sandbox.store import Record
from integrations.sandbox.verbs import NotPossible

if TYPE_CHECKING:
    from integrations.sandbox.paypal.shop import PayPalShop

_FIELDS = frozenset({"plan", "last_failed_payment"})
_STATUSES = frozenset({"APPROVAL_PENDING", "APPROVED", "ACTIVE", "SUSPENDED", "CANCELLED", "EXPIRED"})
_MOST_PLANS = 70
# What each action is done with, whether a reason must be given, and the status that it wants.
_ACTIONS = {
    "suspend": (True, "active"),
    "activate": (False, "suspended"),
    "cancel": (True, "active or suspended"),
}
_MOMENTS: tuple[tuple[str, str, Callable[[int, int], bool]], ...] = (
    ("created_after", "created", lambda at, limit: at >= limit),
    ("created_before", "created", lambda at, limit: at <= limit),
    ("status_updated_after", "status_at", lambda at, limit: at >= limit),
    ("status_updated_before", "status_at", lambda at, limit: at <= limit),
)


def show_subscription(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """Show a subscription; its plan and its last failed payment only when they are asked for."""
    fields = set(call.words("fields"))
    if unknown := fields - _FIELDS:
        raise wrong("fields", ",".join(sorted(unknown)))
    record = existing(shop, "subscription", identity)
    asked = {"plan": "plan" in fields, "failure": "last_failed_payment" in fields}
    return subscription_document(shop.store, record, call.base, **asked)


def list_subscriptions(shop: "PayPalShop", call: Call) -> Document:
    """Show a page of the subscriptions, newest first, when the account may list them. Raises PayPalError."""
    if shop.listing != 200:
        raise missing("subscriptions") if shop.listing == 404 else PayPalError(shop.listing)
    size, number = call.whole("page_size", 10, 20), call.whole("page", 1, 10_000_000)
    is_wanted = _filter(call)
    found = [one for one in reversed(list(shop.store["subscription"])) if is_wanted(one)]
    pages = -(-len(found) // size)
    shown = found[(number - 1) * size : number * size]
    totals = {"total_items": len(found), "total_pages": pages} if call.is_set("total_required") else {}
    return {
        "subscriptions": [subscription_document(shop.store, one, call.base) for one in shown],
        **totals,
        "links": _turning(call, number, pages),
    }


def list_transactions(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """List the payments of a subscription from one moment to another, newest first."""
    record = existing(shop, "subscription", identity)
    start, end = call.moment("start_time"), call.moment("end_time")
    if end < start:
        raise wrong("end_time", call.params["end_time"])
    paid = [one for one in shop.store["transaction"].owned(record["id"]) if start <= one["created"] <= end]
    return {
        "transactions": [transaction_document(shop.store, one) for one in reversed(paid)],
        "total_items": len(paid),
        "total_pages": 1 if paid else 0,
        "links": [link(call.base, f"{call.request.path}?{call.request.query}", "self")],
    }


def act_on(action: str) -> Callable[..., None]:
    """Make the function that does a merchant's action, which answers nothing."""
    needs_reason, wanted = _ACTIONS[action]

    def act(shop: "PayPalShop", call: Call, identity: str) -> None:
        record, reason = existing(shop, "subscription", identity), call.body().get("reason")
        if needs_reason and not reason:
            raise lacking("reason", "body")
        try:
            with shop.happening(note=reason) as turn:
                verbs.do(turn, record, action)
        except NotPossible as error:
            raise wrong_status(action, wanted) from error

    return act


def revise(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """Change plan or quantity of a subscription; the pretend buyer agrees at once."""
    record, given = existing(shop, "subscription", identity), call.body()
    if record["status"] not in ("ACTIVE", "SUSPENDED"):
        raise wrong_status("revise", "active or suspended")
    plan, quantity = given.get("plan_id"), given.get("quantity")
    if plan is not None and plan not in shop.store["plan"]:
        raise missing(str(plan))
    if quantity is not None and not (isinstance(quantity, str) and quantity.isdecimal() and int(quantity)):
        raise wrong("quantity", quantity, "body")
    with shop.happening() as turn:
        after = verbs.revise(turn, record, plan=plan, quantity=quantity)
    shown = subscription_document(shop.store, after, call.base)
    return {name: shown[name] for name in ("plan_id", "quantity", "plan_overridden", "shipping_amount", "links")}


def show_plan(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """Show a plan."""
    return plan_document(existing(shop, "plan", identity), call.base)


def show_product(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """Show a product of the catalogue."""
    return product_document(existing(shop, "product", identity), call.base)


def show_sale(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """Show a sale."""
    return sale_document(existing(shop, "transaction", identity), call.base)


def show_order(shop: "PayPalShop", call: Call, identity: str) -> Document:
    """Show a one-off order."""
    return order_document(shop.store, existing(shop, "order", identity), call.base)


def existing(shop: "PayPalShop", kind: str, identity: str) -> Record:
    """Find a record. Raises PayPalError."""
    record = shop.store[kind].get(identity)
    if record is None or identity in shop.faults.forgotten:
        raise missing(identity)
    return record


def _filter(call: Call) -> Callable[[Record], bool]:
    plans, statuses = call.words("plan_ids"), call.words("statuses")
    if len(plans) > _MOST_PLANS:
        raise wrong("plan_ids", call.params["plan_ids"])
    if not _STATUSES.issuperset(statuses):
        raise wrong("statuses", call.params["statuses"])
    limits = [(field, test, call.moment(name)) for name, field, test in _MOMENTS if name in call.params]
    return lambda record: (
        (not plans or record["plan"] in plans)
        and (not statuses or record["status"] in statuses)
        and all(test(record[field], limit) for field, test, limit in limits)
    )


def _turning(call: Call, number: int, pages: int) -> list[dict[str, str]]:
    def to(page: int, rel: str) -> dict[str, str]:
        params: dict[str, Any] = call.params | {"page": page}
        return link(call.base, f"{call.request.path}?{urlencode(params)}", rel)

    rows = [to(number, "self"), to(1, "first")]
    rows += [to(number - 1, "prev")] if number > 1 else []
    rows += [to(number + 1, "next")] if number < pages else []
    return [*rows, to(max(pages, 1), "last")]
