"""Random things that happen in a shop by themselves, by weight."""

from collections.abc import Callable

from integrations.sandbox import chances
from integrations.sandbox.names import MAIL_DOMAINS
from integrations.sandbox.paypal import changes, payments, sales, verbs
from integrations.sandbox.paypal.orders import ORDER_VERBS, new_order
from integrations.sandbox.paypal.turns import Turn
from integrations.sandbox.store import Record, Table

Happening = Callable[[Turn], bool]
"""Make something happen; False when there is nobody for it."""

_TRIES = 40
_CURRENCIES = ("USD", "EUR", "JPY", "GBP")
_SHARES = (55, 25, 10, 10)


def happen(turn: Turn) -> None:
    """Make one thing happen; in a shop where nothing else can, someone subscribes."""
    if not chances.happen(turn, HAPPENINGS):
        _subscribe(turn)


def _by_verb(action: str, suits: Callable[[Turn, Record], bool] = lambda turn, one: True) -> Happening:
    def happening(turn: Turn) -> bool:
        verb = verbs.VERBS[action]
        found = some(turn, turn.table("subscription"), lambda one: verb.allows(one) and suits(turn, one))
        if found is not None:
            verb.run(turn, found)
        return found is not None

    return happening


def _subscribe(turn: Turn) -> bool:
    currency = turn.rng.choices(_CURRENCIES, _SHARES)[0]
    scenario = turn.rng.choice(("active", "active", "in trial", "pending"))
    sales.sell(turn, currency=currency, scenario=scenario, number=turn.rng.randint(0, 83))
    return True


def _order(turn: Turn) -> bool:
    payer = some(turn, turn.table("payer"), lambda one: True)
    if payer is None:
        return False
    order = new_order(turn.rng, payer, currency="USD", at=turn.at, number=len(turn.table("order")))
    turn.tell_order("APPROVED", turn.put("order", order))
    return True


def _complete(turn: Turn) -> bool:
    verb = ORDER_VERBS["complete"]
    order = some(turn, turn.table("order"), verb.allows)
    if order is not None:
        verb.run(turn, order)
    return order is not None


def _change_email(turn: Turn) -> bool:
    payer = some(turn, turn.table("payer"), lambda one: 0 < turn.table("subscription").count_of(one["id"]) < 6)
    if payer is None:
        return False
    email = f"moved.{turn.rng.randint(1000, 999_999)}@{turn.rng.choice(MAIL_DOMAINS)}"
    changes.update_payer(turn, payer, {"email": email})
    return True


def _was_paid(turn: Turn, subscription: Record) -> bool:
    return payments.to_give_back(turn, subscription) is not None


def _is_done(turn: Turn, subscription: Record) -> bool:
    return subscription["next"] is None


def some(turn: Turn, table: Table, accept: Callable[[Record], bool]) -> Record | None:
    """Draw a few records and take one that fits; look through all when none of the few does."""
    if not len(table):
        return None
    drawn = (table.at(turn.rng.randrange(len(table))) for _ in range(_TRIES))
    return next((one for one in drawn if accept(one)), None) or next((one for one in table if accept(one)), None)


HAPPENINGS: tuple[tuple[int, Happening], ...] = (
    (40, _by_verb("renew")),
    (8, _by_verb("fail_payment")),
    (6, _by_verb("recover")),
    (6, _by_verb("approve")),
    (4, _by_verb("cancel")),
    (3, _by_verb("suspend")),
    (4, _by_verb("activate")),
    (2, _by_verb("expire", _is_done)),
    (3, _by_verb("revise")),
    (8, _subscribe),
    (3, _order),
    (3, _complete),
    (2, _by_verb("refund", _was_paid)),
    (1, _by_verb("refund_half", _was_paid)),
    (1, _by_verb("reverse", _was_paid)),
    (3, _change_email),
)
