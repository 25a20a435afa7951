"""Sell a subscription while the shop is open, with all the events that this causes."""

from dataclasses import replace
from typing import Any

from integrations.sandbox import situations
from integrations.sandbox.store import Record
from integrations.sandbox.stripe.changes import changed
from integrations.sandbox.stripe.contracts import begin
from integrations.sandbox.stripe.people import Person, meet
from integrations.sandbox.stripe.scenarios import ACTIVE, SCENARIOS
from integrations.sandbox.stripe.turns import Turn

_NO_EXTRAS = 14
_AFTER = {
    "paid": ("invoice.finalized", "invoice.paid", "invoice.payment_succeeded"),
    "open": ("invoice.finalized",),
    "void": ("invoice.finalized", "invoice.voided"),
    "uncollectible": ("invoice.finalized", "invoice.marked_uncollectible"),
    "draft": (),
}


def sell(
    turn: Turn,
    *,
    customer: str | None = None,
    email: str | None = None,
    name: str | None = None,
    currency: str = "usd",
    price: str | None = None,
    quantity: int = 1,
    scenario: str | None = None,
    number: int = _NO_EXTRAS,
    **raw: Any,
) -> Record:
    """Begin a subscription now and tell so; without a customer a new one comes, without a price a usual one is taken.

    `scenario` names a situation, otherwise the first with the given status; `raw` fields are put over what comes of it.
    """
    chosen = replace(situations.find(SCENARIOS, scenario, raw.get("status")) or ACTIVE, age=(0, 0))
    wanted = turn.table("price")[price] if price else _usual_price(turn, currency)
    person = _known(turn, customer) if customer else _newcomer(turn, wanted["currency"], email, name)
    begun = begin(turn.rng, turn.shop.store, person, [(wanted, quantity)], chosen, now=turn.at, number=number)
    after = turn.put(changed(turn, begun, raw))
    turn.tell("customer.subscription.created", after)
    _tell_of_invoice(turn, turn.table("invoice")[begun["latest_invoice"]])
    return after


def _usual_price(turn: Turn, currency: str) -> Record:
    return turn.rng.choice(
        [
            one
            for one in turn.table("price")
            if one["currency"] == currency and one["unit_amount"] and one["recurring"]["usage_type"] == "licensed"
        ]
    )


def _known(turn: Turn, identity: str) -> Person:
    customer = turn.table("customer")[identity]
    card = turn.table("payment_method").get((customer.get("invoice_settings") or {}).get("default_payment_method"))
    return Person(customer=customer, card=card, invoice_email=customer.get("email"))


def _newcomer(turn: Turn, currency: str, email: str | None, name: str | None) -> Person:
    number = len(turn.table("customer"))
    met = meet(turn.rng, currency=currency, at=turn.at, number=number)
    given = {key: value for key, value in (("email", email), ("name", name)) if value is not None}
    customer = turn.put(met.customer | given)
    turn.tell("customer.created", customer)
    if met.card:
        turn.put(met.card | {"billing_details": met.card["billing_details"] | given})
        turn.tell("payment_method.attached", turn.table("payment_method")[met.card["id"]])
    return Person(customer=customer, card=met.card, invoice_email=customer["email"])


def _tell_of_invoice(turn: Turn, invoice: Record) -> None:
    draft = {name: value for name, value in invoice.items() if name not in ("paid_at", "attempt_count", "voided_at")}
    turn.tell("invoice.created", draft | {"status": "draft"})
    for type_ in _AFTER[invoice["status"]]:
        turn.tell(type_, draft | {"status": "open"} if type_ == "invoice.finalized" else invoice)
    if invoice["status"] == "open" and invoice.get("attempt_count"):
        turn.tell("invoice.payment_failed", invoice)
