"""Sell a subscription while the shop is open, with all the events that this causes."""

from dataclasses import replace
from typing import Any

from integrations.sandbox import situations
from integrations.sandbox.paypal import payments
from integrations.sandbox.paypal.changes import applied
from integrations.sandbox.paypal.contracts import begin
from integrations.sandbox.paypal.people import meet, name_parts
from integrations.sandbox.paypal.scenarios import ACTIVE, PENDING, SCENARIOS, Scenario
from integrations.sandbox.paypal.turns import Turn
from integrations.sandbox.store import Record

_NO_EXTRAS = 0
# What is told after the beginning of one that is in a state by now.
_SINCE = {
    "ACTIVE": ("ACTIVATED",),
    "SUSPENDED": ("ACTIVATED", "SUSPENDED"),
    "CANCELLED": ("ACTIVATED", "CANCELLED"),
    "EXPIRED": ("ACTIVATED", "EXPIRED"),
}


def sell(
    turn: Turn,
    *,
    payer: str | None = None,
    email: str | None = None,
    name: str | None = None,
    currency: str = "USD",
    plan: str | None = None,
    quantity: int = 1,
    scenario: str | None = None,
    number: int = _NO_EXTRAS,
    **raw: Any,
) -> Record:
    """Begin a subscription and tell so; without a payer a new one comes, without a plan a usual one is taken.

    `scenario` names a situation, otherwise the first with the given status; one that needs a past has begun in it.
    `raw` fields, in the API's names, are put over what comes of it.
    """
    chosen = scenario_for(scenario, raw.get("status"))
    terms = turn.table("plan")[plan] if plan else _usual_plan(turn, currency, chosen)
    person = turn.table("payer")[payer] if payer else _newcomer(turn, terms["currency"], email, name)
    begun = begin(turn.rng, terms, person, chosen, now=turn.at, number=number, quantity=quantity)
    sold = turn.put("subscription", applied(begun.subscription, raw))
    for one in begun.payments:
        turn.put("transaction", one)
    _tell(turn, sold, begun.payments)
    return sold


def scenario_for(name: str | None, status: str | None) -> Scenario:
    """Find a situation by its name, or the first with a status. Raises ValueError for an unknown name."""
    chosen = situations.find(SCENARIOS, name or None, status) or ACTIVE
    return chosen if chosen.failures or chosen.failed else replace(chosen, age=(0, 0))


def fitting(plan: Record, needs: str) -> bool:
    """Tell whether a plan has what a situation needs, and nothing that would disturb it."""
    has_trial, has_end = plan["trial"] is not None, plan["cycles"] > 0
    return has_trial == (needs == "trial") and has_end == (needs == "end") and plan["status"] == "ACTIVE"


def _usual_plan(turn: Turn, currency: str, scenario: Scenario) -> Record:
    plans = [one for one in turn.table("plan") if one["currency"] == currency and not one["model"]]
    if not plans:
        raise ValueError(f"Nothing is sold for {currency}.")
    return turn.rng.choice([one for one in plans if fitting(one, scenario.needs)])


def _newcomer(turn: Turn, currency: str, email: str | None, name: str | None) -> Record:
    met = meet(turn.rng, currency=currency, at=turn.at, number=len(turn.table("payer")))
    given = {} if email is None else {"email": email}
    named = {} if name is None else {"name": name_parts(name)}
    shipped = {"ship_to": {"name": {"full_name": name}, "address": met["address"]}} if name else {}
    return turn.put("payer", met | given | named | shipped)


def _tell(turn: Turn, sold: Record, paid: list[Record]) -> None:
    turn.tell("CREATED", sold | _unborn(sold))
    for event in _SINCE.get(sold["status"], ()):
        turn.tell(event, sold)
    if sold["failures"]:
        turn.tell("PAYMENT.FAILED", sold)
    for sale in paid:
        if sale["status"] == "COMPLETED":
            payments.tell_of_sale(turn, sale)


def _unborn(sold: Record) -> Record:
    """Make of a subscription what it was before anybody approved it."""
    is_known = sold["status"] == PENDING.status
    return {
        "status": PENDING.status,
        "payer": sold["payer"] if is_known else None,
        "executions": [],
        "status_at": sold["created"],
        "updated": sold["created"],
        "note": None,
    }
