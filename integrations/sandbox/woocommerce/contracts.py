"""Begin subscriptions in any situation, with their first order and their latest ones."""

from dataclasses import dataclass
from random import Random
from typing import Any

from integrations.sandbox.names import NOTES
from integrations.sandbox.periods import DAY, Interval, period_at, step
from integrations.sandbox.store import Record, Store
from integrations.sandbox.woocommerce.lines import Basket, Extras, draw_up, sums_of
from integrations.sandbox.woocommerce.numbers import Numbers
from integrations.sandbox.woocommerce.orders import order_for, refunded
from integrations.sandbox.woocommerce.people import GUEST, Person
from integrations.sandbox.woocommerce.scenarios import Scenario

HALF_DAY = DAY // 2
_TRIAL = 14 * DAY
_MOST_RENEWALS = 3
_METHODS = ("stripe", "stripe", "ppcp-gateway", "woocommerce_payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When things happened to a subscription; `until` is when it stopped, or now."""

    now: int
    created: int
    until: int
    trial_end: int | None
    following: int
    """The moment of the next payment, if it goes on."""
    renewals: tuple[int, ...]
    """The moments of the latest renewals, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Where subscriptions are begun: the records, the numbers, and the decimals of the shop's amounts."""

    store: Store
    numbers: Numbers
    decimals: int


def begin(
    rng: Random,
    office: Office,
    person: Person,
    basket: Basket,
    scenario: Scenario,
    *,
    now: int,
    extras: Extras,
    number: int = 0,
) -> Record:
    """Begin a subscription, put it and its orders into the store, and return it; `number` chooses what is noted."""
    interval = (basket[0][0]["period"], basket[0][0]["count"])
    times = _times(rng, scenario, interval, now)
    parent = None if scenario.is_by_hand else office.numbers.take("order")
    bare = _bare(rng, person, scenario, interval, times) | {
        "id": office.numbers.take("subscription"),
        "parent": parent,
        "lines": draw_up(basket, extras, office.decimals),
    }
    subscription = bare | _dates(scenario, times) | _noted(rng, scenario, number)
    orders = _orders(office, subscription, scenario, times)
    for order in orders:
        office.store["order"].put(order)
    subscription["last_payment"] = max((order["paid"] for order in orders if order["paid"]), default=None)
    subscription["modified"] = _last_change(subscription, orders, now)
    office.store["subscription"].put(subscription)
    return subscription


def link(store: Store, old: Record, new: Record, how: str) -> tuple[Record, Record]:
    """Say that one subscription came after another, by "resubscribe" or "switch"; return both."""
    if how == "resubscribe":
        old, new = old | {"resubscribed_to": new["id"]}, new | {"resubscribed_from": old["id"]}
    if first := store["order"].get(new["parent"]):
        store["order"].put(first | {"relation": how, "before": old["id"]})
    for record in (old, new):
        store["subscription"].put(record)
    return old, new


def _last_change(subscription: Record, orders: list[Record], now: int) -> int:
    moments = [subscription[name] or 0 for name in ("created", "cancelled", "end")]
    latest: int = max(at for at in (*moments, *(order["modified"] for order in orders)) if at <= now)
    return latest


def _times(rng: Random, scenario: Scenario, interval: Interval, now: int) -> Times:
    created = now - int(rng.uniform(*scenario.age) * DAY)
    trial_end = created + _TRIAL if scenario.trial else None
    until = created + int((now - created) * rng.uniform(0.3, 0.95)) if scenario.ends == "ended" else now
    anchor = trial_end or created
    if until < anchor:
        return Times(now=now, created=created, until=until, trial_end=trial_end, following=anchor, renewals=())
    start, following = period_at(anchor, interval, until)
    moments = (step(start, interval, -back) for back in reversed(range(_MOST_RENEWALS)))
    first = created if trial_end is None else created - 1
    renewals = () if scenario.is_first else tuple(at for at in moments if at > first and at >= anchor)
    return Times(now=now, created=created, until=until, trial_end=trial_end, following=following, renewals=renewals)


def _bare(rng: Random, person: Person, scenario: Scenario, interval: Interval, times: Times) -> Record:
    return {
        "created": times.created,
        "status": scenario.status,
        "customer": GUEST if scenario.is_guest else person.id,
        "billing": person.billing,
        "shipping": person.shipping,
        "period": interval[0],
        "count": interval[1],
        "method": "bacs" if scenario.is_manual else rng.choice(_METHODS),
        "via": "admin" if scenario.is_by_hand else "checkout",
    }


def _dates(scenario: Scenario, times: Times) -> Record:
    dates: dict[str, Any] = {
        "start": times.created,
        "trial_end": times.trial_end,
        "next_payment": times.following,
        "cancelled": None,
        "end": None,
        "retry": times.now + HALF_DAY if scenario.retries else None,
        "retries": int(scenario.retries),
    }
    return dates | _ending(scenario, times)


def _ending(scenario: Scenario, times: Times) -> Record:
    asked = max(times.created, times.until - HALF_DAY)
    endings: dict[str, Record] = {
        "": {},
        "asked": {"cancelled": asked, "end": times.following, "next_payment": None},
        "ended": {"cancelled": asked, "end": times.until, "next_payment": None},
        "planned": {"end": times.following + 200 * DAY},
    }
    never = {"cancelled": None} if scenario.status in ("expired", "switched") else {}
    return endings[scenario.ends] | never


def _noted(rng: Random, scenario: Scenario, number: int) -> Record:
    meta = [{"key": "is_vat_exempt", "value": "no"}]
    if scenario.is_gift:
        meta += [
            {"key": "_recipient_user", "value": "4711"},
            {"key": "_recipient_user_email_address", "value": f"grateful{number}@example.net"},
        ]
    return {"note": rng.choice(NOTES) if number % 4 == 1 else "", "meta": meta}


def _orders(office: Office, subscription: Record, scenario: Scenario, times: Times) -> list[Record]:
    moments = [("renewal", at) for at in times.renewals]
    if subscription["parent"]:
        moments.insert(0, ("parent", times.created))
    orders = []
    for place, (relation, at) in enumerate(moments, start=1):
        usual = "zero" if relation == "parent" and scenario.trial else "completed"
        status = scenario.latest if place == len(moments) else usual
        identity = subscription["parent"] if relation == "parent" else office.numbers.take("order")
        order = order_for(
            subscription, identity, relation=relation, status=status.replace("refunded", "completed"), at=at
        )
        orders.append(order)
    return [*orders[:-1], *(_paid_back(office, scenario, order, times) for order in orders[-1:])]


def _paid_back(office: Office, scenario: Scenario, order: Record, times: Times) -> Record:
    if not scenario.refund:
        return order
    total = sums_of(order["lines"])["total"]
    part = total if scenario.refund == "whole" else total // 2
    return refunded(order, office.numbers.take("refund"), part, min(order["created"] + DAY, times.now))
