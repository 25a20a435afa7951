"""The inbox: everything that was accepted is worked off once, whoever dies, hangs or fails meanwhile."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connections
from django.utils import timezone

from integrations import inbox
from integrations.desk import IN_ALL, PER_STORE
from integrations.models import Connection, Delivery
from integrations.problems import Problem
from subscriptions.models import Change, RecurringPayment
from tests.integrations.conftest import connected
from tests.integrations.contracts import CONTRACTS, deliver, made
from tests.integrations.poison import poison
from tests.integrations.running import MANAGE, kill, running, until
from tests.integrations.shops import ServedShop, served

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
State = Delivery.State
SEVENTEENTH = "NEW.store_recurring_payment_id = 'sub_17'"


def bring(connection: Connection, *subscriptions: str, status: str = "active") -> None:
    """Let an event about each of some subscriptions arrive."""
    for subscription in subscriptions:
        event = CONTRACTS[connection.provider_name].news(subscription, status, NOON)
        assert deliver(connection, event).status_code == 200


def states() -> Counter[str]:
    return Counter(Delivery.objects.values_list("state", flat=True))


def make_due() -> None:
    """Let time pass until every claim has run out and every pause is over."""
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.update(claimed_until=past, due_at=past)


def numbered(count: int) -> list[str]:
    return [f"sub_{number}" for number in range(count)]


# Everyone's work is done once


def test_nothing_waits_nothing_happens(keyless: Connection) -> None:
    assert inbox.process() == 0


def test_more_than_a_batch_is_worked_off_in_one_go(keyless: Connection) -> None:
    bring(keyless, *numbered(inbox.BATCH + 5))
    assert inbox.process() == inbox.BATCH + 5
    assert RecurringPayment.objects.count() == inbox.BATCH + 5
    assert Delivery.objects.filter(finished_at=None).count() == 0


def test_what_waits_about_the_same_is_asked_for_once_however_much_it_is(
    connection: Connection, shop: ServedShop
) -> None:
    few = shop.ids()[:5]
    for number, name in product(range(inbox.BATCH), few):
        deliver(connection, CONTRACTS["stripe"].news(name, "active", NOON, key=f"evt_{name}_{number}"))
    assert inbox.process() == 5 * inbox.BATCH
    asked = {path: times for (_, path), times in shop.requested.items() if "/subscriptions/" in path}
    assert asked == {f"/v1/subscriptions/{name}": 1 for name in few}
    assert states() == {"applied": 5 * inbox.BATCH}


def test_several_processes_share_the_work_and_none_is_done_twice(transactional_db: None) -> None:
    bring(made("stripe"), *numbered(120))
    handled: list[int] = []

    def work() -> None:
        handled.append(inbox.process())
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(handled), states()) == (120, {"applied": 120})
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
    assert Change.objects.count() == 120


def test_what_somebody_holds_is_left_alone_until_the_claim_runs_out(keyless: Connection) -> None:
    bring(keyless, "sub_1")
    Delivery.objects.update(claim="of another", claimed_until=timezone.now() + timedelta(minutes=1))
    assert inbox.process() == 0
    make_due()
    assert inbox.process() == 1


def test_a_process_that_is_killed_at_work_leaves_nothing_undone(
    connection: Connection, shop: ServedShop, tmp_path: Path
) -> None:
    sold = [shop.create_subscription()["id"] for _ in range(3)]
    bring(connection, *sold)
    shop.faults.apply({"hang": 600, "hang_next": 100})
    with running(*MANAGE, "drain", log=tmp_path / "log") as process:
        until(lambda: Delivery.objects.exclude(claim="").count() == 3 and shop.requests)
        kill(process)
    shop.faults.clear()
    assert inbox.process() == 0, "the dead process still holds its claim"
    make_due()
    assert inbox.process() == 3
    assert states() == {"applied": 3}
    assert set(RecurringPayment.objects.values_list("store_recurring_payment_id", flat=True)) == set(sold)


# What fails is tried again, later each time, and ends as failed


@pytest.mark.parametrize("attempts", [0, 3, 11])
def test_each_attempt_waits_about_twice_as_long(connection: Connection, shop: ServedShop, attempts: int) -> None:
    bring(connection, shop.ids()[0])
    Delivery.objects.update(attempts=attempts)
    shop.faults.answer_500 = 1
    before = timezone.now()
    inbox.process()
    kept = Delivery.objects.get()
    pause = min(2 * 2 ** (attempts + 1), 4 * 3600)
    assert (kept.state, kept.attempts) == ("waiting", attempts + 1)
    assert before + timedelta(seconds=pause / 2) <= kept.due_at <= timezone.now() + timedelta(seconds=pause)
    assert kept.reason.startswith(str(Problem.STORE_FAULT.label))


def test_a_wait_that_the_store_asks_for_is_kept(connection: Connection, shop: ServedShop) -> None:
    bring(connection, shop.ids()[0])
    shop.faults.apply({"answer_429": 1, "retry_after": 300})
    before = timezone.now()
    inbox.process()
    assert Delivery.objects.get().due_at >= before + timedelta(seconds=300)


def test_after_the_last_attempt_an_event_stays_as_failed(connection: Connection, shop: ServedShop) -> None:
    bring(connection, shop.ids()[0])
    shop.faults.answer_500 = 1000
    for _ in range(inbox.MAX_ATTEMPTS):
        assert states() == {"waiting": 1}
        make_due()
        inbox.process()
    failed = Delivery.objects.get()
    assert (failed.state, failed.attempts, bool(failed.finished_at)) == ("failed", inbox.MAX_ATTEMPTS, True)


def test_what_can_never_succeed_fails_at_once(connection: Connection) -> None:
    event = CONTRACTS["stripe"].news("sub_nobody", "active", NOON) | {"type": "invoice.paid"}
    event["data"]["object"] = {"id": "in_1", "subscription": "sub_nobody"}
    deliver(connection, event)
    inbox.process()
    assert (states(), Delivery.objects.get().attempts) == ({"failed": 1}, 1)


def test_trouble_shows_on_the_connection_until_something_goes_well(connection: Connection, shop: ServedShop) -> None:
    bring(connection, shop.ids()[0])
    shop.faults.answer_500 = 1
    inbox.process()
    connection.refresh_from_db()
    assert (connection.problem, bool(connection.problem_at)) == ("store_fault", True)
    make_due()
    inbox.process()
    connection.refresh_from_db()
    assert (states(), connection.problem, connection.problem_at) == ({"applied": 1}, "", None)


# One that cannot be applied is alone with its fault


def test_a_fault_of_the_database_stays_with_the_event_that_meets_it(keyless: Connection) -> None:
    bring(keyless, *numbered(1000))
    with poison(RecurringPayment, where=SEVENTEENTH):
        inbox.process()
        assert states() == {"applied": 999, "waiting": 1}
        for _ in range(inbox.MAX_ATTEMPTS - 1):
            make_due()
            inbox.process()
        assert states() == {"applied": 999, "failed": 1}
    failed = Delivery.objects.get(state="failed")
    assert (failed.subject, "poison" in failed.reason) == ("subscription:sub_17", True)
    assert RecurringPayment.objects.count() == 999


def test_what_failed_succeeds_by_retry_once_the_cause_is_gone(keyless: Connection) -> None:
    bring(keyless, "sub_17")
    Delivery.objects.update(attempts=inbox.MAX_ATTEMPTS - 1)
    with poison(RecurringPayment, where=SEVENTEENTH):
        inbox.process()
    assert inbox.retry(Delivery.objects.all()) == 1
    inbox.process()
    assert (states(), RecurringPayment.objects.count()) == ({"applied": 1}, 1)


def test_two_retries_have_one_effect(keyless: Connection) -> None:
    bring(keyless, "sub_1")
    Delivery.objects.update(state=State.FAILED)
    for _ in range(2):
        inbox.retry(Delivery.objects.all())
        inbox.process()
        Delivery.objects.update(state=State.FAILED)
    assert Change.objects.count() == 1


@pytest.mark.parametrize(("state", "count"), [("failed", 1), ("ignored", 1), ("applied", 0), ("waiting", 0)])
def test_only_what_failed_or_was_ignored_is_retried(keyless: Connection, state: str, count: int) -> None:
    bring(keyless, "sub_1")
    Delivery.objects.update(state=state, attempts=18, reason="why", finished_at=timezone.now())
    assert inbox.retry(Delivery.objects.all()) == count
    again = Delivery.objects.get()
    assert (again.state == "waiting", again.attempts == 0) == (bool(count) or state == "waiting", bool(count))


def test_whatever_characters_come_nothing_stops_the_others(keyless: Connection) -> None:
    strange = {"description": "\ud800", "status": "\x00", "customer": {"id": "c\x00", "name": "\x00"}}
    for number, (name, value) in enumerate(strange.items()):
        event = CONTRACTS["stripe"].news(f"sub_{number}", "active", NOON)
        event["data"]["object"][name] = value
        deliver(keyless, json.dumps(event).encode())
    bring(keyless, "sub_good")
    inbox.process()
    assert states() == {"failed": 3, "applied": 1}


# Nobody waits for somebody else's store


@pytest.fixture
def other(transactional_db: None) -> Iterator[ServedShop]:
    """A second shop."""
    shop = ServedShop(seed=8, subscriptions=30)
    with served(shop):
        yield shop


def working() -> threading.Thread:
    def work() -> None:
        inbox.process()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_store_that_hangs_holds_up_its_own_events_only(
    connection: Connection, shop: ServedShop, other: ServedShop
) -> None:
    hanging = connected(other, name="Hanging shop")
    other.faults.apply({"hang": 600, "hang_next": 1000})
    bring(hanging, *other.ids()[: PER_STORE + 2])
    worker = working()
    until(lambda: len(other.requests) == PER_STORE)
    bring(connection, *shop.ids()[:12])
    until(lambda: connection.deliveries.filter(state="applied").count() == 12)
    assert worker.is_alive()
    assert set(hanging.deliveries.values_list("state", flat=True)) == {"waiting"}
    assert len(other.requests) == PER_STORE < IN_ALL, "one store gets no more than its share of the threads"
    other.close()
    worker.join()
    assert set(hanging.deliveries.values_list("state", flat=True)) == {"waiting"}


def test_one_subscription_that_hangs_holds_up_no_other_of_its_store(
    connection: Connection, shop: ServedShop, settings: LazySettings
) -> None:
    slow, *quick = shop.ids()[:10]
    bring(connection, slow)
    shop.faults.hang = 600
    worker = working()
    until(lambda: shop.requests)
    bring(connection, *quick)
    until(lambda: connection.deliveries.filter(state="applied").count() == len(quick))
    assert worker.is_alive()
    assert Delivery.objects.get(state="waiting").subject == f"subscription:{slow}"
    shop.close()
    worker.join()
