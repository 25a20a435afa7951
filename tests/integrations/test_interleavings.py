"""Whatever the order in which history and events come, and however often: what we hold is what the shop holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations import inbox
from integrations.models import Connection
from integrations.sandbox.paypal.signing import Transmission, headers_for
from integrations.sandbox.shop import Shop
from subscriptions.models import Store
from tests.integrations import conftest as stripes
from tests.integrations.contracts import SECRET, post, signed
from tests.integrations.paypal import conftest as paypals
from tests.integrations.shops import ServedPayPal, ServedShop, certified, served
from tests.integrations.states import comparable, stored, sync
from tests.integrations.woocommerce import conftest as woos
from tests.integrations.woocommerce.contract import headers_of
from tests.integrations.woocommerce.shops import open_shop
from tests.integrations.woocommerce.shops import served as served_woo

Told = tuple[bytes, str]
# Steps: an event by its place among those that wait, told a first or a further time; history; or work in the inbox.
STEPS = st.lists(st.sampled_from(["event", "again", "history", "process"]), min_size=4, max_size=16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of shop, served: how it is connected, and how one of its events is delivered."""

    shop: Any
    connect: Callable[..., Connection]
    deliver: Callable[[Connection, Told], int]


@contextmanager
def stripe_kind() -> Iterator[Kind]:
    shop = ServedShop(seed=7, subscriptions=5, key=stripes.KEY)
    shop.add_endpoint("http://127.0.0.1:9/")

    def deliver(connection: Connection, told: Told) -> int:
        return int(post(connection, *signed(connection, told[0], secrets=(SECRET,))).status_code)

    with served(shop):
        yield Kind(shop=shop, connect=stripes.connected, deliver=deliver)


@contextmanager
def paypal_kind() -> Iterator[Kind]:
    shop = certified(ServedPayPal(seed=7, subscriptions=5, listing=200))
    shop.add_webhook("http://127.0.0.1:9/")

    def connect(shop: ServedPayPal, name: str) -> Connection:
        connection = paypals.connected(shop, name)
        connection.webhook_id, connection.lists_payments = SECRET, True
        connection.save()
        return connection

    def deliver(connection: Connection, told: Told) -> int:
        sending = Transmission(id=told[1], at=int(datetime.now(UTC).timestamp()), address=shop.home)
        return int(post(connection, told[0], headers_for(told[0], SECRET, sending, shop.authority)).status_code)

    with served(shop):
        yield Kind(shop=shop, connect=connect, deliver=deliver)


@contextmanager
def woocommerce_kind() -> Iterator[Kind]:
    shop = open_shop(now=datetime.now(UTC).replace(microsecond=0), subscriptions=5)
    for topic in ("created", "updated", "deleted", "switched"):
        shop.add_webhook("http://127.0.0.1:9/", topic=f"subscription.{topic}", secret=SECRET)
    shop.faults.apply({"failures_allowed": 10_000})

    def deliver(connection: Connection, told: Told) -> int:
        body, topic = told
        headers = headers_of(body, connection.webhook_secret, topic=topic, source=shop.address)
        return int(post(connection, body, headers).status_code)

    with served_woo(shop):
        yield Kind(shop=shop, connect=woos.connected, deliver=deliver)


@pytest.fixture(scope="module", params=[stripe_kind, paypal_kind, woocommerce_kind], ids=["stripe", "paypal", "woo"])
def kind(request: pytest.FixtureRequest) -> Iterator[Kind]:
    """Each kind of shop in turn, one for all the examples of its test."""
    with request.param() as made:
        yield made


def heard(shop: Shop, since: int) -> list[Told]:
    """List what the shop would deliver, from a place in its log on."""
    backlog = getattr(getattr(shop, "mail", None), "backlog", None)
    if backlog:
        backlog.run()
    return [(one.body, one.type) for one in shop.deliveries[since:] if one.type != "ping"]


@contextmanager
def connected(kind: Kind, name: str) -> Iterator[Connection]:
    """Connect a shop while the block runs."""
    connection = kind.connect(kind.shop, name=name)
    try:
        yield connection
    finally:
        connection.delete()


def told(connection: Connection) -> dict[str, Any]:
    """Return what we hold, without what only events tell, and without whose it is."""
    rows = comparable(stored(connection))
    return {
        key: {name: value for name, value in row.items() if name != "legacy_connection_id"} for key, row in rows.items()
    }


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS, seed=st.integers(0, 10**6))
def test_any_interleaving_of_history_duplicates_and_reordered_events_ends_in_the_state_of_the_shop(
    transactional_db: None, kind: Kind, steps: list[str], seed: int
) -> None:
    name = f"Ours {Store.objects.count()}"
    with connected(kind, name) as connection, connected(kind, f"Mirror of {name}") as mirror:
        since = len(kind.shop.deliveries)
        kind.shop.tick(n=6)
        waiting = heard(kind.shop, since)
        Random(seed).shuffle(waiting)
        before: list[Told] = []
        for step in steps:
            waiting = _taken(kind, connection, step, waiting, before)
        for rest in waiting:
            assert kind.deliver(connection, rest) == 200
        inbox.process()
        sync(connection)
        sync(mirror)
        expected, ours = told(mirror), told(connection)
        assert {key: row for key, row in ours.items() if key in expected} == expected
        assert not connection.deliveries.exclude(state__in=["applied", "ignored"]).exists()


def _taken(kind: Kind, connection: Connection, step: str, waiting: list[Told], before: list[Told]) -> list[Told]:
    """Take a step; return the events that wait still."""
    if step == "history":
        sync(connection)
    elif step == "process":
        inbox.process()
        kind.shop.tick()
    elif step == "event" and waiting:
        before.append(waiting[0])
        assert kind.deliver(connection, waiting[0]) == 200
        return waiting[1:]
    elif step == "again" and before:
        assert kind.deliver(connection, before[-1]) == 200
    return waiting
