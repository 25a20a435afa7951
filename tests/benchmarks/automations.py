"""Automations: letting people in, taking them on, many automations at once, and what waiting people cost.

The yardsticks are rates that the product promises, and its own figures with less to do.
"""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import batched
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from automations import publishing, running, waking
from automations.advance import advance
from automations.models import Automation, AutomationVersion, Enrolment, Occurrence
from automations.starting import changes
from contacts.models import Contact
from subscriptions import bulk
from subscriptions.models import Change, RecurringPayment, Store
from tests.benchmarks.applying import empty
from tests.benchmarks.crowd import settle
from tests.benchmarks.figures import Figure

WORKERS = 2
STATUSES = ("active", "paused", "cancelled", "payment_failed")
FIELDS = ("status", "payment_amount", "next_payment_date", "billing_city", "name")
ACTIVE = {"recurring_payment": {"field": "status", "op": "is", "value": "active"}, "match": "this"}
CREATED: dict[str, Any] = {"id": "t", "on": "created"}
TAG = {"id": "s", "do": "tag", "tag": "bench"}
WAIT = {"id": "w", "do": "wait", "for": {"n": 30, "unit": "days"}}


def measure(database: str, quick: bool) -> None:
    """Measure everything that needs no server."""
    people = 1_000 if quick else 10_000
    _entering(database, people)
    _due(database, people)
    _many_automations(database, people)
    _waiting(database, people * 10)


def _entering(database: str, people: int) -> None:
    begin([flow(CREATED, WAIT)])
    happen(people)
    seconds = timed(lambda: all_of(changes.dispatch))
    assert Enrolment.objects.count() == people
    _rate("entering", database, people, seconds, goal=5_000, of="10,000 people in 2 s")


def _due(database: str, people: int) -> None:
    """Let them come to an if, a tag and a wait in the same second."""
    choice = {"id": "i", "do": "if", "where": ACTIVE, "yes": [TAG]}
    begin([flow(CREATED, choice, WAIT)])
    happen(people)
    all_of(changes.dispatch)
    seconds = timed(lambda: all_of(advance))
    assert Enrolment.objects.filter(step="w").count() == people
    _rate("due_at_once", database, people, seconds, goal=500, of="500 people a second")


def _many_automations(database: str, size: int) -> None:
    """Compare fifty and two hundred automations, half of which ask for a segment."""
    few, many = (_changes_with(count, size) for count in (50, 200))
    _rate("changes_200", database, size, many, goal=1_000, of="1,000 changes a second by two workers")
    Figure(
        name="changes_growth",
        database=database,
        value=many / few,
        unit="times as long",
        yardstick="four times as many automations",
        ratio=many / few / 4,
        goal=1.0,
        more_is_better=False,
    ).emit()


def _changes_with(automations: int, size: int) -> float:
    begin([_updated(number) for number in range(automations)])
    happen(size)
    Change.objects.update(is_pending=False)
    _happen_again(size)
    return timed(_at_once)


def _updated(number: int) -> dict[str, Any]:
    """Write a flow; of all of them together one change starts one or two."""
    status = STATUSES[number // 2 % 4]
    if number % 2:
        city = {"field": "billing_city", "op": "is", "value": f"City {number}"}
        amount = {"field": "payment_amount", "op": "more_than", "value": number}
        where = {"where": {"all": [city, amount]}}
        return flow({"id": "t", "on": "updated", "field": "status", "to": status} | where, WAIT)
    field = FIELDS[number // 2 % len(FIELDS)]
    told = {"from": STATUSES[number // 8 % 4], "to": status} if field == "status" else {}
    return flow({"id": "t", "on": "updated", "field": field} | told, WAIT)


def _at_once() -> None:
    """Have two processes look what the changes start."""
    connections.close_all()
    pids = [os.fork() for _ in range(1)]
    if pids == [0]:
        all_of(changes.dispatch)
        os._exit(0)
    all_of(changes.dispatch)
    for pid in pids:
        os.waitpid(pid, 0)


def _waiting(database: str, people: int) -> None:
    """Compare the sweep with nobody and with very many who wait, and look after all whom a segment may move."""
    goal = {"id": "g", "do": "goal", "where": {"tag": "nobody", "op": "has"}}
    begin([flow(CREATED, WAIT, goal)])
    nobody = _sweep()
    happen(people)
    all_of(changes.dispatch)
    now = timezone.now()
    Enrolment.objects.update(wake_at=now + timedelta(days=30), until=now + timedelta(days=30), has_begun=True)
    settle()  # what the update of all at once has left behind is no cost of waiting
    everybody = _sweep()
    Figure(
        name="sweep_waiting",
        database=database,
        value=(everybody - nobody) * 1000,
        unit="ms more",
        yardstick=f"5 ms more for {people:,} who wait, of a sweep every 5 s",
        ratio=(everybody - nobody) / 0.005,
        goal=1.0,
        more_is_better=False,
    ).emit()
    Enrolment.objects.update(watches=True)
    AutomationVersion.objects.update(watched_at=now - timedelta(hours=1))
    seconds = timed(waking.by_the_clock)
    Figure(
        name="watching_segments",
        database=database,
        value=seconds * 1000,
        unit="ms a minute",
        yardstick=f"3 s of each minute for {people:,} whom a segment may move",
        ratio=seconds / 3,
        goal=1.0,
        more_is_better=False,
    ).emit()


def _sweep() -> float:
    """Return how long a turn with nothing to do takes, of many the middle one."""
    return sorted(timed(lambda: running.run(seconds=60)) for _ in range(21))[10]


def begin(flows: list[dict[str, Any]]) -> None:
    Automation.objects.all().delete()
    Contact.tags.through.objects.all().delete()
    Occurrence.objects.all().delete()
    empty()
    Store.objects.all().delete()
    Store.objects.create(name="bench", provider="stripe")
    for number, flow in enumerate(flows):
        publishing.publish(publishing.create(name=f"Flow {number}", draft=flow))


def flow(trigger: dict[str, Any], *steps: dict[str, Any]) -> dict[str, Any]:
    return {"triggers": [trigger], "runs": "every_time", "steps": list(steps)}


def happen(people: int) -> None:
    """Write new payments of so many people, and that they were created, as the writer does."""
    store, now = Store.objects.get(), timezone.now()
    for some in batched(range(people), 5_000, strict=False):
        contacts = Contact.objects.bulk_create(
            Contact(email=f"p{number}@example.com", email_key=f"p{number}@example.com") for number in some
        )
        payments = RecurringPayment.objects.bulk_create(
            RecurringPayment(
                store=store,
                contact=contact,
                store_recurring_payment_id=f"sub_{number}",
                status=STATUSES[number % 4],
                billing_city=f"City {number % 500}",
                payment_amount=number % 300,
                as_of=now,
            )
            for number, contact in zip(some, contacts, strict=True)
        )
        bulk.insert(Change, (_change(payment.pk, "created", {}) for payment in payments))
    _analyze()


def _happen_again(size: int) -> None:
    """Write that the status of each payment has changed."""
    rows = RecurringPayment.objects.order_by("pk").values_list("pk", "status")[:size]
    news = ((pk, [STATUSES[(STATUSES.index(status) + 1) % 4], status]) for pk, status in rows)
    bulk.insert(Change, (_change(pk, "updated", {"status": values}) for pk, values in news))
    _analyze()


def _change(payment: int, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    told = {"kind": kind, "source": "webhook", "fields": fields, "occurred_at": now, "recorded_at": now}
    return told | {"payment_id": payment, "announce": True, "is_pending": True}


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def all_of(verb: Callable[[], int]) -> None:
    while verb():
        pass


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _rate(name: str, database: str, size: int, seconds: float, *, goal: float, of: str) -> None:
    Figure(
        name=name,
        database=database,
        value=size / seconds,
        unit="a second",
        yardstick=of,
        ratio=size / seconds / goal,
        goal=1.0,
    ).emit()
