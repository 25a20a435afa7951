"""One-off orders: sold, and captured."""

from random import Random

from integrations.sandbox.paypal.catalogue import SHIPPING
from integrations.sandbox.paypal.ids import mint
from integrations.sandbox.paypal.turns import Turn
from integrations.sandbox.store import Record
from integrations.sandbox.verbs import Verb

_GOODS = (("Tote bag", 1500), ("Poster, signed", 4200), ("Gift card", 5000), ("Enamel mug", 1295))


def new_order(rng: Random, payer: Record, *, currency: str, at: int, number: int, completed: bool = False) -> Record:
    """Make an order that its payer has approved, or one that is paid for."""
    name, price = rng.choice(_GOODS)
    return {
        "id": mint(rng, "order"),
        "created": at,
        "updated": at,
        "payer": payer["id"],
        "status": "COMPLETED" if completed else "APPROVED",
        "currency": currency,
        "name": name,
        "price": price,
        "quantity": 1 + number % 3,
        "shipping": SHIPPING[currency],
        "custom_id": f"CART-{500 + number}" if number % 2 else None,
        "capture": mint(rng, "transaction") if completed else None,
    }


def _complete(turn: Turn, order: Record) -> None:
    captured = turn.change("order", order, status="COMPLETED", capture=mint(turn.rng, "transaction"))
    turn.tell_order("COMPLETED", captured)


ORDER_VERBS: dict[str, Verb[Turn]] = {
    "complete": Verb("Take the money", _complete, lambda order: order["status"] == "APPROVED"),
}
