"""Begin subscriptions in any situation, with the payments that brought them there."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from integrations.sandbox.paypal.catalogue import SHIPPING
from integrations.sandbox.paypal.cycles import Calendar, executions
from integrations.sandbox.paypal.ids import mint
from integrations.sandbox.paypal.pricing import Bill, bill, interval_of
from integrations.sandbox.paypal.scenarios import Scenario
from integrations.sandbox.periods import DAY, step
from integrations.sandbox.store import Record

REASONS = ("PAYMENT_DENIED", "PAYER_CANNOT_PAY", "PAYER_ACCOUNT_RESTRICTED", "SENDING_LIMIT_EXCEEDED")
RETRY = 5 * DAY
"""How long after a failure the payment is tried again."""
_REMEMBERED = 3
_UNBILLED = frozenset({"APPROVAL_PENDING", "APPROVED"})
_OVER = frozenset({"CANCELLED", "EXPIRED"})
_STOPPED = frozenset({"CANCELLED", "EXPIRED", "SUSPENDED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A subscription with its latest payments."""

    subscription: Record
    payments: list[Record]


def begin(
    rng: Random, plan: Record, payer: Record, scenario: Scenario, *, now: int, number: int, quantity: int = 1
) -> Begun:
    """Make a subscription in a situation; `number` decides about its extras."""
    created = _created(rng, plan, scenario, now)
    start = created if scenario.status != "APPROVED" else now + 5 * DAY
    until = _until(rng, scenario, created, now)
    subscription = {
        "id": mint(rng, "subscription"),
        "created": created,
        "updated": created,
        "payer": None if scenario.subscriber == "none" else payer["id"],
        "subscriber": scenario.subscriber,
        "plan": plan["id"],
        "status": scenario.status,
        "status_at": until if scenario.status in _STOPPED else created,
        "note": scenario.note,
        "start": start,
        "quantity": str(quantity),
        "custom_id": f"ORDER-{1000 + number}" if number % 3 == 1 else None,
        "shipping": SHIPPING[plan["currency"]] if plan["is_shipped"] else 0,
        "raw": {},
    }
    calendar = Calendar(plan=plan, start=start)
    history = _history(rng, calendar, scenario, until)
    payments = [
        payment(rng, subscription, plan, at=at, price=price, status=status) for at, price, status in history.payments
    ]
    return Begun(subscription=subscription | _billing(history, subscription, plan), payments=payments)


def payment(
    rng: Random, subscription: Record, plan: Record, *, at: int, price: int | None = None, status: str = "COMPLETED"
) -> Record:
    """Make the payment of a regular cycle, or of one at another price."""
    parts = bill_of(subscription, plan, price)
    return {
        "id": mint(rng, "transaction"),
        "created": at,
        "updated": at,
        "subscription": subscription["id"],
        "payer": subscription["payer"],
        "status": status,
        "currency": plan["currency"],
        "items": parts.items,
        "tax": parts.tax,
        "shipping": parts.shipping,
        "gross": parts.total,
        "fee": parts.fee,
        "refunded": 0,
    }


def bill_of(subscription: Record, plan: Record, price: int | None = None) -> Bill:
    """Make the bill of a subscription's cycle; a quantity that was set to something odd counts as one."""
    quantity = int(subscription["quantity"]) if str(subscription["quantity"]).isdecimal() else 1
    return bill(plan, quantity=quantity, shipping=subscription["shipping"], price=price)


@dataclass(frozen=True, slots=True, kw_only=True)
class _History:
    """What was paid and what was not: (when, another price than the plan's, status), oldest first."""

    payments: list[tuple[int, int | None, str]]
    executions: list[Record]
    failed_at: int | None
    failures: int
    next: int | None
    final: int | None


def _created(rng: Random, plan: Record, scenario: Scenario, now: int) -> int:
    if scenario.in_trial:
        trial = plan["trial"]
        length = step(now, interval_of(trial["interval"]), trial["cycles"]) - now
        return now - int(length * rng.uniform(0.1, 0.8))
    if scenario.cycles_left is not None:
        begun = plan["cycles"] - (scenario.cycles_left + 1 if scenario.cycles_left else 0)
        return step(now - int(rng.uniform(2, 4) * DAY), interval_of(plan["interval"]), -begun)
    return now - int(rng.uniform(*scenario.age) * DAY)


def _until(rng: Random, scenario: Scenario, created: int, now: int) -> int:
    if scenario.status in ("CANCELLED", "SUSPENDED"):
        return now - int((now - created) * rng.uniform(0.02, 0.3))
    return now - DAY if scenario.status == "EXPIRED" else now


def _history(rng: Random, calendar: Calendar, scenario: Scenario, until: int) -> _History:
    plan = calendar.plan
    if scenario.status in _UNBILLED:
        return _History(payments=[], executions=[], failed_at=None, failures=0, next=None, final=None)
    due = calendar.reached(until)
    has_failed = bool(scenario.failures) or scenario.failed == "since"
    paid = max(due - 1, 0) if has_failed else due
    done = list(_paid(calendar, paid, until))
    failed_at = calendar.due(max(paid, 0)) if has_failed else None
    if scenario.failed == "before" and done:
        failed_at = done[-1][0] - 3600
    if failed_at is not None:
        done.append((failed_at, None, "DECLINED"))
        done.sort(key=lambda one: one[0])
    ends = bool(plan["cycles"]) and due >= plan["cycles"]
    return _History(
        payments=done[-_REMEMBERED:],
        executions=executions(plan, trials=calendar.trials_over(until), regulars=paid),
        failed_at=failed_at,
        failures=scenario.failures,
        next=None if scenario.status in _OVER or ends else calendar.next_due(until, due),
        final=calendar.final,
    )


def _paid(calendar: Calendar, regulars: int, until: int) -> Iterator[tuple[int, int | None, str]]:
    trial = calendar.plan["trial"]
    if trial and trial["price"]:
        for number in range(min(calendar.trials_over(until) + 1, trial["cycles"])):
            yield step(calendar.start, interval_of(trial["interval"]), number), trial["price"], "COMPLETED"
    for number in range(max(regulars - _REMEMBERED, 0), regulars):
        yield calendar.due(number), None, "COMPLETED"


def _billing(history: _History, subscription: Record, plan: Record) -> Record:
    paid = [(at, price) for at, price, status in history.payments if status == "COMPLETED"]
    last = {"at": paid[-1][0], "amount": bill_of(subscription, plan, paid[-1][1]).total} if paid else None
    full = bill_of(subscription, plan).total
    failed = failure(history.failed_at, full, REASONS[0]) if history.failed_at is not None else None
    since = (subscription["created"], subscription["status_at"], *(at for at, _, _ in history.payments))
    return {
        "updated": max(since),
        "executions": history.executions,
        "last_payment": last,
        "last_failed": failed,
        "failures": history.failures,
        "outstanding": full if history.failures else 0,
        "next": history.next,
        "final": history.final,
    }


def failure(at: int, amount: int, reason: str) -> Record:
    """Note a payment that failed."""
    return {"at": at, "amount": amount, "reason": reason, "retry": at + RETRY}
