"""What can be made to happen to a subscription, each with the states that allow it and the events it causes."""

from collections.abc import Callable
from typing import Any

from integrations.sandbox import verbs
from integrations.sandbox.store import Record
from integrations.sandbox.stripe import billing
from integrations.sandbox.stripe.contracts import interval_of, paused_because
from integrations.sandbox.stripe.turns import Turn
from integrations.sandbox.verbs import NotPossible, Verb

_OVER = frozenset({"canceled", "incomplete_expired"})
_LIVE = frozenset({"active", "trialing", "past_due"})
_OWING = frozenset({"past_due", "unpaid", "incomplete"})


def do(turn: Turn, subscription: Record, action: str) -> None:
    """Do a verb by its name. Raises NotPossible."""
    verbs.do(VERBS, turn, subscription, action)


def updated(turn: Turn, before: Record, **changes: Any) -> Record:
    """Change a subscription and tell so."""
    after = turn.change(before, **changes)
    turn.tell("customer.subscription.updated", after, before)
    return after


def ending_fields(turn: Turn, subscription: Record, *, ends: bool) -> Record:
    """Make the fields that say that a subscription ends with its period, or that it goes on after all."""
    reason = "cancellation_requested" if ends else None
    end = min(item["current_period_end"] for item in subscription["items"])
    return {
        "cancel_at_period_end": ends,
        "cancel_at": end if ends else None,
        "canceled_at": turn.at if ends else None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": reason},
    }


def cancel(turn: Turn, subscription: Record, *, reason: str = "cancellation_requested") -> None:
    """End a subscription at once."""
    after = turn.change(
        subscription,
        status="canceled",
        canceled_at=subscription.get("canceled_at") or turn.at,
        ended_at=turn.at,
        cancellation_details={"comment": None, "feedback": None, "reason": reason},
    )
    turn.tell("customer.subscription.deleted", after)


def _renew(turn: Turn, subscription: Record) -> None:
    if subscription.get("cancel_at_period_end"):
        cancel(turn, subscription)
        return
    invoice = _enter(turn, subscription, _advanced(turn, subscription), status="active")
    paused = subscription.get("pause_collection")
    if paused:
        billing.set_aside(turn, invoice, paused["behavior"])
    else:
        billing.pay(turn, invoice)


def _fail_payment(turn: Turn, subscription: Record) -> None:
    if subscription["status"] not in _OWING:
        billing.fail(turn, _enter(turn, subscription, _advanced(turn, subscription), status="past_due"))
        return
    latest = turn.table("invoice")[subscription["latest_invoice"]]
    failed = billing.fail(turn, latest) if latest["status"] == "open" else latest
    if failed.get("attempt_count", 0) >= billing.MOST_ATTEMPTS and subscription["status"] == "past_due":
        updated(turn, subscription, status="unpaid")


def _recover(turn: Turn, subscription: Record) -> None:
    latest = turn.table("invoice")[subscription["latest_invoice"]]
    if latest["status"] == "open":
        billing.pay(turn, latest)
    after = updated(turn, subscription, status="active", status_details=None)
    if subscription["status"] == "paused":
        turn.tell("customer.subscription.resumed", after)


def _cancel_at_period_end(turn: Turn, subscription: Record) -> None:
    updated(turn, subscription, **ending_fields(turn, subscription, ends=True))


def _keep(turn: Turn, subscription: Record) -> None:
    updated(turn, subscription, **ending_fields(turn, subscription, ends=False))


def _pause(turn: Turn, subscription: Record) -> None:
    updated(turn, subscription, pause_collection={"behavior": "void", "resumes_at": None})


def _suspend(turn: Turn, subscription: Record) -> None:
    details = paused_because("pause_requested", turn.at)
    after = updated(turn, subscription, status="paused", status_details=details)
    turn.tell("customer.subscription.paused", after)


def _resume(turn: Turn, subscription: Record) -> None:
    if subscription["status"] != "paused":
        updated(turn, subscription, pause_collection=None)
        return
    after = updated(turn, subscription, status="active", status_details=None, pause_collection=None)
    turn.tell("customer.subscription.resumed", after)


def _change_price(turn: Turn, subscription: Record) -> None:
    items = subscription["items"]
    prices = turn.table("price")
    old = prices[items[0]["price"]]
    others = [one for one in prices if one["currency"] == subscription["currency"] and one["id"] != old["id"]]
    alike = [one for one in others if interval_of(one) == interval_of(old)]
    new = turn.rng.choice(alike or others)
    is_metered = new["recurring"]["usage_type"] == "metered"
    first = items[0] | {"price": new["id"], "quantity": None if is_metered else items[0]["quantity"] or 1}
    updated(turn, subscription, items=[first, *items[1:]])


def _refund(turn: Turn, subscription: Record) -> None:
    charge = _to_refund(turn, subscription)
    billing.refund(turn, charge, charge["amount"])


def _refund_half(turn: Turn, subscription: Record) -> None:
    charge = _to_refund(turn, subscription)
    billing.refund(turn, charge, max(charge["amount"] // 2, 1))


def _to_refund(turn: Turn, subscription: Record) -> Record:
    charge = billing.refundable(turn, subscription)
    if charge is None:
        raise NotPossible("Nothing was paid that could go back.")
    return charge


def _end_trial(turn: Turn, subscription: Record) -> None:
    items = [item | {"current_period_end": turn.at} for item in subscription["items"]]
    shortened = subscription | {"items": items, "trial_end": turn.at, "billing_cycle_anchor": turn.at}
    billing.pay(turn, _enter(turn, subscription, _advanced(turn, shortened), status="active"))


def _advanced(turn: Turn, subscription: Record) -> Record:
    return subscription | {"items": billing.next_period(turn, subscription)}


def _enter(turn: Turn, before: Record, entered: Record, *, status: str) -> Record:
    invoice = turn.put(billing.invoice_next(turn, entered))
    turn.tell("invoice.created", invoice)
    after = turn.put(entered | {"latest_invoice": invoice["id"], "status": status})
    turn.tell("customer.subscription.updated", after, before)
    return invoice


def _in(*states: frozenset[str]) -> Callable[[Record], bool]:
    allowed = frozenset[str]().union(*states)
    return lambda subscription: subscription["status"] in allowed


def _is_live_and(test: Callable[[Record], object]) -> Callable[[Record], bool]:
    return lambda subscription: subscription["status"] in _LIVE and bool(test(subscription))


def _waits_for_money(subscription: Record) -> bool:
    reason = ((subscription.get("status_details") or {}).get("paused") or {}).get("subscription", {}).get("type", "")
    return subscription["status"] in _OWING or (subscription["status"] == "paused" and "failure" in reason)


VERBS: dict[str, Verb[Turn]] = {
    "renew": Verb("Renew", _renew, _in(frozenset({"active", "past_due", "unpaid"}))),
    "fail_payment": Verb("Fail a payment", _fail_payment, _in(_LIVE, frozenset({"incomplete"}))),
    "recover": Verb("Take the missing payment", _recover, _waits_for_money),
    "end_trial": Verb("End the trial", _end_trial, _in(frozenset({"trialing"}))),
    "change_price": Verb("Change the price", _change_price, lambda one: one["status"] not in _OVER),
    "pause": Verb("Pause collection", _pause, _is_live_and(lambda one: not one.get("pause_collection"))),
    "suspend": Verb("Pause the subscription", _suspend, _in(frozenset({"active"}))),
    "resume": Verb("Resume", _resume, lambda one: one["status"] == "paused" or bool(one.get("pause_collection"))),
    "cancel_at_period_end": Verb(
        "Cancel at the end of the period",
        _cancel_at_period_end,
        _is_live_and(lambda one: not one.get("cancel_at_period_end")),
    ),
    "keep": Verb("Do not cancel after all", _keep, _is_live_and(lambda one: one.get("cancel_at_period_end"))),
    "cancel": Verb("Cancel now", cancel, lambda one: one["status"] not in _OVER),
    "refund": Verb("Refund the last payment", _refund, lambda one: True),
    "refund_half": Verb("Refund half of it", _refund_half, lambda one: True),
}
