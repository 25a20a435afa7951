"""Draw up invoices of subscriptions, in any state of payment."""

from collections.abc import Callable
from random import Random
from typing import Any

from integrations.sandbox.periods import DAY
from integrations.sandbox.store import Record, Store
from integrations.sandbox.stripe.catalogue import SHIPPING, TAXES
from integrations.sandbox.stripe.ids import mint
from integrations.sandbox.stripe.pricing import bill, price_of

Line = list[Any]
"""Item, price, quantity, amount, start and end of the period."""


def draw_up(
    rng: Random,
    store: Store,
    subscription: Record,
    *,
    customer: Record,
    at: int,
    reason: str,
    is_free: bool = False,
) -> Record:
    """Make a draft of what is due: the items whose period began last; the customer's invoices are numbered."""
    began = max(item["current_period_start"] for item in subscription["items"])
    due = [item for item in subscription["items"] if item["current_period_start"] == began]
    lines = [_line(rng, store["price"][item["price"]], item, is_free) for item in due]
    number = store["invoice"].count_of(customer["id"]) + 1
    invoice: Record = {
        "id": mint(rng, "invoice"),
        "created": at,
        "customer": customer["id"],
        "subscription": subscription["id"],
        "currency": subscription["currency"],
        "status": "draft",
        "number": f"{customer['id'][-8:].upper()}-{number:04}",
        "billing_reason": reason,
        "customer_email": customer.get("email"),
        "customer_name": customer.get("name"),
        "lines": lines,
    }
    if subscription.get("collection_method"):
        invoice["collection_method"] = subscription["collection_method"]
    return invoice if is_free else invoice | _extras(store, subscription, customer, lines)


def in_state(invoice: Record, state: str, rng: Random, *, now: int) -> Record:
    """Move a draft on to a state of payment."""
    return invoice | STATES[state](invoice["created"], now, rng)


def total_of(invoice: Record) -> int:
    """Add up an invoice."""
    _, tax, inclusive, _ = invoice.get("tax", (None, 0, True, 0))
    off: int = invoice.get("discount", (None, 0))[1]
    shipping: int = invoice.get("shipping", 0)
    return subtotal_of(invoice) - off + shipping + (0 if inclusive else tax)


def subtotal_of(invoice: Record) -> int:
    """Add up the lines of an invoice."""
    amounts: list[int] = [line[3] for line in invoice["lines"]]
    return sum(amounts)


def _line(rng: Random, price: Record, item: Record, is_free: bool) -> Line:
    quantity = item["quantity"] or rng.randint(500, 40_000)
    amount = 0 if is_free else price_of(price, quantity)
    return [item["id"], price["id"], quantity, amount, item["current_period_start"], item["current_period_end"]]


def _extras(store: Store, subscription: Record, customer: Record, lines: list[Line]) -> Record:
    discount = store["discount"].get(next(iter(subscription.get("discounts") or ()), ""))
    rate = TAXES.get((customer.get("address") or {}).get("country", ""))
    product = store["product"][store["price"][lines[0][1]]["product"]]
    due = bill(
        [line[3] for line in lines],
        coupon=discount and store["coupon"][discount["coupon"]],
        shipping=SHIPPING[subscription["currency"]] if product["shippable"] else 0,
        rate=rate,
    )
    return {
        **({"discount": [discount["id"], due.discount]} if discount else {}),
        **({"shipping": due.shipping} if due.shipping else {}),
        **({"tax": [rate.id, due.tax, rate.inclusive, due.taxable]} if rate else {}),
    }


State = Callable[[int, int, Random], Record]
"""Make the fields of a state, from the invoice's moment, the present and chance."""

STATES: dict[str, State] = {
    "draft": lambda at, now, rng: {},
    "open": lambda at, now, rng: {"status": "open", "due_date": now + 20 * DAY},
    "overdue": lambda at, now, rng: {"status": "open", "due_date": min(at, now - 2 * DAY) + DAY},
    "paid": lambda at, now, rng: {"status": "paid", "attempt_count": 1, "paid_at": min(at + rng.randint(1, 120), now)},
    "zero": lambda at, now, rng: {"status": "paid", "paid_at": at},
    "failed": lambda at, now, rng: {
        "status": "open",
        "attempt_count": rng.randint(1, 3),
        "next_payment_attempt": now + rng.randint(1, 5) * DAY,
    },
    "exhausted": lambda at, now, rng: {"status": "open", "attempt_count": 4},
    "void": lambda at, now, rng: {"status": "void", "voided_at": min(at + 3600, now)},
    "uncollectible": lambda at, now, rng: {
        "status": "uncollectible",
        "attempt_count": 4,
        "marked_uncollectible_at": min(at + 7200, now),
    },
}
