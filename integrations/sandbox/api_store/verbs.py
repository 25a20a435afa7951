"""What can be made to happen to a subscription of the store."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from integrations.sandbox import chances
from integrations.sandbox.api_store.population import begun
from integrations.sandbox.periods import step
from integrations.sandbox.store import Record
from integrations.sandbox.verbs import Verb

if TYPE_CHECKING:
    from integrations.sandbox.api_store.shop import ApiStore

_TRIES = 40


class Turn:
    """One thing that happens in the store; used while its lock is held."""

    def __init__(self, shop: "ApiStore") -> None:
        self.shop = shop
        self.rng: Random = shop.turn()
        self.at = shop.clock.tick()
        self.events: list[Record] = []

    def put(self, record: Record, what: str) -> None:
        """Write a subscription down, and tell of it."""
        self.shop.store["subscription"].put(record)
        self.events.append(self.shop.tell(record, what, self.at))


def subscribe(turn: Turn) -> bool:
    """Let somebody who is new subscribe."""
    number = len(turn.shop.store["subscription"])
    status = turn.rng.choice(("active", "active", "pending"))
    turn.put(begun(turn.rng, number=number, person=number, at=turn.at, now=turn.at, status=status), "subscribed")
    return True


def _change(what: str, **changes: Any) -> Callable[[Turn, Record], None]:
    return lambda turn, record: turn.put(record | {"modified": turn.at} | changes, what)


def _pay(turn: Turn, record: Record) -> None:
    following = step(max(record["next"] or 0, turn.at), tuple(record["interval"]))
    paid = {"status": "active", "paid": "completed", "last": turn.at, "next": following}
    turn.put(record | {"modified": turn.at} | paid, "paid")


def _cancel(turn: Turn, record: Record) -> None:
    ended = {"status": "cancelled", "cancelled": turn.at, "next": None}
    turn.put(record | {"modified": turn.at} | ended, "cancelled")


def _change_price(turn: Turn, record: Record) -> None:
    price = Decimal(record["price"]) + turn.rng.choice((Decimal("1.50"), Decimal("-0.75"), Decimal(4)))
    turn.put(record | {"modified": turn.at, "price": str(max(price, Decimal(1)))}, "price changed")


def _while(*statuses: str) -> Callable[[Record], bool]:
    return lambda record: record["status"] in statuses


VERBS: dict[str, Verb[Turn]] = {
    "renew": Verb("Pay for the next cycle", _pay, _while("active", "payment_failed", "pending")),
    "fail_payment": Verb(
        "Let a payment fail",
        _change("payment failed", status="payment_failed", paid="declined"),
        _while("active"),
    ),
    "pause": Verb("Pause", _change("paused", status="paused"), _while("active")),
    "resume": Verb("Resume", _change("resumed", status="active"), _while("paused")),
    "change_price": Verb("Change the price", _change_price, _while("active", "paused")),
    "refund": Verb("Give the money back", _change("refunded", paid="refunded"), lambda one: one["paid"] == "completed"),
    "cancel": Verb("Cancel", _cancel, _while("active", "paused", "payment_failed", "pending")),
}


def happen(turn: Turn) -> None:
    """Make one random thing happen; in a store where nothing else can, someone subscribes."""
    if not chances.happen(turn, HAPPENINGS):
        subscribe(turn)


def _by_verb(action: str) -> Callable[[Turn], bool]:
    def happening(turn: Turn) -> bool:
        table, verb = turn.shop.store["subscription"], VERBS[action]
        drawn = (table.at(turn.rng.randrange(len(table))) for _ in range(_TRIES if len(table) else 0))
        found = next((one for one in drawn if verb.allows(one)), None)
        if found is not None:
            verb.run(turn, found)
        return found is not None

    return happening


HAPPENINGS: tuple[tuple[int, Callable[[Turn], bool]], ...] = (
    (40, _by_verb("renew")),
    (8, _by_verb("fail_payment")),
    (5, _by_verb("pause")),
    (5, _by_verb("resume")),
    (4, _by_verb("change_price")),
    (3, _by_verb("refund")),
    (4, _by_verb("cancel")),
    (8, subscribe),
)
