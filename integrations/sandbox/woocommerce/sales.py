"""Sell a subscription while the shop is open, with all that this tells."""

from dataclasses import replace
from typing import Any

from integrations.sandbox import situations
from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce.contracts import begin
from integrations.sandbox.woocommerce.lines import Extras
from integrations.sandbox.woocommerce.people import Person, customer_record, known, meet, named
from integrations.sandbox.woocommerce.scenarios import ACTIVE, SCENARIOS
from integrations.sandbox.woocommerce.turns import Turn

_RAW_ADDRESS = ("billing", "shipping")


def sell(
    turn: Turn,
    *,
    customer: str | None = None,
    email: str | None = None,
    name: str | None = None,
    product: str | None = None,
    quantity: int = 1,
    scenario: str | None = None,
    extras: Extras | None = None,
    **raw: Any,
) -> Record:
    """Begin a subscription now and tell so; without a customer a new one comes, without a product a usual one is taken.

    `scenario` names a situation, otherwise the first with the given status; `raw` fields are put over what comes of
    it, those of an address over the address.
    """
    chosen = replace(situations.find(SCENARIOS, scenario, raw.get("status")) or ACTIVE, age=(0, 0))
    basket = [_wanted(turn, product, quantity)]
    person = known(turn.table("customer")[customer]) if customer else _newcomer(turn, email, name)
    begun = begin(turn.rng, turn.office, person, basket, chosen, now=turn.at, extras=extras or Extras())
    after = turn.put("subscription", changed(begun, raw))
    for order in turn.table("order").owned(after["id"]):
        turn.put("order", order | {name: after[name] for name in _RAW_ADDRESS})
        turn.tell("order.created", order)
    turn.tell("subscription.created", after)
    return after


def changed(record: Record, raw: Record) -> Record:
    """Put raw fields over a record; those of an address go over the address that it has."""
    addresses = {name: record[name] | raw[name] for name in _RAW_ADDRESS if name in raw and name in record}
    return record | raw | addresses


def _wanted(turn: Turn, product: str | None, quantity: int) -> tuple[Record, Record | None, int]:
    wanted = turn.table("product")[product] if product else turn.rng.choice(list(turn.table("product")))
    variations = turn.table("variation").owned(wanted["id"])
    return wanted, turn.rng.choice(variations) if variations else None, quantity


def _newcomer(turn: Turn, email: str | None, name: str | None) -> Person:
    identity = turn.number("customer")
    met = meet(turn.rng, identity, currency=turn.shop.desk.currency, number=int(identity) + 10_000)
    billing = met.billing if email is None else met.billing | {"email": email}
    person = replace(met, billing=billing if name is None else named(billing, name))
    turn.tell("customer.created", turn.put("customer", customer_record(person, turn.at)))
    return person
