"""Random things that happen in a shop by themselves, by weight."""

from collections.abc import Callable

from integrations.sandbox import chances
from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce import billing, sales, verbs
from integrations.sandbox.woocommerce.turns import Turn

Happening = Callable[[Turn], bool]
"""Make something happen; False when there is nobody for it."""

_SUFFIXES = (" (new recipe)", " – Édition d’hiver", " XL", "")


def happen(turn: Turn) -> None:
    """Make one thing happen; in a shop where nothing else can, someone subscribes."""
    if not chances.happen(turn, HAPPENINGS):
        _subscribe(turn)


def rename(turn: Turn, product: Record, name: str) -> None:
    """Give a product another name, which what was sold keeps from before."""
    turn.tell("product.updated", turn.change("product", product, name=name))


def _by_verb(action: str, accept: Callable[[Turn, Record], object] = lambda turn, one: True) -> Happening:
    def happening(turn: Turn) -> bool:
        found = _some(turn, lambda one: verbs.VERBS[action].allows(one) and bool(accept(turn, one)))
        if not found:
            return False
        verbs.do(turn, min(found, key=_next_payment), action)
        return True

    return happening


def _subscribe(turn: Turn) -> bool:
    sales.sell(turn, scenario=turn.rng.choice(("active", "active", "trial", "guest", "first payment awaited")))
    return True


def _rename(turn: Turn) -> bool:
    product = turn.rng.choice(list(turn.table("product")))
    plain = product["name"]
    for suffix in filter(None, _SUFFIXES):
        plain = plain.removesuffix(suffix)
    rename(turn, product, plain + turn.rng.choice(_SUFFIXES))
    return True


def _some(turn: Turn, accept: Callable[[Record], bool]) -> list[Record]:
    return chances.some(turn.rng, turn.table("subscription"), accept)


def _next_payment(subscription: Record) -> int:
    return int(subscription["next_payment"] or 0)


HAPPENINGS: tuple[tuple[int, Happening], ...] = (
    (40, _by_verb("renew")),
    (8, _by_verb("fail_payment")),
    (6, _by_verb("recover", billing.owing)),
    (4, _by_verb("pause")),
    (4, _by_verb("reactivate")),
    (4, _by_verb("leave")),
    (3, _by_verb("cancel", lambda turn, one: one["status"] == "pending-cancel")),
    (1, _by_verb("cancel")),
    (1, _by_verb("expire")),
    (2, _by_verb("switch")),
    (1, _by_verb("switch_away")),
    (2, _by_verb("resubscribe")),
    (2, _by_verb("refund", billing.refundable)),
    (1, _by_verb("refund_half", billing.refundable)),
    (3, _by_verb("change_email")),
    (1, _by_verb("delete", lambda turn, one: one["status"] == "cancelled")),
    (2, _rename),
    (8, _subscribe),
)
