"""What can be made to happen to a subscription, each with the states that allow it and what it tells."""

from collections.abc import Callable, Mapping
from typing import Any

from integrations.sandbox import verbs
from integrations.sandbox.store import Record
from integrations.sandbox.verbs import NotPossible, Verb
from integrations.sandbox.woocommerce import billing
from integrations.sandbox.woocommerce.contracts import begin, link
from integrations.sandbox.woocommerce.lines import Extras, draw_up
from integrations.sandbox.woocommerce.orders import left_to_refund
from integrations.sandbox.woocommerce.people import Person
from integrations.sandbox.woocommerce.scenarios import ACTIVE, Scenario
from integrations.sandbox.woocommerce.turns import Turn

TRASH = "trash"
STRANGE = "awaiting-parcel"
"""A status that a merchant's own plugin might add."""
STATUSES = {
    "pending": "Pending",
    "active": "Active",
    "on-hold": "On hold",
    "cancelled": "Cancelled",
    "switched": "Switched",
    "expired": "Expired",
    "pending-cancel": "Pending Cancellation",
}
_OVER = frozenset({"cancelled", "expired", "switched", TRASH})


def do(turn: Turn, subscription: Record, action: str) -> None:
    """Do a verb by its name. Raises NotPossible."""
    verbs.do(VERBS, turn, subscription, action)


def updated(turn: Turn, before: Record, **changes: Any) -> Record:
    """Change a subscription and tell so."""
    after = turn.change("subscription", before, **changes)
    turn.tell("subscription.updated", after)
    return after


def move(turn: Turn, before: Record, status: str, **changes: Any) -> Record:
    """Give a subscription a status, with the dates that come with a new one."""
    enter = _as_it_was if status == before["status"] else _ENTERING.get(status, _as_it_was)
    dates = enter(turn, before)
    return updated(turn, before, **(dates | {"status": status} | changes))


def delete(turn: Turn, subscription: Record) -> None:
    """Remove a subscription for good; its orders stay."""
    turn.drop("subscription", subscription)
    turn.tell("subscription.deleted", subscription)


def trash(turn: Turn, subscription: Record) -> None:
    """Put a subscription in the trash, which cancels it and tells that it was deleted, though it can still be seen."""
    turn.tell("subscription.deleted", move(turn, subscription, TRASH))


def _as_it_was(turn: Turn, before: Record) -> Record:
    return {}


def _running(turn: Turn, before: Record) -> Record:
    resumed = before | {"next_payment": before["next_payment"] or before["end"]}
    leaving = {"end": None} if before["status"] == "pending-cancel" else {}
    return leaving | {"cancelled": None, "retry": None, "next_payment": billing.following(turn, resumed)}


def _leaving(turn: Turn, before: Record) -> Record:
    return {"cancelled": turn.at, "end": before["next_payment"] or turn.at, "next_payment": None, "retry": None}


def _cancelled(turn: Turn, before: Record) -> Record:
    return _over(turn, before) | {"cancelled": before["cancelled"] or turn.at}


def _over(turn: Turn, before: Record) -> Record:
    return {"end": turn.at, "next_payment": None, "retry": None}


_ENTERING: Mapping[str, Callable[[Turn, Record], Record]] = {
    "active": _running,
    "pending-cancel": _leaving,
    "cancelled": _cancelled,
    TRASH: _cancelled,
    "expired": _over,
    "switched": _over,
}


def _renew(turn: Turn, subscription: Record) -> None:
    billing.settle(turn, billing.renewal(turn, subscription, "pending"), "completed")
    following = billing.after_next(turn, subscription)
    updated(turn, subscription, last_payment=turn.at, next_payment=following, trial_end=_past(turn, subscription))


def _past(turn: Turn, subscription: Record) -> int | None:
    end = subscription["trial_end"]
    return end if end is None else min(end, turn.at)


def _fail_payment(turn: Turn, subscription: Record) -> None:
    fields = billing.failing(turn, subscription)
    move(turn, subscription, "on-hold", **fields)


def _recover(turn: Turn, subscription: Record) -> None:
    order = billing.owing(turn, subscription)
    if order is None:
        raise NotPossible("No order waits for its payment.")
    billing.settle(turn, order, "completed")
    move(turn, subscription, "active", last_payment=turn.at, retries=0)


def _into(status: str) -> Callable[[Turn, Record], None]:
    def run(turn: Turn, subscription: Record) -> None:
        move(turn, subscription, status)

    return run


def _switch(turn: Turn, subscription: Record) -> None:
    basket = [_other(turn, subscription)]
    lines = draw_up(basket, Extras(tax=subscription["lines"]["rate"]), turn.office.decimals)
    switched = turn.change("subscription", subscription, lines=lines)
    billing.renewal(turn, switched, "completed", "switch")
    turn.tell("subscription.switched", switched)
    turn.tell("subscription.updated", switched)


def _other(turn: Turn, subscription: Record) -> tuple[Record, Record | None, int]:
    had = {item["product"] for item in subscription["lines"]["items"]}
    interval = billing.interval_of(subscription)
    others = [one for one in turn.table("product") if one["id"] not in had]
    alike = [one for one in others if (one["period"], one["count"]) == interval]
    product = turn.rng.choice(alike or others)
    variations = turn.table("variation").owned(product["id"])
    return product, turn.rng.choice(variations) if variations else None, 1


def _switch_away(turn: Turn, subscription: Record) -> None:
    _, new = link(turn.shop.store, subscription, _successor(turn, subscription, ACTIVE), "switch")
    told = move(turn, subscription, "switched")
    turn.tell("subscription.switched", told)
    turn.tell("subscription.created", new)


def _resubscribe(turn: Turn, subscription: Record) -> None:
    old, new = link(turn.shop.store, subscription, _successor(turn, subscription, ACTIVE), "resubscribe")
    updated(turn, old)
    turn.tell("subscription.created", new)


def _successor(turn: Turn, old: Record, scenario: Scenario) -> Record:
    person = Person(id=old["customer"], billing=old["billing"], shipping=old["shipping"])
    return begin(
        turn.rng,
        turn.office,
        person,
        [_other(turn, old)],
        Scenario(name=scenario.name, age=(0, 0), is_first=True, latest="completed"),
        now=turn.at,
        extras=Extras(tax=old["lines"]["rate"]),
    )


def _refund(part: int) -> Callable[[Turn, Record], None]:
    def run(turn: Turn, subscription: Record) -> None:
        order = billing.refundable(turn, subscription)
        if order is None:
            raise NotPossible("Nothing was paid that could go back.")
        billing.refund(turn, order, max(left_to_refund(order) // part, 1))

    return run


def _change_email(turn: Turn, subscription: Record) -> None:
    email = f"moved.{turn.rng.randint(1000, 999_999)}@example.com"
    updated(turn, subscription, billing=subscription["billing"] | {"email": email})


def _in(*statuses: str) -> Callable[[Record], bool]:
    return lambda subscription: subscription["status"] in statuses


def _may_fail(subscription: Record) -> bool:
    return subscription["status"] == "active" or bool(subscription["retry"])


def _is_going_on(subscription: Record) -> bool:
    return subscription["status"] not in _OVER


def _may_come_back(subscription: Record) -> bool:
    return subscription["status"] in ("cancelled", "expired") and "resubscribed_to" not in subscription


VERBS: dict[str, Verb[Turn]] = {
    "renew": Verb("Renew", _renew, _in("active")),
    "fail_payment": Verb("Fail a payment", _fail_payment, _may_fail),
    "recover": Verb("Take the missing payment", _recover, _in("on-hold", "pending")),
    "pause": Verb("Put on hold", _into("on-hold"), _in("active")),
    "reactivate": Verb("Reactivate", _into("active"), _in("on-hold", "pending-cancel")),
    "leave": Verb("Cancel at the end of the term", _into("pending-cancel"), _in("active", "on-hold")),
    "cancel": Verb("Cancel now", _into("cancelled"), _is_going_on),
    "expire": Verb("Let it expire", _into("expired"), _in("active")),
    "switch": Verb("Switch the product", _switch, _in("active")),
    "switch_away": Verb("Switch to a new subscription", _switch_away, _in("active")),
    "resubscribe": Verb("Resubscribe", _resubscribe, _may_come_back),
    "refund": Verb("Refund the last payment", _refund(1), lambda one: True),
    "refund_half": Verb("Refund half of it", _refund(2), lambda one: True),
    "change_email": Verb("Change the e-mail address", _change_email, lambda one: True),
    "park": Verb("Give it a plugin's own status", _into(STRANGE), _is_going_on),
    "trash": Verb("Put it in the trash", trash, lambda one: one["status"] != TRASH),
    "delete": Verb("Delete it for good", delete, lambda one: True),
}
