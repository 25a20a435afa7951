"""The part of `many` on a machine of its own: it posts webhooks, waits for their end, and looks for losses."""

import json
import os
import random
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import django

CLIENTS = 8
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
type Post = tuple[str, bytes, dict[str, str]]


def main() -> None:
    """Measure one web and one worker, then many, then many while they are killed."""
    django.setup()
    from django.core.management import call_command

    from tests.benchmarks.machines import Machine
    from tests.benchmarks.many_house import House

    call_command("migrate", verbosity=0)
    told = {name: Machine(**one | {"prefix": tuple(one["prefix"])}) for name, one in _read("MACHINES").items()}
    webs = [machine for name, machine in told.items() if name.startswith("web")]
    workers = [machine for name, machine in told.items() if name.startswith("worker")]
    size, folder = 300 if os.environ["QUICK"] else 1500, Path(os.environ["FOLDER"])
    _publish()
    with House(folder, webs[:1], workers[:1]) as house:
        alone = _rate(house, Load(size))
    with House(folder, webs, workers) as house:
        together = _rate(house, Load(size))
        memory = {"web": house.memory(webs[0]), "worker": house.memory(workers[0])}
        killed = _killing(house, Load(size))
    where = "networks" if webs[0].prefix else "process groups"
    _emit("many_machines", together, "webhooks/s", f"1 web and 1 worker, {alone:,.0f}/s; 4 and 6 in {where}",
          together / alone, 0.7)  # fmt: skip
    _emit("many_killed", float(killed), "machines killed", "the webhooks, each applied and its trigger met once",
          _once(), 1.0)  # fmt: skip
    for name, value in memory.items():
        _emit(f"many_memory_{name}", value, "MB", "250 MB for a process", value / 250, 1.0, more_is_better=False)


def _read(name: str) -> Any:
    return json.loads(os.environ[name])


def _publish() -> None:
    from automations import publishing

    steps = [{"id": "t", "do": "tag", "tag": "gone"}]
    trigger = {"id": "t1", "on": "updated", "field": "status", "to": "cancelled"}
    draft = {"triggers": [trigger], "runs": "every_time", "steps": steps}
    publishing.publish(publishing.create(name="Many", draft=draft))


class Load:
    """A shop whose subscriptions are there, and what it tells when all of them are cancelled."""

    def __init__(self, size: int) -> None:
        from integrations.connecting import connect
        from tests.integrations.woocommerce.contract import WOOCOMMERCE

        self.contract, self.size = WOOCOMMERCE, size
        self.shop = connect("woocommerce", name=f"Shop {time.time()}", credentials=WOOCOMMERCE.credentials())[0]

    def posts(self, status: str, minute: int) -> list[Post]:
        """Write what the shop tells of all its subscriptions."""
        from tests.integrations.contracts import address, signed

        events = (self._event(number, status, minute) for number in range(self.size))
        return [(address(self.shop), *signed(self.shop, event)) for event in events]

    def _event(self, number: int, status: str, minute: int) -> dict[str, Any]:
        told = self.contract.news(f"sub_{number}", status, AT.replace(minute=minute), customer_id=number + 1)
        return told | {"billing": told["billing"] | {"email": f"p{number}@shop{self.shop.pk}.example.com"}}


def _rate(house: Any, load: Load) -> float:
    """Return how many webhooks a second are applied, with their triggers met and the step behind done."""
    _post(house, load.posts("active", 0))
    _until_done(load, 0)
    posts = load.posts("cancelled", 1)
    start = time.perf_counter()
    _post(house, posts)
    _until_done(load, load.size)
    return load.size / (time.perf_counter() - start)


def _killing(house: Any, load: Load) -> int:
    """Let it all happen again while machines die, and return how many did."""
    over = threading.Event()
    killer = threading.Thread(target=house.kill_at_will, args=(over, random.Random(7)))
    killer.start()
    try:
        for minute, status in enumerate(("active", "cancelled")):
            _post(house, load.posts(status, minute))
            if not minute:
                _free_claims()
                _until_done(load, 0)
    finally:
        over.set()
        killer.join()
    _free_claims()
    _until_done(load, load.size)
    return int(house.killed)


def _post(house: Any, posts: list[Post]) -> None:
    """Post from several clients to all webs; what is not answered with 200 is posted again, as stores do."""
    addresses = house.addresses
    shares = [posts[client::CLIENTS] for client in range(CLIENTS)]
    clients = [
        threading.Thread(target=_client, args=(addresses, random.Random(number), share))
        for number, share in enumerate(shares)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()


def _client(addresses: list[tuple[str, int]], chance: random.Random, posts: Iterable[Post]) -> None:
    wire: HTTPConnection | None = None
    for path, body, headers in posts:
        while True:
            wire = wire or HTTPConnection(*chance.choice(addresses), timeout=20)
            try:
                wire.request("POST", path, body, {"Content-Type": "application/json", **headers})
                answer = wire.getresponse()
                answer.read()
                if answer.status == 200:
                    break
            except (OSError, HTTPException):
                time.sleep(0.05)
            wire.close()
            wire = None


def _free_claims() -> None:
    """Let go at once what dead processes hold: it would take two minutes, in which nothing is to be seen."""
    from django.utils import timezone

    from integrations.models import Delivery

    time.sleep(3)
    Delivery.objects.filter(state="waiting").update(claimed_until=timezone.now())


def _until_done(load: Load, steps: int) -> None:
    from automations.models import Passage
    from integrations.models import Delivery
    from subscriptions.models import Change

    deadline = time.monotonic() + 300
    while (
        Delivery.objects.filter(connection=load.shop, state="waiting").exists()
        or Change.objects.filter(is_pending=True).exists()
        or Passage.objects.filter(enrolment__payment__store=load.shop.store).count() < steps
    ):
        if time.monotonic() > deadline:
            raise SystemExit("It does not come to an end.")
        time.sleep(0.02)


def _once() -> float:
    """Return the share of webhooks that did what they had to, once: 1.0 where none was lost and none counted twice."""
    from automations.models import Enrolment, Passage
    from integrations.models import Delivery
    from subscriptions.models import Change, RecurringPayment

    payments = RecurringPayment.objects.count()
    expected = {
        "events": (Delivery.objects.filter(state="applied").count(), 2 * payments),
        "cancelled": (RecurringPayment.objects.filter(status="cancelled").count(), payments),
        "changes": (Change.objects.count(), 2 * payments),
        "people": (Enrolment.objects.filter(state="finished").count(), payments),
        "steps": (Passage.objects.count(), payments),
    }
    return min(min(found, due) / max(found, due, 1) for found, due in expected.values())


def _emit(name: str, value: float, unit: str, yardstick: str, ratio: float, goal: float, **more: Any) -> None:
    from tests.benchmarks.figures import Figure

    Figure(
        name=name, database="postgresql", value=value, unit=unit, yardstick=yardstick, ratio=ratio, goal=goal, **more
    ).emit()


if __name__ == "__main__":
    main()
