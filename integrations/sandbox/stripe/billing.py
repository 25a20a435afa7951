"""What happens to the invoices of a subscription: a new period, a payment, a failure, a refund."""

from integrations.sandbox.periods import DAY, period_at
from integrations.sandbox.store import Record
from integrations.sandbox.stripe.charges import charge_record
from integrations.sandbox.stripe.contracts import interval_of
from integrations.sandbox.stripe.ids import sibling
from integrations.sandbox.stripe.invoicing import draw_up
from integrations.sandbox.stripe.turns import Turn

MOST_ATTEMPTS = 4


def invoice_next(turn: Turn, subscription: Record, *, reason: str = "subscription_cycle") -> Record:
    """Draft the invoice of the period that the subscription's items have just entered."""
    customer = turn.table("customer")[subscription["customer"]]
    return draw_up(turn.rng, turn.shop.store, subscription, customer=customer, at=turn.at, reason=reason)


def next_period(turn: Turn, subscription: Record) -> list[Record]:
    """Move the items whose period ends first into their next period; return all items."""
    first = min(item["current_period_end"] for item in subscription["items"])
    return [
        _moved(turn, item, subscription["billing_cycle_anchor"]) if item["current_period_end"] == first else item
        for item in subscription["items"]
    ]


def pay(turn: Turn, invoice: Record) -> Record:
    """Finalise an invoice where needed, and take the money."""
    opened = finalise(turn, invoice)
    paid = turn.change(
        opened,
        status="paid",
        attempt_count=opened.get("attempt_count", 0) + 1,
        next_payment_attempt=None,
        paid_at=turn.at,
    )
    turn.tell("invoice.paid", paid)
    turn.tell("invoice.payment_succeeded", paid)
    return paid


def fail(turn: Turn, invoice: Record) -> Record:
    """Finalise an invoice where needed, and try in vain to take the money."""
    opened = finalise(turn, invoice)
    attempts = opened.get("attempt_count", 0) + 1
    again = turn.at + 3 * DAY if attempts < MOST_ATTEMPTS else None
    failed = turn.change(opened, attempt_count=attempts, next_payment_attempt=again)
    turn.tell("invoice.payment_failed", failed)
    return failed


def finalise(turn: Turn, invoice: Record) -> Record:
    """Turn a draft into an open invoice; leave any other as it is."""
    if invoice["status"] != "draft":
        return invoice
    opened = turn.change(invoice, status="open")
    turn.tell("invoice.finalized", opened)
    return opened


def set_aside(turn: Turn, invoice: Record, behaviour: str) -> None:
    """Do with an invoice what paused collection says; `keep_as_draft` leaves it."""
    put_away = _SET_ASIDE.get(behaviour)
    if put_away:
        put_away(turn, invoice)


def refundable(turn: Turn, subscription: Record) -> Record | None:
    """Find the charge of the latest paid invoice, unless all of it went back already."""
    invoices = turn.table("invoice").owned(subscription["customer"])
    paid = [one for one in invoices if one["subscription"] == subscription["id"] and one.get("paid_at")]
    for invoice in reversed(paid):
        identity = sibling(invoice["id"], "ch")
        charge = turn.table("charge").get(identity) or charge_record(turn.shop.desk, identity)
        if charge:
            return None if charge.get("refunded") else charge
    return None


def refund(turn: Turn, charge: Record, amount: int) -> Record:
    """Give back a part of a charge, or all that is left of it."""
    returned = min(charge.get("amount_refunded", 0) + amount, charge["amount"])
    turn.put(charge)
    after = turn.change(charge, amount_refunded=returned, refunded=returned == charge["amount"])
    turn.tell("charge.refunded", after, charge)
    return after


def _moved(turn: Turn, item: Record, anchor: int) -> Record:
    start = item["current_period_end"]
    interval = interval_of(turn.table("price")[item["price"]])
    return item | {"current_period_start": start, "current_period_end": period_at(anchor, interval, start)[1]}


def _void(turn: Turn, invoice: Record) -> None:
    opened = finalise(turn, invoice)
    turn.tell("invoice.voided", turn.change(opened, status="void", voided_at=turn.at))


def _write_off(turn: Turn, invoice: Record) -> None:
    opened = finalise(turn, invoice)
    after = turn.change(opened, status="uncollectible", marked_uncollectible_at=turn.at)
    turn.tell("invoice.marked_uncollectible", after)


_SET_ASIDE = {"void": _void, "mark_uncollectible": _write_off}
