"""What can be made to happen to a subscription, each with the states that allow it and the events it causes."""

from collections.abc import Callable
from functools import partial
from typing import Any

from integrations.sandbox import verbs
from integrations.sandbox.paypal import payments
from integrations.sandbox.paypal.cycles import completed, executions
from integrations.sandbox.paypal.people import meet
from integrations.sandbox.paypal.turns import Turn
from integrations.sandbox.store import Record
from integrations.sandbox.verbs import Verb


def do(turn: Turn, subscription: Record, action: str) -> None:
    """Do a verb by its name. Raises NotPossible."""
    verbs.do(VERBS, turn, subscription, action)


def revise(turn: Turn, subscription: Record, *, plan: str | None = None, quantity: str | None = None) -> Record:
    """Change plan or quantity from the next cycle on, and tell so."""
    terms = turn.table("plan")[plan or subscription["plan"]]
    regulars = completed(subscription, "REGULAR")
    trials = terms["trial"]["cycles"] if terms["trial"] else 0
    after = turn.change(
        "subscription",
        subscription,
        plan=terms["id"],
        quantity=quantity or subscription["quantity"],
        executions=executions(terms, trials=trials, regulars=regulars),
    )
    turn.tell("UPDATED", after)
    return after


def _approve(turn: Turn, subscription: Record) -> None:
    plan = turn.plan_of(subscription)
    payer = subscription["payer"] or _newcomer(turn, plan["currency"])["id"]
    begun = {"payer": payer, "subscriber": "full", "status": "ACTIVE", "status_at": turn.at, "start": turn.at}
    turn.tell("ACTIVATED", payments.begin_billing(turn, subscription | begun))


def _newcomer(turn: Turn, currency: str) -> Record:
    return turn.put("payer", meet(turn.rng, currency=currency, at=turn.at, number=len(turn.table("payer"))))


def _renew(turn: Turn, subscription: Record) -> None:
    payments.enter_next_cycle(turn, subscription)


def _recover(turn: Turn, subscription: Record) -> None:
    paid = payments.make_good(turn, subscription)
    if paid["status"] == "SUSPENDED":
        _to_status(turn, paid, status="ACTIVE", event="RE-ACTIVATED")


def _to_status(turn: Turn, subscription: Record, *, status: str, event: str, **changes: Any) -> None:
    note = {"status_at": turn.at, "note": turn.note}
    turn.tell(event, turn.change("subscription", subscription, status=status, **note, **changes))


def _revise(turn: Turn, subscription: Record) -> None:
    old = turn.plan_of(subscription)
    plans = [
        one
        for one in turn.table("plan")
        if one["currency"] == old["currency"] and one["id"] != old["id"] and one["trial"] is None and not one["cycles"]
    ]
    revise(turn, subscription, plan=turn.rng.choice(plans)["id"] if plans else None)


def _in(*states: str) -> Callable[[Record], bool]:
    return lambda subscription: subscription["status"] in states


def _can_renew(subscription: Record) -> bool:
    return subscription["status"] == "ACTIVE" and subscription["next"] is not None


def _can_recover(subscription: Record) -> bool:
    return subscription["status"] in ("ACTIVE", "SUSPENDED") and payments.owes(subscription)


def _was_paid(subscription: Record) -> bool:
    return subscription["last_payment"] is not None


VERBS: dict[str, Verb[Turn]] = {
    "approve": Verb("Approve", _approve, _in("APPROVAL_PENDING", "APPROVED")),
    "renew": Verb("Renew", _renew, _can_renew),
    "fail_payment": Verb("Fail a payment", payments.fail, _in("ACTIVE")),
    "recover": Verb("Take the missing payment", _recover, _can_recover),
    "revise": Verb("Change the plan", _revise, _in("ACTIVE", "SUSPENDED")),
    "suspend": Verb("Suspend", partial(_to_status, status="SUSPENDED", event="SUSPENDED"), _in("ACTIVE")),
    "activate": Verb("Activate again", partial(_to_status, status="ACTIVE", event="RE-ACTIVATED"), _in("SUSPENDED")),
    "cancel": Verb(
        "Cancel",
        partial(_to_status, status="CANCELLED", event="CANCELLED", next=None),
        _in("ACTIVE", "SUSPENDED", "APPROVED"),
    ),
    "expire": Verb("Expire", partial(_to_status, status="EXPIRED", event="EXPIRED", next=None), _in("ACTIVE")),
    "refund": Verb("Refund the last payment", payments.refund, _was_paid),
    "refund_half": Verb("Refund half of it", partial(payments.refund, half=True), _was_paid),
    "reverse": Verb("Let it be reversed", payments.reverse, _was_paid),
}
