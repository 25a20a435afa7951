"""Renewals: the order of a new period, paid or not, and the payment that is tried again."""

from integrations.sandbox.periods import Interval, step
from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce.contracts import HALF_DAY
from integrations.sandbox.woocommerce.orders import PAID, left_to_refund, order_for, refunded, settled
from integrations.sandbox.woocommerce.turns import Turn

# How long Woo Subscriptions waits before each further attempt, in half days.
_RETRIES = (1, 1, 2, 4, 6)


def interval_of(subscription: Record) -> Interval:
    """Tell how often a subscription is paid."""
    return subscription["period"], subscription["count"]


def newest_order(turn: Turn, subscription: Record) -> Record | None:
    """Find the order of a subscription that came last."""
    return next(reversed(turn.table("order").owned(subscription["id"])), None)


def renewal(turn: Turn, subscription: Record, status: str, relation: str = "renewal") -> Record:
    """Make the order of a further period, and tell of it."""
    identity = turn.number("order")
    order = order_for(subscription, identity, relation=relation, status=status, at=turn.at)
    turn.put("order", order)
    turn.tell("order.created", order)
    return order


def settle(turn: Turn, order: Record, status: str) -> Record:
    """Move an order to a status, and tell of it."""
    after = turn.put("order", settled(order, status, turn.at))
    turn.tell("order.updated", after)
    return after


def following(turn: Turn, subscription: Record) -> int:
    """Work out the next payment after now, counted from the one that was planned."""
    planned = subscription["next_payment"] or turn.at
    while planned <= turn.at:
        planned = step(planned, interval_of(subscription))
    return planned


def after_next(turn: Turn, subscription: Record) -> int:
    """Work out the payment that follows the one that is made now."""
    planned = subscription["next_payment"]
    if planned is None or planned <= turn.at:
        return following(turn, subscription)
    return step(planned, interval_of(subscription))


def failing(turn: Turn, subscription: Record) -> Record:
    """Make the fields of a subscription whose payment failed once more, after settling its order."""
    order = newest_order(turn, subscription)
    tried, planned = subscription["retries"], subscription["next_payment"]
    if subscription["status"] == "active" or order is None:
        order = renewal(turn, subscription, "pending")
        tried, planned = 0, after_next(turn, subscription)
    is_last = tried >= len(_RETRIES)
    settle(turn, order, "failed" if is_last else "pending")
    return {
        "retries": tried + 1,
        "retry": None if is_last else turn.at + _RETRIES[tried] * HALF_DAY,
        "next_payment": planned,
    }


def owing(turn: Turn, subscription: Record) -> Record | None:
    """Find the order that waits for its payment."""
    order = newest_order(turn, subscription)
    return order if order and order["status"] not in (*PAID, "cancelled") else None


def refundable(turn: Turn, subscription: Record) -> Record | None:
    """Find the newest order of which something can go back."""
    orders = reversed(turn.table("order").owned(subscription["id"]))
    return next((one for one in orders if left_to_refund(one) > 0), None)


def refund(turn: Turn, order: Record, amount: int) -> None:
    """Give money back, and tell so."""
    after = turn.put("order", refunded(order, turn.number("refund"), amount, turn.at))
    turn.tell("order.updated", after)
