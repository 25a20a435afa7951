"""Take payments, fail to, and give them back, with the events of each."""

from integrations.sandbox.paypal.contracts import REASONS, bill_of, failure, payment
from integrations.sandbox.paypal.cycles import Calendar, completed, executions, is_in_trial
from integrations.sandbox.paypal.ids import mint
from integrations.sandbox.paypal.payment_documents import refund_document, reversal_document, sale_document
from integrations.sandbox.paypal.turns import Turn
from integrations.sandbox.store import Record
from integrations.sandbox.verbs import NotPossible

MOST_FAILURES = 3
"""After so many failures in a row a subscription is suspended."""


def begin_billing(turn: Turn, subscription: Record) -> Record:
    """Enter the first cycle, and pay for it if it costs something."""
    plan = turn.plan_of(subscription)
    calendar, trial = Calendar(plan=plan, start=subscription["start"]), plan["trial"]
    begun = subscription | {"executions": executions(plan, trials=0, regulars=0), "final": calendar.final}
    if trial is None:
        return enter_next_cycle(turn, begun)
    return _pay_if_any(turn, begun | {"next": calendar.trial_due(1)}, price=trial["price"])


def enter_next_cycle(turn: Turn, subscription: Record) -> Record:
    """Enter the next trial or regular cycle, and pay for it if it costs something; tell of the payment only."""
    plan = turn.plan_of(subscription)
    trials, regulars = completed(subscription, "TRIAL"), completed(subscription, "REGULAR")
    trial = plan["trial"]
    total = trial["cycles"] if trial else 0
    trials += trials < total
    is_regular = trials >= total
    regulars += is_regular
    entered = subscription | {
        "executions": executions(plan, trials=trials, regulars=regulars),
        "next": _next(plan, subscription, trials, regulars),
    }
    return pay(turn, entered) if is_regular else _pay_if_any(turn, entered, price=trial["price"])


def make_good(turn: Turn, subscription: Record) -> Record:
    """Pay for the cycle whose payment failed; the next one stays when it is."""
    plan = turn.plan_of(subscription)
    regulars = completed(subscription, "REGULAR") + (not is_in_trial(subscription))
    done = executions(plan, trials=completed(subscription, "TRIAL"), regulars=regulars)
    return pay(turn, subscription | {"executions": done})


def pay(turn: Turn, subscription: Record, *, price: int | None = None) -> Record:
    """Take a payment for a subscription, which makes good what failed before, and tell so."""
    sale = turn.put("transaction", payment(turn.rng, subscription, turn.plan_of(subscription), at=turn.at, price=price))
    paid = {"at": turn.at, "amount": sale["gross"]}
    after = turn.change("subscription", subscription, last_payment=paid, failures=0, outstanding=0)
    tell_of_sale(turn, sale)
    return after


def tell_of_sale(turn: Turn, sale: Record) -> None:
    """Publish that a sale was paid."""
    resource = sale_document(sale, turn.home, names_subscription=turn.names_subscription())
    turn.publish("PAYMENT.SALE.COMPLETED", resource, subscription=sale["subscription"])


def fail(turn: Turn, subscription: Record) -> None:
    """Fail to take a payment and tell so; after the third time in a row the subscription is suspended."""
    plan = turn.plan_of(subscription)
    amount = bill_of(subscription, plan).total
    turn.put("transaction", payment(turn.rng, subscription, plan, at=turn.at, status="DECLINED"))
    regulars = completed(subscription, "REGULAR") + 1
    following = subscription["next"] if owes(subscription) else _next(plan, subscription, 0, regulars)
    after = turn.change(
        "subscription",
        subscription,
        next=following,
        failures=subscription["failures"] + 1,
        outstanding=amount,
        last_failed=failure(turn.at, amount, turn.rng.choice(REASONS)),
    )
    turn.tell("PAYMENT.FAILED", after)
    if after["failures"] >= MOST_FAILURES:
        turn.tell("SUSPENDED", turn.change("subscription", after, status="SUSPENDED", status_at=turn.at))


def refund(turn: Turn, subscription: Record, *, half: bool = False) -> None:
    """Give back the last payment, or half of it, and tell so. Raises NotPossible."""
    sale = _last(turn, subscription)
    rest = sale["gross"] - sale["refunded"]
    amount = max(rest // 2, 1) if half else rest
    after = _given_back(turn, sale, amount)
    resource = refund_document(
        after,
        turn.home,
        identity=mint(turn.rng, "refund"),
        amount=amount,
        at=turn.at,
        names_subscription=turn.names_subscription(),
    )
    turn.publish("PAYMENT.SALE.REFUNDED", resource, subscription=subscription["id"])


def reverse(turn: Turn, subscription: Record) -> None:
    """Let PayPal take the last payment back, and tell so. Raises NotPossible."""
    sale = _last(turn, subscription)
    after = _given_back(turn, sale, sale["gross"] - sale["refunded"])
    resource = reversal_document(after, turn.home, names_subscription=turn.names_subscription())
    turn.publish("PAYMENT.SALE.REVERSED", resource, subscription=subscription["id"])


def _pay_if_any(turn: Turn, subscription: Record, *, price: int) -> Record:
    return pay(turn, subscription, price=price) if price else turn.change("subscription", subscription)


def owes(subscription: Record) -> bool:
    """Tell whether the newest payment failed."""
    paid, failed = subscription["last_payment"], subscription["last_failed"]
    is_newer = failed is not None and (paid is None or failed["at"] > paid["at"])
    return subscription["failures"] > 0 or is_newer


def to_give_back(turn: Turn, subscription: Record) -> Record | None:
    """Find the last payment that was not given back as a whole."""
    paid = turn.table("transaction").owned(subscription["id"])
    return next((one for one in reversed(paid) if one["status"] in ("COMPLETED", "PARTIALLY_REFUNDED")), None)


def _next(plan: Record, subscription: Record, trials: int, regulars: int) -> int | None:
    calendar = Calendar(plan=plan, start=subscription["start"])
    if not regulars:
        return calendar.trial_due(trials + 1)
    if plan["cycles"] and regulars >= plan["cycles"]:
        return None
    return calendar.due(calendar.reached(subscription["next"] or subscription["start"]))


def _given_back(turn: Turn, sale: Record, amount: int) -> Record:
    refunded = sale["refunded"] + amount
    status = "REFUNDED" if refunded >= sale["gross"] else "PARTIALLY_REFUNDED"
    return turn.change("transaction", sale, refunded=refunded, status=status)


def _last(turn: Turn, subscription: Record) -> Record:
    sale = to_give_back(turn, subscription)
    if sale is None:
        raise NotPossible("Nothing was paid that could go back.")
    return sale
