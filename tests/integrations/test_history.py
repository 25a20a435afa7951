"""Historical sync: everything once, whoever is killed, cancelled, refused or told to slow down meanwhile."""

import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from contacts.models import ContactList
from integrations import history, inbox, sweep_pages, sweeps
from integrations.models import Connection, Delivery, HistoricalSync
from integrations.providers import PROVIDERS
from integrations.providers.stripe import pages
from subscriptions.models import Change, RecurringPayment, Store
from subscriptions.services import apply_records
from tests.integrations.conftest import connected
from tests.integrations.running import MANAGE, finished, kill, running, until
from tests.integrations.shops import ServedShop, served
from tests.integrations.states import stored, sync

State = HistoricalSync.State
MEASURED_SYNC = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("sync", sys.argv[1])
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")][0])
"""


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of five, so that thirty subscriptions are six of them."""
    monkeypatch.setattr(pages, "PAGE_SIZE", 5)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up at the second failure in a row, and look for cancellation often."""
    monkeypatch.setattr(sweeps, "MAX_ATTEMPTS", 2)
    monkeypatch.setattr(sweep_pages, "TICK", 0.02)


def in_background(sync: HistoricalSync) -> threading.Thread:
    """Work on a sync in a thread, as a worker does."""

    def work() -> None:
        history.run(sync.pk)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def claims_run_out() -> None:
    HistoricalSync.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))


def counts(sync: HistoricalSync) -> dict[str, int]:
    return {name: value for name in HistoricalSync.COUNTS if (value := getattr(sync, name))}


# What a sync brings


def test_a_sync_brings_every_subscription_once_and_says_how_many(
    connection: Connection, shop: ServedShop, small_pages: None
) -> None:
    told: list[int] = []
    done = history.run(history.start(connection).pk, progress=lambda sync: told.append(sync.done))
    assert (done.state, done.pages, done.total, counts(done)) == (State.FINISHED, 6, 30, {"created": 30})
    assert stored(connection).keys() == set(shop.ids())
    assert told == [5, 10, 15, 20, 25, 30, 30]
    assert Change.objects.filter(kind="created", source="history", announce=False).count() == 30


def test_a_second_sync_writes_nothing(connection: Connection) -> None:
    sync(connection)
    before = list(RecurringPayment.objects.order_by("pk").values()), Change.objects.count()
    assert counts(sync(connection)) == {"unchanged": 30}
    assert (list(RecurringPayment.objects.order_by("pk").values()), Change.objects.count()) == before


def test_a_later_sync_brings_what_changed_and_announces_none_of_it(connection: Connection, shop: ServedShop) -> None:
    sync(connection)
    changed = next(one for one in shop.ids() if shop.retrieve(one)["status"] == "active")
    shop.act(changed, "cancel")
    shop.create_subscription()
    assert counts(sync(connection)) == {"created": 1, "updated": 1, "unchanged": 29}
    assert stored(connection)[changed]["status"] == "cancelled"
    assert not Change.objects.filter(announce=True).exists()


def test_an_empty_store_is_read_at_once(transactional_db: None) -> None:
    shop = ServedShop(subscriptions=0)
    with served(shop):
        done = sync(connected(shop))
    assert (done.state, done.total, done.done) == (State.FINISHED, 0, 0)


def test_a_store_that_cannot_count_is_read_all_the_same(connection: Connection, shop: ServedShop) -> None:
    shop.faults.answer_500 = 1
    done = sync(connection)
    assert (done.state, done.total, done.created) == (State.FINISHED, None, 30)


# Killed, and run again


def test_a_sync_that_is_killed_goes_on_where_it_stopped(transactional_db: None, tmp_path: Path) -> None:
    shop = ServedShop(subscriptions=1000)
    with served(shop):
        connection = connected(shop)
        shop.faults.answer_delay = 0.1
        with running(*MANAGE, "sync", "Shop", log=tmp_path / "log") as process:
            until(lambda: HistoricalSync.objects.filter(pages__gte=4))
            kill(process)
        shop.faults.clear()
        assert RecurringPayment.objects.count() == HistoricalSync.objects.get().done < 1000
        claims_run_out()
        again = finished(*MANAGE, "sync", "Shop")
        assert again.returncode == 0, again.stderr
        asked = len(shop.requests)
        sync(connected(shop, name="Mirror"))
        in_one_run = len(shop.requests) - asked
    resumed = HistoricalSync.objects.get(connection=connection)
    assert (resumed.state, counts(resumed)) == (State.FINISHED, {"created": 1000})
    assert Change.objects.filter(payment__store=connection.store).count() == 1000
    assert asked <= 1.05 * in_one_run + 3


def test_while_the_claim_of_a_dead_process_lasts_nobody_else_works(connection: Connection, shop: ServedShop) -> None:
    opened = history.start(connection)
    in_an_hour = timezone.now() + timedelta(hours=1)
    HistoricalSync.objects.update(state=State.RUNNING, claim="of the dead", claimed_until=in_an_hour)
    assert history.abandoned() == []
    assert history.run(opened.pk).state == State.RUNNING
    assert not shop.requests
    claims_run_out()
    assert history.abandoned() == [opened.pk]
    assert history.run(opened.pk).state == State.FINISHED


def test_of_two_processes_one_works_and_the_other_does_nothing(
    connection: Connection, shop: ServedShop, small_pages: None
) -> None:
    shop.faults.answer_delay = 0.05
    opened = history.start(connection)
    threads = [in_background(opened) for _ in range(3)]
    for thread in threads:
        thread.join()
    assert shop.requested[("GET", "/v1/subscriptions")] == 6
    assert counts(HistoricalSync.objects.get()) == {"created": 30}


def test_a_process_that_lost_its_claim_leaves_the_sync_to_the_other(
    connection: Connection, shop: ServedShop, small_pages: None, impatient: None
) -> None:
    shop.faults.answer_delay = 0.1
    opened = history.start(connection)
    thread = in_background(opened)
    until(lambda: HistoricalSync.objects.get().pages >= 2)
    HistoricalSync.objects.update(claim="of another")
    thread.join()
    left = HistoricalSync.objects.get()
    assert (left.state, left.claim, left.finished_at) == (State.RUNNING, "of another", None)
    assert left.done == RecurringPayment.objects.count() < 30


def test_memory_does_not_grow_with_the_store(transactional_db: None) -> None:
    peaks = []
    for size in (300, 2400):
        shop = ServedShop(subscriptions=size)
        with served(shop):
            connected(shop, name=f"Shop of {size}")
            done = finished(sys.executable, "-c", MEASURED_SYNC, f"Shop of {size}")
        assert f"{size} created" in done.stdout, done.stderr
        peaks.append(int(done.stdout.split()[-1]))
    assert peaks[1] - peaks[0] < 50_000, f"kB at most: {peaks}"


# Cancelled, and taken up again


def test_a_cancelled_sync_stops_and_goes_on_at_the_next_page(
    connection: Connection, shop: ServedShop, small_pages: None, impatient: None
) -> None:
    shop.faults.answer_delay = 0.1
    opened = history.start(connection)
    thread = in_background(opened)
    until(lambda: HistoricalSync.objects.get().pages >= 2)
    history.cancel(opened)
    thread.join()
    stopped = HistoricalSync.objects.get()
    assert (stopped.state, stopped.done < 30) == (State.CANCELLED, True)
    assert RecurringPayment.objects.count() == stopped.done
    shop.faults.clear()
    assert history.resume(stopped)
    resumed = history.run(stopped.pk)
    assert (resumed.state, counts(resumed)) == (State.FINISHED, {"created": 30})


def test_a_sync_that_nobody_works_on_is_cancelled_at_once(connection: Connection) -> None:
    opened = history.start(connection)
    history.cancel(opened)
    opened.refresh_from_db()
    assert (opened.state, bool(opened.finished_at)) == (State.CANCELLED, True)


def test_cancelling_what_is_over_changes_nothing(connection: Connection) -> None:
    over = sync(connection)
    history.cancel(over)
    over.refresh_from_db()
    assert (over.state, over.cancel_requested) == (State.FINISHED, False)


def test_starting_twice_is_one_sync(connection: Connection) -> None:
    assert history.start(connection) == history.start(connection)
    assert HistoricalSync.objects.count() == 1


@pytest.mark.parametrize(("state", "is_resumed"), [("failed", True), ("cancelled", True), ("finished", False)])
def test_only_what_stopped_early_is_resumed(connection: Connection, state: str, is_resumed: bool) -> None:
    stopped = HistoricalSync.objects.create(connection=connection, state=state, cursor="sub_1")
    assert history.resume(stopped) is is_resumed
    stopped.refresh_from_db()
    assert (stopped.state == "waiting", stopped.cursor) == (is_resumed, "sub_1")


def test_nothing_is_resumed_while_another_sync_is_open(connection: Connection) -> None:
    stopped = HistoricalSync.objects.create(connection=connection, state=State.FAILED)
    history.start(connection)
    assert history.resume(stopped) is False


def test_a_list_for_newcomers_that_is_deleted_on_the_way_stops_nothing(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 10)
    news = ContactList.objects.create(name="News")
    Store.objects.update(newcomer_list=news)

    def delete_after_the_first(_sync: HistoricalSync) -> None:
        ContactList.objects.all().delete()

    done = history.run(history.start(connection).pk, progress=delete_after_the_first)
    assert (done.state, RecurringPayment.objects.count()) == (State.FINISHED, 30)


# Trouble at the store


@pytest.mark.parametrize("retry_after", [None, 1])
def test_a_store_that_wants_quiet_for_a_while_is_asked_seldom_and_read_to_the_end(
    connection: Connection, shop: ServedShop, retry_after: int | None
) -> None:
    shop.faults.apply({"answer_429_for": 0.8, "retry_after": retry_after})
    done = sync(connection)
    assert (done.state, done.created) == (State.FINISHED, 30)
    assert len(shop.requests) <= 10
    connection.refresh_from_db()
    assert connection.problem == ""


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda shop: setattr(shop, "key", "rk_test_another"), "key_refused"),
        (lambda shop: setattr(shop.faults, "forbidden", ["rak_subscription_read"]), "permission"),
        (lambda shop: setattr(shop.faults, "forbidden", ["rak_product_read"]), "permission"),
    ],
)
def test_what_nobody_mends_by_waiting_fails_at_once_with_nothing_half_written(
    connection: Connection, shop: ServedShop, spoil: Callable[[ServedShop], None], problem: str
) -> None:
    spoil(shop)
    failed = sync(connection)
    assert (failed.state, failed.problem, failed.done) == (State.FAILED, problem, 0)
    assert (RecurringPayment.objects.count(), Change.objects.count()) == (0, 0)
    connection.refresh_from_db()
    assert connection.problem == problem


@pytest.mark.parametrize(
    ("faults", "problem"),
    [
        ({"answer_html": 1000}, "not_a_store"),
        ({"answer_500": 1000}, "store_fault"),
        ({"answer_429": 1000}, "rate_limited"),
    ],
)
def test_a_store_that_stays_in_trouble_is_given_up_and_goes_on_later(
    connection: Connection, shop: ServedShop, small_pages: None, impatient: None, faults: dict[str, Any], problem: str
) -> None:
    opened = history.start(connection)

    def spoil(sync: HistoricalSync) -> None:
        if sync.pages == 2:
            shop.faults.apply(faults)

    failed = history.run(opened.pk, progress=spoil)
    assert (failed.state, failed.problem) == (State.FAILED, problem)
    assert 10 <= failed.created == RecurringPayment.objects.count() <= 15
    shop.faults.clear()
    history.resume(failed)
    done = history.run(failed.pk)
    assert (done.state, done.problem, counts(done)) == (State.FINISHED, "", {"created": 30})


def test_a_store_that_is_away_is_told_in_words(connection: Connection, impatient: None) -> None:
    Connection.objects.update(api_address="http://127.0.0.1:1")
    failed = sync(Connection.objects.get())
    assert (failed.state, failed.problem) == (State.FAILED, "unreachable")
    assert failed.get_problem_display() == "The store cannot be reached. Check its address and the network."


def test_one_fault_between_good_pages_is_forgotten(connection: Connection, shop: ServedShop, small_pages: None) -> None:
    opened = history.start(connection)

    def spoil(sync: HistoricalSync) -> None:
        if sync.pages in (1, 3):
            shop.faults.answer_500 = 1

    done = history.run(opened.pk, progress=spoil)
    assert (done.state, counts(done)) == (State.FINISHED, {"created": 30})


# Trouble on our side, and turns


@pytest.fixture
def faulty_page(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the database fail while the third page is written, that many times."""

    def spoil(times: int) -> None:
        left = iter(range(times))

        def apply(store: Any, records: Any, **options: Any) -> Any:
            if HistoricalSync.objects.get().pages == 2 and next(left, None) is not None:
                raise OperationalError("database is locked")
            return apply_records(store, records, **options)

        monkeypatch.setattr(sweep_pages, "apply_records", apply)

    return spoil


def test_a_fault_of_ours_is_tried_again(
    connection: Connection, small_pages: None, impatient: None, faulty_page: Callable[[int], None]
) -> None:
    faulty_page(1)
    done = sync(connection)
    assert (done.state, done.failures, counts(done)) == (State.FINISHED, 0, {"created": 30})
    connection.refresh_from_db()
    assert connection.problem == ""


def test_a_fault_of_ours_that_stays_is_told_in_words_and_the_sync_goes_on_later(
    connection: Connection, small_pages: None, impatient: None, faulty_page: Callable[[int], None]
) -> None:
    faulty_page(2)
    failed = sync(connection)
    assert (failed.state, failed.problem, failed.problem_detail) == (State.FAILED, "our_fault", "OperationalError")
    assert failed.get_problem_display().startswith("Something went wrong on our side")
    assert failed.created == RecurringPayment.objects.count() == 10
    assert history.resume(failed)
    done = history.run(failed.pk)
    assert (done.state, counts(done)) == (State.FINISHED, {"created": 30})


def test_a_turn_ends_after_a_page_and_asks_for_no_other(
    connection: Connection, shop: ServedShop, small_pages: None
) -> None:
    opened = history.start(connection)
    for pages_read in range(1, 6):
        left = history.run(opened.pk, seconds=0)
        assert (left.state, left.pages, history.abandoned()) == (State.RUNNING, pages_read, [opened.pk])
    assert history.run(opened.pk, seconds=0).state == State.FINISHED
    assert shop.requested[("GET", "/v1/subscriptions")] == 6


def test_a_turn_does_not_sit_out_what_a_store_wants_to_be_left_alone_for(
    connection: Connection, shop: ServedShop
) -> None:
    shop.faults.apply({"answer_429": 1000, "retry_after": 30})
    opened = history.start(connection)
    HistoricalSync.objects.update(total=30)
    left = history.run(opened.pk, seconds=5)
    assert (left.state, left.failures, history.abandoned()) == (State.RUNNING, 1, [])
    assert timedelta(seconds=20) < left.claimed_until - timezone.now() < timedelta(seconds=31)
    assert Connection.objects.get().problem == "rate_limited"
    history.cancel(left)
    assert HistoricalSync.objects.get().state == State.CANCELLED


def test_turns_in_a_row_that_fail_are_counted(connection: Connection, impatient: None) -> None:
    Connection.objects.update(api_address="http://127.0.0.1:1")
    opened = history.start(connection)
    for state in (State.RUNNING, State.FAILED):
        assert history.run(opened.pk, seconds=0).state == state
        claims_run_out()


# A subscription that cannot be read


def test_a_broken_subscription_is_kept_to_be_retried_and_holds_up_no_other(
    connection: Connection, shop: ServedShop
) -> None:
    broken = shop.ids()[7]
    shop.set(broken, currency="euro")
    for count in ({"created": 29, "failed": 1}, {"unchanged": 29, "failed": 1}):
        assert counts(sync(connection)) == count
    kept = Delivery.objects.get()
    assert (kept.state, kept.event_type, kept.subject) == ("failed", "history", f"subscription:{broken}")
    assert kept.reason.startswith(f"{broken}: currency: ")
    assert broken not in stored(connection)
    inbox.retry([kept])
    inbox.process()
    kept.refresh_from_db()
    assert kept.state == "failed", "the shop has not mended it yet"
    shop.set(broken, currency="eur")
    inbox.retry([kept])
    inbox.process()
    kept.refresh_from_db()
    assert kept.state == "applied"
    assert stored(connection)[broken]["currency"] == "EUR"


def test_an_older_page_does_not_overwrite_what_is_known_since(connection: Connection, shop: ServedShop) -> None:
    reader = PROVIDERS["stripe"].history
    assert reader is not None
    old_page = reader.page(connection, "", {})
    active = next(record.id for record in old_page.records if record.values["status"] == "active")
    shop.act(active, "cancel")
    sync(connection)
    known = stored(connection)
    outcomes = apply_records(connection.store, old_page.records, source=Change.Source.HISTORY, announce=False)
    assert (set(outcomes), stored(connection)) == ({"stale"}, known)
    assert known[active]["status"] == "cancelled"


def test_what_a_later_sync_reads_is_no_longer_failed(connection: Connection, shop: ServedShop) -> None:
    broken, other = shop.ids()[7:9]
    shop.set(broken, currency="euro")
    shop.set(other, currency="dollar")
    sync(connection)
    shop.set(broken, currency="eur")
    sync(connection)
    states = dict(Delivery.objects.values_list("subject", "state"))
    assert states == {f"subscription:{broken}": "applied", f"subscription:{other}": "failed"}
