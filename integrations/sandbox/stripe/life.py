"""Random things that happen in a shop by themselves, by weight."""

from collections.abc import Callable
from datetime import UTC, datetime

from integrations.sandbox import chances
from integrations.sandbox.names import MAIL_DOMAINS
from integrations.sandbox.periods import DAY
from integrations.sandbox.store import Record
from integrations.sandbox.stripe import billing, changes, sales, verbs
from integrations.sandbox.stripe.desk import Document
from integrations.sandbox.stripe.documents import document
from integrations.sandbox.stripe.eras import Era
from integrations.sandbox.stripe.turns import Turn

Happening = Callable[[Turn], bool]
"""Make something happen; False when there is nobody for it."""


def happen(turn: Turn) -> None:
    """Make one thing happen; in a shop where nothing else can, someone subscribes."""
    if not chances.happen(turn, HAPPENINGS):
        _subscribe(turn)


def _by_verb(action: str) -> Happening:
    def happening(turn: Turn) -> bool:
        found = _some(turn, verbs.VERBS[action].allows)
        if not found:
            return False
        verbs.do(turn, min(found, key=_period_end), action)
        return True

    return happening


def _refund(action: str) -> Happening:
    def happening(turn: Turn) -> bool:
        found = _some(turn, lambda one: billing.refundable(turn, one) is not None)
        if found:
            verbs.do(turn, found[0], action)
        return bool(found)

    return happening


def _subscribe(turn: Turn) -> bool:
    currency = turn.rng.choices(("usd", "eur", "jpy", "kwd"), (55, 30, 10, 5))[0]
    scenario = turn.rng.choice(("active", "active", "trial"))
    sales.sell(turn, currency=currency, scenario=scenario, number=turn.rng.randint(0, 83))
    return True


def _change_email(turn: Turn) -> bool:
    found = _some(turn, lambda one: not turn.table("customer")[one["customer"]].get("deleted"))
    if not found:
        return False
    email = f"moved.{turn.rng.randint(1000, 999_999)}@{turn.rng.choice(MAIL_DOMAINS)}"
    changes.update(turn, found[0]["customer"], {"email": email})
    return True


def _card_nears_its_end(turn: Turn) -> bool:
    found = _some(turn, lambda one: bool(one.get("default_payment_method")))
    if not found:
        return False
    soon = datetime.fromtimestamp(turn.at + 20 * DAY, UTC)
    card = turn.table("payment_method")[found[0]["default_payment_method"]]
    changes.update(turn, card["id"], {"card": card["card"] | {"exp_month": soon.month, "exp_year": soon.year}})
    return True


def _trial_will_end(turn: Turn) -> bool:
    found = _some(turn, lambda one: one["status"] == "trialing")
    if found:
        turn.tell("customer.subscription.trial_will_end", found[0])
    return bool(found)


def _invoice_is_near(turn: Turn) -> bool:
    found = _some(turn, lambda one: one["status"] == "active")
    if not found:
        return False
    subscription = found[0]
    entered = subscription | {"items": billing.next_period(turn, subscription)}
    upcoming = billing.invoice_next(turn, entered)
    about = (subscription["id"], subscription["customer"])
    turn.publish("invoice.upcoming", lambda era: _upcoming(turn, upcoming, era), about=about, customer=about[1])
    return True


def _upcoming(turn: Turn, invoice: Record, era: Era) -> Document:
    written = document(turn.shop.desk, "invoice", invoice, era)
    return {name: value for name, value in written.items() if name != "id"}


def _some(turn: Turn, accept: Callable[[Record], bool]) -> list[Record]:
    return chances.some(turn.rng, turn.table("subscription"), accept)


def _period_end(subscription: Record) -> int:
    return min(int(item["current_period_end"]) for item in subscription["items"])


HAPPENINGS: tuple[tuple[int, Happening], ...] = (
    (40, _by_verb("renew")),
    (8, _by_verb("fail_payment")),
    (6, _by_verb("recover")),
    (3, _by_verb("cancel")),
    (3, _by_verb("cancel_at_period_end")),
    (1, _by_verb("keep")),
    (3, _by_verb("pause")),
    (1, _by_verb("suspend")),
    (4, _by_verb("resume")),
    (3, _by_verb("end_trial")),
    (4, _by_verb("change_price")),
    (2, _refund("refund")),
    (1, _refund("refund_half")),
    (8, _subscribe),
    (4, _change_email),
    (3, _card_nears_its_end),
    (2, _trial_will_end),
    (3, _invoice_is_near),
)
