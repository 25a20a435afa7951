"""Growth: what takes how much longer when there are ten and a hundred times as many payments.

An exponent of 0 says that it takes as long however many there are, 1 that twice as many take twice as long. What a
single person or payment causes may not grow with the total; what asks about all of them may grow with it. SIZES are
numbers of payments, as in SIZES=10000,100000,1000000.
"""

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from automations import publishing, running, sending
from automations.models import Automation
from contacts.models import Contact
from integrations import inbox
from integrations.models import Connection
from subscriptions import records
from subscriptions.models import Change, RecurringPayment, Store
from subscriptions.segments import matching, reading, tallies
from subscriptions.segments.compiler import World
from subscriptions.services import apply_records
from tests.benchmarks.applying import empty
from tests.benchmarks.automations import ACTIVE, TAG
from tests.benchmarks.crowd import gather
from tests.benchmarks.figures import Figure
from tests.integrations.contracts import CONTRACTS, address, made, signed

SIZES = {"postgresql": "10000,100000,1000000", "sqlite": "1000,10000,100000"}
QUICK_SIZES = {"postgresql": "1000,5000,25000", "sqlite": "1000,5000,25000"}
# The largest exponents: for what one person or payment causes, with room for what is only noise, and for what asks all.
ALONE, OF_ALL = 0.1, 1.1
ROUNDS = 15
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CITY = {
    "recurring_payment": {
        "all": [
            {"field": "status", "op": "is", "value": "paused"},
            {"field": "billing_city", "op": "is", "value": "Lyon"},
        ]
    },
    "match": "any",
}
type Act = Callable[[], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What stays the same while the crowd grows: a store, somebody who looks at pages, and numbers for new things."""

    connection: Connection
    client: Client
    numbers: "count[int]"


def measure(database: str, quick: bool) -> None:
    """Let the crowd grow, and measure everything at each size."""
    Automation.objects.all().delete()
    empty()
    sizes = [int(size) for size in os.environ.get("SIZES", (QUICK_SIZES if quick else SIZES)[database]).split(",")]
    bench, points = _begin(), {name: [] for name in ACTS}
    for size in sizes:
        more = size - RecurringPayment.objects.count()
        gather(people=more * 2 // 5, payments=more)
        for name, (act, _) in ACTS.items():
            points[name].append((size, _best(act(bench))))
    for name, (_, limit) in ACTS.items():
        _emit(database, name, points[name], limit)


def exponent(points: list[tuple[float, float]]) -> float:
    """Return the slope of the line that lies nearest to the points, where both axes go by factors (least squares)."""
    places = [(math.log(size), math.log(value)) for size, value in points]
    middle_x, middle_y = (sum(axis) / len(places) for axis in zip(*places, strict=True))
    above = sum((x - middle_x) * (y - middle_y) for x, y in places)
    return above / sum((x - middle_x) ** 2 for x, _ in places)


def _emit(database: str, name: str, points: list[tuple[float, float]], limit: float) -> None:
    grown = exponent(points)
    took = ", ".join(f"{value * 1000:,.1f}" for _, value in points)
    at = ", ".join(f"{size:,.0f}" for size, _ in points)
    Figure(
        name=f"growth_{name}",
        database=database,
        value=grown,
        unit="exponent",
        yardstick=f"{took} ms at {at} payments",
        ratio=max(grown, 0.01),
        goal=limit,
        more_is_better=False,
        points=tuple(points),
    ).emit()


def _begin() -> Bench:
    connection = made("woocommerce", f"growth {timezone.now()}")
    trigger = {"id": "t", "on": "updated", "field": "status"}
    choice = {"id": "i", "do": "if", "where": ACTIVE, "yes": [TAG], "no": [TAG | {"id": "n"}]}
    draft = {"triggers": [trigger], "runs": "every_time", "steps": [choice]}
    publishing.publish(publishing.create(name="Growth", draft=draft))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create_superuser(f"growth {timezone.now()}"))
    return Bench(connection=connection, client=client, numbers=count(1))


def _best(act: Act) -> float:
    """Return the seconds that it takes where least disturbs it; the first time only warms up."""
    act()
    return min(_seconds(act) for _ in range(ROUNDS))


def _seconds(act: Act) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _webhook(bench: Bench) -> Act:
    """A store's event, from its arrival to the tag that an automation gives."""

    def act() -> None:
        number = next(bench.numbers)
        status = ("active", "cancelled")[number % 2]
        event = CONTRACTS["woocommerce"].news("sub_growth", status, NOON + timedelta(minutes=number), customer_id=1)
        body, headers = signed(bench.connection, event)
        path = address(bench.connection)
        answer = bench.client.post(path, data=body, content_type="application/json", headers=headers)
        if answer.status_code != 200 or inbox.process() != 1:
            raise SystemExit(f"The webhook was answered with {answer.status_code}, or not worked off.")
        running.run(seconds=60)

    return act


def _new_payments(size: int) -> Callable[[Bench], Act]:
    """So many payments of new people, as history brings them."""

    def prepare(bench: Bench) -> Act:
        store, now = Store.objects.get(pk=bench.connection.store_id), timezone.now()

        def act() -> None:
            told = [records.build(_values(next(bench.numbers)), items=None, as_of=now) for _ in range(size)]
            apply_records(store, told, source=Change.Source.HISTORY, announce=False)

        return act

    return prepare


def _values(number: int) -> dict[str, Any]:
    mail = f"growth-{number}@example.com"
    return {"store_recurring_payment_id": f"growth_{number}", "email": mail, "status": "active", "payment_amount": 49}


def _page(path: str) -> Callable[[Bench], Act]:
    def prepare(bench: Bench) -> Act:
        found = RecurringPayment.objects.filter(store__name="crowd").values_list("contact_id", flat=True)[:1]
        asked = path.format(contact=found[0])

        def act() -> None:
            answer = bench.client.get(asked)
            if answer.status_code != 200:
                raise SystemExit(f"{asked} answered {answer.status_code}.")

        return act

    return prepare


def _segments_of_one(_bench: Bench) -> Act:
    trees = dict.fromkeys(range(50), CITY)
    contact = Contact.objects.values_list("pk", flat=True)[0]
    return lambda: matching.of_person(trees, contact)


def _segment_of_all(_bench: Bench) -> Act:
    node = reading.read(CITY)
    return lambda: tallies.total(node, World())


def _sweep(_bench: Bench) -> Act:
    def act() -> None:
        inbox.process()
        running.run(seconds=60)
        sending.sweep()

    return act


# name -> what is prepared and then done, and the largest exponent
ACTS: dict[str, tuple[Callable[[Bench], Act], float]] = {
    "webhook": (_webhook, ALONE),
    "one_payment": (_new_payments(1), ALONE),
    "history_of_100": (_new_payments(100), ALONE),
    "contact_page": (_page("/admin/contacts/contact/{contact}/change/"), ALONE),
    "payment_panel": (_page("/admin/contacts/{contact}/recurring-payments/"), ALONE),
    "segments_of_one": (_segments_of_one, ALONE),
    "sweep": (_sweep, ALONE),
    "person_by_mail": (_page("/admin/contacts/contact/?q=person-77@example.com"), ALONE),
    "list_of_people": (_page("/admin/contacts/contact/"), OF_ALL),
    "segment_of_all": (_segment_of_all, OF_ALL),
}
