"""Begin subscriptions in any situation, with their first and their latest invoice."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from integrations.sandbox.names import CHANNELS, NOTES
from integrations.sandbox.periods import DAY, Interval, Period, period_at
from integrations.sandbox.store import Record, Store
from integrations.sandbox.stripe.ids import mint
from integrations.sandbox.stripe.invoicing import draw_up, in_state
from integrations.sandbox.stripe.people import Person
from integrations.sandbox.stripe.scenarios import Scenario

Basket = Sequence[tuple[Record, int]]
"""Prices and quantities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When things happened to a subscription."""

    now: int
    created: int
    trial_end: int | None
    ended: int | None
    anchor: int


def begin(
    rng: Random, store: Store, person: Person, basket: Basket, scenario: Scenario, *, now: int, number: int
) -> Record:
    """Begin a subscription, put it and its invoices into the store, and return it; `number` chooses the extras."""
    times = _times(rng, scenario, now)
    subscription = _bare(rng, person, basket, scenario, times)
    subscription |= _extras(rng, number) | _discounted(rng, store, subscription, number, times)
    subscription |= _ending(rng, scenario, times, subscription["items"][0]["current_period_end"])
    subscription |= _standing_still(scenario, times)
    for at, reason, state in _bills(subscription, scenario, times):
        invoice = _invoice(rng, store, person, subscription, times, at=at, reason=reason, state=state)
        store["invoice"].put(invoice)
        subscription["latest_invoice"] = invoice["id"]
    store["subscription"].put(subscription)
    return subscription


def interval_of(price: Record) -> Interval:
    """Tell how often a price is paid."""
    return price["recurring"]["interval"], price["recurring"]["interval_count"]


def _times(rng: Random, scenario: Scenario, now: int) -> Times:
    created = now - int(rng.uniform(*scenario.age) * DAY)
    trial_end = created + 14 * DAY if scenario.trial else None
    ended = created + int((now - created) * rng.uniform(0.3, 0.95)) if scenario.ending == "ended" else None
    if scenario.status == "incomplete_expired":
        ended = min(created + 23 * 3600, now)
    return Times(now=now, created=created, trial_end=trial_end, ended=ended, anchor=trial_end or created)


def _bare(rng: Random, person: Person, basket: Basket, scenario: Scenario, times: Times) -> Record:
    subscription: Record = {
        "id": mint(rng, "subscription"),
        "created": times.created,
        "customer": person.customer["id"],
        "status": scenario.status,
        "currency": basket[0][0]["currency"],
        "start_date": times.created,
        "billing_cycle_anchor": times.anchor,
        "items": [_item(rng, price, quantity, scenario, times) for price, quantity in basket],
    }
    if times.trial_end:
        subscription |= {"trial_start": times.created, "trial_end": times.trial_end}
    if scenario.by_invoice:
        subscription |= {"collection_method": "send_invoice", "days_until_due": 30}
    elif person.card and scenario.has_card and rng.random() < 0.5:
        subscription["default_payment_method"] = person.card["id"]
    return subscription


def _item(rng: Random, price: Record, quantity: int, scenario: Scenario, times: Times) -> Record:
    start, end = _period(price, scenario, times)
    is_metered = price["recurring"]["usage_type"] == "metered"
    return {
        "id": mint(rng, "subscription_item"),
        "created": times.created,
        "price": price["id"],
        "quantity": None if is_metered else quantity,
        "current_period_start": start,
        "current_period_end": end,
    }


def _period(price: Record, scenario: Scenario, times: Times) -> Period:
    if scenario.trial == "running" and times.trial_end:
        return times.created, times.trial_end
    return period_at(times.anchor, interval_of(price), times.ended or times.now)


def _extras(rng: Random, number: int) -> Record:
    extras: Record = {}
    if number % 3 == 0:
        extras["metadata"] = {"order_id": f"W-{1000 + number}", "channel": rng.choice(CHANNELS)}
    if number % 4 == 1:
        extras["description"] = rng.choice(NOTES)
    return extras


def _discounted(rng: Random, store: Store, subscription: Record, number: int, times: Times) -> Record:
    coupon = {1: "LOYAL20", 5: f"WELCOME_{subscription['currency'].upper()}", 7: "LOYAL20"}.get(number % 12)
    if coupon is None:
        return {}
    discount = {
        "id": mint(rng, "discount"),
        "coupon": coupon,
        "customer": subscription["customer"],
        "subscription": subscription["id"],
        "start": times.created,
        "end": None if coupon == "LOYAL20" else times.now + 60 * DAY,
    }
    store["discount"].put(discount)
    return {"discounts": [discount["id"]]}


def _ending(rng: Random, scenario: Scenario, times: Times, period_end: int) -> Record:
    asked = max(times.created, times.now - rng.randint(1, 20) * 3600)
    told = {"comment": None, "feedback": rng.choice(_FEEDBACK), "reason": "cancellation_requested"}
    endings: dict[str, Record] = {
        "": {"ended_at": times.ended} if times.ended else {},
        "period_end": {
            "cancel_at_period_end": True,
            "cancel_at": period_end,
            "canceled_at": asked,
            "cancellation_details": told,
        },
        "date": {"cancel_at": times.now + 45 * DAY, "canceled_at": asked, "cancellation_details": told},
        "ended": {
            "canceled_at": times.ended,
            "ended_at": times.ended,
            "cancellation_details": told | {"reason": scenario.reason},
        },
    }
    return endings[scenario.ending]


def _standing_still(scenario: Scenario, times: Times) -> Record:
    if scenario.collection:
        return {"pause_collection": {"behavior": scenario.collection, "resumes_at": None}}
    if scenario.status == "paused" and scenario.reason:
        return {"status_details": paused_because(scenario.reason, times.trial_end or times.now - DAY)}
    return {}


def paused_because(reason: str, at: int) -> Record:
    """Say when and why a subscription was paused."""
    return {"paused": {"subscription": {"type": reason}, "transitioned_at": at, "type": "subscription"}}


def _invoice(
    rng: Random, store: Store, person: Person, subscription: Record, times: Times, *, at: int, reason: str, state: str
) -> Record:
    billed = person.customer | {"email": person.invoice_email}
    is_free = state == "zero"
    draft = draw_up(rng, store, subscription, customer=billed, at=at, reason=reason, is_free=is_free)
    return in_state(draft, state, rng, now=times.now)


def _bills(subscription: Record, scenario: Scenario, times: Times) -> list[tuple[int, str, str]]:
    start = max(item["current_period_start"] for item in subscription["items"])
    if start <= times.created or scenario.invoice == "zero":
        return [(times.created, "subscription_create", scenario.invoice)]
    first = (times.created, "subscription_create", "zero" if scenario.trial else "paid")
    latest = max(start, times.now - 1800) if scenario.invoice == "draft" else start
    return [first, (latest, "subscription_cycle", scenario.invoice)]


_FEEDBACK = ("too_expensive", "unused", "switched_service", None)
