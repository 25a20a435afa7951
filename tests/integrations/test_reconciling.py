"""Comparisons find what no webhook told, repair it, announce it, and look after our webhook at the store."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations import history, inbox, reconciling, sweeps, tasks
from integrations.models import Connection, Delivery, HistoricalSync, Reconciliation
from integrations.providers import PROVIDERS
from integrations.providers.woocommerce import webhooks as woo_webhooks
from integrations.sandbox.shop import Shop
from integrations.sandbox.woocommerce import READER, WooShop
from subscriptions.models import Change, RecurringPayment
from tests.integrations.conftest import connected
from tests.integrations.contracts import made
from tests.integrations.paypal.conftest import connected as paypal_connected
from tests.integrations.paypal.conftest import deliver_update
from tests.integrations.shops import ServedPayPal, ServedShop, certified, served
from tests.integrations.states import State, comparable, stored
from tests.integrations.woocommerce.conftest import connected as woo_connected
from tests.integrations.woocommerce.shops import open_shop
from tests.integrations.woocommerce.shops import served as woo_served

ASKED = sorted(name for name, provider in PROVIDERS.items() if provider.reconcile)
LONG_AGO = timedelta(hours=5)


@dataclass(frozen=True)
class Place:
    """A shop, a connection to it, and how another one is made that reads the shop anew."""

    shop: Any
    connection: Connection
    connect: Callable[..., Connection]


def stripe_place(stack: ExitStack) -> tuple[Any, Callable[..., Connection]]:
    shop = ServedShop(seed=7, subscriptions=20)
    stack.enter_context(served(shop))
    return shop, connected


def paypal_place(stack: ExitStack) -> tuple[Any, Callable[..., Connection]]:
    shop = certified(ServedPayPal(seed=7, subscriptions=20))
    stack.enter_context(served(shop))
    return shop, paypal_connected


def woo_place(stack: ExitStack) -> tuple[Any, Callable[..., Connection]]:
    shop = open_shop()
    stack.enter_context(woo_served(shop))
    return shop, woo_connected


PLACES = {"stripe": stripe_place, "paypal": paypal_place, "woocommerce": woo_place}


@pytest.fixture
def place(provider: str, transactional_db: None) -> Iterator[Place]:
    """A shop of each kind in turn, some minutes after it was connected; what happens there never lies ahead of us."""
    with ExitStack() as stack:
        shop, connect = PLACES[provider](stack)
        shop.clock.move_to(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5))
        connection = connect(shop, name="Ours")
        Connection.objects.update(created_at=timezone.now() - timedelta(minutes=6))
        connection.refresh_from_db()
        yield Place(shop, connection, connect)


every_shop = pytest.mark.parametrize("provider", ASKED)
stripe_only = pytest.mark.parametrize("provider", ["stripe"])
woo_only = pytest.mark.parametrize("provider", ["woocommerce"])


def compared(connection: Connection) -> Reconciliation:
    """Compare here and now, and work off what was found."""
    done = reconciling.run(reconciling.start(connection).pk)
    inbox.process()
    done.refresh_from_db()
    return done


def known(place: Place) -> None:
    """Let the connection know everything that the shop has."""
    if place.connection.provider_name == "paypal":
        update_each(place.connection, place.shop.store["subscription"])
    else:
        history.run(history.start(place.connection).pk)


def update_each(connection: Connection, subscriptions: Any) -> None:
    for one in list(subscriptions):
        deliver_update(connection, one["id"])
    inbox.process()
    Connection.objects.filter(pk=connection.pk).update(webhook_id="")


def told(state: State) -> State:
    return {
        key: {name: value for name, value in row.items() if name != "legacy_connection_id"}
        for key, row in comparable(state).items()
    }


def truth(place: Place) -> State:
    """Return what a connection finds that reads the whole shop today."""
    mirror = Place(place.shop, place.connect(place.shop, name=f"Mirror {timezone.now()}"), place.connect)
    known(mirror)
    return told(stored(mirror.connection))


def without_the_deleted(state: State, there: State) -> State:
    """Leave out what the shop no longer has: it stays with us as cancelled."""
    gone = {key: row for key, row in state.items() if key not in there}
    assert {row["status"] for row in gone.values()} <= {"cancelled"}
    return {key: row for key, row in state.items() if key in there}


# What was missed


@every_shop
def test_when_no_webhook_arrived_a_comparison_brings_the_stores_own_state_and_announces_it(place: Place) -> None:
    known(place)
    before = Change.objects.count()
    place.shop.tick(n=10)
    done = compared(place.connection)
    ours = told(stored(place.connection))
    assert done.state == "finished"
    there = truth(place)
    assert without_the_deleted(ours, there) == there
    mended = Change.objects.filter(payment__store=place.connection.store).order_by("pk")[before:]
    assert set(mended.values_list("source", "announce")) == {("reconcile", True)}
    assert done.repaired == len(mended) > 0
    assert done.checked >= done.repaired


@every_shop
def test_a_second_comparison_finds_nothing_and_changes_nothing(place: Place) -> None:
    known(place)
    place.shop.tick(n=4)
    compared(place.connection)
    before = Change.objects.count()
    again = compared(place.connection)
    assert (again.state, again.repaired, again.found, Change.objects.count()) == ("finished", 0, 0, before)


@pytest.mark.parametrize("provider", ["stripe", "woocommerce"])
def test_one_made_before_the_connection_is_stored_and_is_no_news(place: Place) -> None:
    old = place.shop.create_subscription()["id"]
    Connection.objects.update(created_at=timezone.now() + timedelta(minutes=10))
    place.shop.clock.move_to(place.shop.clock.now() + 1200)
    place.connection.refresh_from_db()
    new = place.shop.create_subscription(email="new@example.com")["id"]
    place.shop.act(str(old), "cancel")
    compared(place.connection)
    made = Change.objects.filter(kind="created").values_list("payment__store_recurring_payment_id", "announce")
    assert dict(made) == {str(old): False, str(new): True}


@woo_only
@pytest.mark.parametrize("way", ["delete", "trash"])
def test_what_vanished_from_a_shop_is_cancelled_as_by_webhook(place: Place, way: str) -> None:
    identity = str(place.shop.create_subscription(email="a@example.com")["id"])
    known(place)
    place.shop.act(identity, way)
    assert compared(place.connection).is_full
    found = RecurringPayment.objects.get(store_recurring_payment_id=identity)
    assert (found.status, found.next_payment_date) == ("cancelled", None)
    assert compared(place.connection).repaired == 0


@woo_only
def test_a_refund_that_no_webhook_told_is_found_by_its_order(place: Place) -> None:
    identity = str(place.shop.create_subscription(email="a@example.com")["id"])
    known(place)
    place.shop.act(identity, "refund")
    compared(place.connection)
    found = RecurringPayment.objects.get(store_recurring_payment_id=identity)
    assert found.last_payment_status == "refunded"


@stripe_only
def test_a_key_that_may_not_read_events_compares_all_once_a_day(place: Place) -> None:
    known(place)
    place.shop.faults.forbidden = ["rak_event_read"]
    changed = next(one for one in place.shop.ids() if place.shop.retrieve(one)["status"] == "active")
    place.shop.act(changed, "cancel")
    done = compared(place.connection)
    assert (done.state, done.updated, done.remark) == ("finished", 1, "no_events")
    assert stored(place.connection)[changed]["status"] == "cancelled"
    assert Change.objects.filter(source="reconcile", announce=True).count() == 1
    again = compared(place.connection)
    assert (again.is_full, again.checked) == (False, 0)


@pytest.mark.parametrize("provider", ["paypal"])
def test_paypal_is_asked_for_what_its_events_do_not_tell_a_part_each_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(place)
    monkeypatch.setattr("integrations.providers.paypal.reconcile.AT_ONCE", 4)
    monkeypatch.setattr("integrations.providers.paypal.reconcile.STEPS", 2)
    living = next(one for one in reversed(list(place.shop.store["subscription"])) if one["status"] == "ACTIVE")
    place.shop.act(living["id"], "cancel")
    for event in list(place.shop.store["event"]):
        place.shop.store["event"].drop(event["id"])
    runs = 0
    while stored(place.connection)[living["id"]]["status"] != "cancelled":
        compared(place.connection)
        runs += 1
        assert runs < 9
    assert runs > 1


@every_shop
def test_any_interleaving_of_history_webhooks_and_comparisons_ends_in_the_stores_own_state(place: Place) -> None:
    known(place)
    for number in range(6):
        place.shop.tick(n=2)
        if number % 2:
            compared(place.connection)
        if number % 3 == 0:
            known(place)
    compared(place.connection)
    there = truth(place)
    assert without_the_deleted(told(stored(place.connection)), there) == there


# Turns, and a store that is down


@stripe_only
def test_a_comparison_in_turns_reads_each_page_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.providers.stripe.reconcile.PAGE_SIZE", 4)
    known(place)
    place.shop.tick(n=5)
    opened = reconciling.start(place.connection)
    turns = 1
    while reconciling.run(opened.pk, seconds=0).is_open:
        assert reconciling.abandoned() == [opened.pk]
        turns += 1
    assert turns == place.shop.requested["GET", "/v1/events"] > 2
    assert reconciling.start(place.connection) != opened


@every_shop
def test_a_store_that_is_down_says_so_and_the_next_comparison_begins_where_the_last_good_one_did(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "MAX_ATTEMPTS", 1)
    known(place)
    good = compared(place.connection)
    place.shop.faults.answer_500 = 99
    failed = compared(place.connection)
    assert (failed.state, failed.problem) == ("failed", "store_fault")
    place.connection.refresh_from_db()
    assert place.connection.problem == "store_fault"
    place.shop.faults.clear()
    Reconciliation.objects.filter(pk=good.pk).update(started_at=timezone.now() + timedelta(hours=2))
    again = reconciling.start(place.connection)
    assert again.since > timezone.now() + timedelta(minutes=59)


@pytest.mark.parametrize(
    ("is_due", "change"),
    [
        (True, {}),
        (False, {"paused_at": datetime(2026, 1, 1, tzinfo=UTC)}),
        (False, {"api_key": ""}),
        (False, {"created_at": datetime(2100, 1, 1, tzinfo=UTC)}),
    ],
)
def test_connections_with_credentials_are_due_each_hour(db: None, is_due: bool, change: dict[str, Any]) -> None:
    connection = made("stripe")
    connection.api_key, connection.created_at = "rk_test_x", timezone.now() - LONG_AGO
    for name, value in change.items():
        setattr(connection, name, value)
    connection.save()
    assert (connection in reconciling.due()) is is_due


def test_the_sweep_opens_what_is_due_and_no_second_one(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = made("stripe")
    Connection.objects.update(api_key="", created_at=timezone.now() - LONG_AGO)
    connection.refresh_from_db()
    connection.api_key = "rk_test_x"
    connection.save()
    queued: list[Any] = []
    monkeypatch.setattr(tasks.run_reconciliation, "apply_async", lambda args, **_: queued.append(args))
    tasks.sweep()
    tasks.sweep()
    assert len(queued) == Reconciliation.objects.count() == 1
    Reconciliation.objects.update(state="failed", started_at=timezone.now() - LONG_AGO)
    tasks.sweep()
    assert Reconciliation.objects.count() == 2


def test_a_store_that_writes_by_itself_has_nothing_to_compare() -> None:
    assert PROVIDERS["api"].reconcile is None


# The watch over our webhook


@pytest.fixture
def listening(place: Place, live_server: Any, settings: Any) -> WooShop:
    """A shop at which our webhooks are set up."""
    settings.PUBLIC_URL = live_server.url
    woo_webhooks.register(place.connection)
    shop: WooShop = place.shop
    return shop


def hooks(shop: Shop) -> set[str]:
    return {hook["status"] for hook in shop.store["webhook"]}


@woo_only
def test_webhooks_that_a_shop_switched_off_are_switched_on_and_what_was_missed_is_brought(
    place: Place, listening: WooShop, settings: Any
) -> None:
    usual, settings.WEBHOOK_MAX_BYTES = settings.WEBHOOK_MAX_BYTES, 10  # each delivery fails
    identity = str(listening.create_subscription(email="a@example.com")["id"])
    for _ in range(8):
        listening.act(identity, "pause")
        listening.flush()
        listening.act(identity, "reactivate")
        listening.flush()
    assert "disabled" in hooks(listening)
    settings.WEBHOOK_MAX_BYTES = usual
    done = compared(place.connection)
    assert (done.webhook, hooks(listening), done.created) == ("mended", {"active"}, 1)
    assert compared(place.connection).webhook == "in_order"
    listening.act(identity, "pause")
    listening.flush()
    inbox.process()
    assert RecurringPayment.objects.get().status == "paused"
    assert Delivery.objects.filter(found_by=None, state="applied").exists()


@woo_only
def test_webhooks_that_a_shop_deleted_are_made_anew(place: Place, listening: WooShop) -> None:
    for hook in list(listening.store["webhook"]):
        listening.store["webhook"].drop(hook["id"])
    assert compared(place.connection).webhook == "mended"
    assert len(listening.store["webhook"]) == len(woo_webhooks.TOPICS)


@woo_only
def test_a_key_that_may_not_mend_says_so_until_it_is_mended(place: Place, listening: WooShop) -> None:
    [first, *_] = listening.store["webhook"]
    listening.store["webhook"].put(first | {"status": "disabled"})
    whole = place.connection.client_id, place.connection.api_key
    place.connection.client_id, place.connection.api_key = READER.consumer_key, READER.consumer_secret
    place.connection.save()
    assert compared(place.connection).webhook == "off"
    place.connection.refresh_from_db()
    assert place.connection.problem == "webhook_off"
    history.run(history.start(place.connection).pk)
    place.connection.refresh_from_db()
    assert place.connection.problem == "webhook_off", "a good answer does not switch a webhook on"
    place.connection.client_id, place.connection.api_key = whole
    place.connection.save()
    assert compared(place.connection).webhook == "mended"
    place.connection.refresh_from_db()
    assert place.connection.problem == ""


@pytest.mark.parametrize("provider", ["paypal"])
def test_a_webhook_that_paypal_lost_is_made_anew(place: Place) -> None:
    PROVIDERS["paypal"].register(place.connection)  # type: ignore[misc]
    assert compared(place.connection).webhook == "in_order"
    place.shop.drop_webhook(place.connection.webhook_id)
    assert compared(place.connection).webhook == "mended"
    place.connection.refresh_from_db()
    assert [one["id"] for one in place.shop.store["webhook"]] == [place.connection.webhook_id]


@stripe_only
@pytest.mark.parametrize(
    ("status", "forbidden", "found"),
    [
        ("enabled", [], "in_order"),
        ("disabled", [], "mended"),
        ("", [], "mended"),
        ("disabled", ["rak_webhook_write"], "off"),
        ("", ["rak_webhook_write"], "off"),
        ("enabled", ["rak_webhook_read"], "unseen"),
    ],
)
def test_the_watch_at_stripe_mends_what_the_key_may(
    place: Place, status: str, forbidden: list[str], found: str
) -> None:
    if status:
        endpoint = place.shop.add_endpoint(place.connection.webhook_url, events=["none"])
        kept = place.shop.store["webhook_endpoint"][endpoint["id"]]
        place.shop.keep_endpoint(kept | {"status": status})
    place.shop.faults.forbidden = forbidden
    assert compared(place.connection).webhook == found


@every_shop
def test_where_no_webhook_was_ever_set_up_none_is_made(place: Place) -> None:
    Connection.objects.update(webhook_secret="", webhook_id="")
    place.connection.refresh_from_db()
    assert compared(place.connection).webhook == "none"
    assert HistoricalSync.objects.count() == 0
