"""With a real broker, worker, clock and web server what comes in is worked off, also what no bell announced."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string

from config.celery import PERIODIC, app
from integrations import history, tasks
from integrations.api import stores
from integrations.models import Batch, Connection, Delivery, HistoricalSync
from integrations.providers.stripe import pages
from subscriptions.models import Change, RecurringPayment
from tests.integrations.api.plugin import Plugin, row
from tests.integrations.conftest import connected
from tests.integrations.contracts import CONTRACTS, address, deliver, made, signed
from tests.integrations.house import WORKER, House
from tests.integrations.running import kill, until
from tests.integrations.shops import ServedShop, served

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


def post(house: House, connection: Connection, subscription: str) -> int:
    """Deliver an event over the wire; return the status of the answer."""
    body, headers = signed(connection, CONTRACTS["stripe"].news(subscription, "active", NOON))
    wire = HTTPConnection("127.0.0.1", house.web_port, timeout=30)
    wire.request("POST", address(connection), body, headers)
    return wire.getresponse().status


@pytest.fixture
def house(transactional_db: None, tmp_path: Path) -> Iterator[House]:
    """An empty house, and at the end again."""
    with ExitStack() as stack:
        yield House(stack, tmp_path)


def is_stored(subscription: str) -> Callable[[], bool]:
    return RecurringPayment.objects.filter(store_recurring_payment_id=subscription).exists


def test_a_webhook_changes_a_payment_also_when_the_broker_was_away(house: House) -> None:
    connection, broker = made("stripe"), house.broker()
    house.web()
    house.worker_and_clock()
    assert post(house, connection, "sub_1") == 200
    until(is_stored("sub_1"))
    kill(broker)
    assert post(house, connection, "sub_2") == 200
    assert Delivery.objects.get(subject="subscription:sub_2").state == "waiting"
    house.broker()
    until(is_stored("sub_2"))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"applied"}


@pytest.mark.parametrize("server", ["", pytest.param("redis-server", marks=pytest.mark.redis)])
def test_the_bell_alone_wakes_a_worker(house: House, server: str) -> None:
    connection, _ = made("stripe"), house.broker(server)
    house.web()
    house.start("worker", *WORKER)
    assert post(house, connection, "sub_1") == 200
    until(is_stored("sub_1"))


def test_a_batch_outlives_the_worker_that_is_killed_over_it(house: House) -> None:
    plugin = Plugin(stores.connect(stores.About(service="woo", external_id="1", name="Shop")))
    told = plugin.bulk(*(row(f"sub_{number}", name="Coffee") for number in range(6000))).json()
    house.broker()
    worker = house.worker_and_clock()
    until(RecurringPayment.objects.exists)
    kill(worker)
    assert 0 < RecurringPayment.objects.count() < 6000
    Batch.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))
    house.worker()
    until(lambda: Batch.objects.get().state == "finished")
    assert plugin.get(f"/batches/{told['id']}").json()["counts"]["created"] == 6000
    assert Change.objects.count() == RecurringPayment.objects.count() == 6000


@pytest.fixture
def eager() -> Iterator[None]:
    """What is handed to a worker is done at once."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_the_sweep_works_off_the_inbox_and_wakes_for_syncs_that_nobody_works_on(
    connection: Connection, eager: None
) -> None:
    deliver(connection, CONTRACTS["stripe"].news("sub_1", "active", NOON))
    history.start(connection)
    HistoricalSync.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))
    tasks.sweep()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"applied"}
    assert HistoricalSync.objects.get().state == "finished"


def test_a_sync_that_has_only_just_been_announced_is_not_announced_again(connection: Connection, eager: None) -> None:
    history.start(connection)
    tasks.sweep()
    assert HistoricalSync.objects.get().state == "waiting"


def test_a_sync_goes_on_turn_by_turn(
    connection: Connection, shop: ServedShop, eager: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "TURN", 0)
    monkeypatch.setattr(pages, "PAGE_SIZE", 5)
    tasks.run_history(history.start(connection).pk)
    done = HistoricalSync.objects.get()
    assert (done.state, done.pages, done.created) == ("finished", 6, 30)
    assert shop.requested[("GET", "/v1/subscriptions")] == 6


def test_a_webhook_does_not_wait_for_the_end_of_a_sync(house: House) -> None:
    shop = ServedShop(subscriptions=1000)
    with served(shop):
        shop.faults.answer_delay = 0.5
        connection = connected(shop)
        house.broker()
        house.web()
        house.worker_and_clock()
        history.start(connection)
        until(lambda: HistoricalSync.objects.get().pages)
        assert post(house, made("stripe", name="Other"), "sub_1") == 200
        until(is_stored("sub_1"))
        assert HistoricalSync.objects.get().is_open
        until(lambda: HistoricalSync.objects.get().state == "finished")
        assert HistoricalSync.objects.get().created == 1000


def test_every_task_of_the_clock_exists() -> None:
    assert {import_string(name).name for name in PERIODIC} == PERIODIC.keys()
