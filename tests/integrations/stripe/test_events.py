"""Stripe's events from the wire to the payment: in any order, again, or not at all; with a key and without."""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.models import Contact
from integrations import inbox, reconciling
from integrations.models import Connection, Delivery
from integrations.providers.stripe import pages
from subscriptions.models import Change, RecurringPayment
from tests.integrations.conftest import connected
from tests.integrations.contracts import CONTRACTS, Event, address, deliver, made
from tests.integrations.shops import ServedShop, served
from tests.integrations.states import comparable, read_anew, stored, sync
from tests.integrations.stripe.documents import SHAPES, THIN, event, object_of, told

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
WORDS = ("active", "past_due", "paused", "canceled", "trialing", "unpaid")
VERSIONS = {"before_2025_03_31": "2024-06-20", "since_2025_03_31": "2026-10-28.endive"}


def news(status: str, minute: float = 0, *, subscription: str = "sub_1", **fields: Any) -> Event:
    """Make an event that tells a subscription's status as of some minutes after noon."""
    return CONTRACTS["stripe"].news(subscription, status, NOON + timedelta(minutes=minute), **fields)


def tell(connection: Connection, *events: Event) -> None:
    """Let events arrive together, and work them off."""
    for one in events:
        assert deliver(connection, one).status_code == 200
    inbox.process()


def states(connection: Connection) -> set[str]:
    return set(connection.deliveries.values_list("state", flat=True))


def status_changes() -> list[list[str | None]]:
    changes = Change.objects.order_by("pk").values_list("fields", flat=True)
    return [fields["status"] for fields in changes if "status" in fields]


# Without a key: a subscription's own events are all there is


LIFE = (
    news("trialing", 0, key="evt_a", description="trial"),
    news("active", 1, key="evt_b", description="begun"),
    news("past_due", 2, key="evt_d", description="late"),
    news("past_due", 2, key="evt_c", description="a second report of the same second"),
)


@pytest.mark.parametrize("order", list(itertools.permutations(LIFE)))
def test_every_order_of_events_ends_in_one_state(keyless: Connection, order: tuple[Event, ...]) -> None:
    for one in order:
        tell(keyless, one)
    payment = RecurringPayment.objects.get()
    assert (payment.status, payment.notes, payment.is_trial) == ("payment_failed", ["late"], False)
    moments = list(Change.objects.order_by("pk").values_list("occurred_at", flat=True))
    assert moments == sorted(moments)


@pytest.mark.parametrize("seed", range(4))
def test_events_that_arrive_together_end_in_the_same_state(keyless: Connection, seed: int) -> None:
    tell(keyless, *Random(seed).sample(LIFE, k=len(LIFE)))
    payment = RecurringPayment.objects.get()
    assert (payment.status, payment.notes) == ("payment_failed", ["late"])
    assert states(keyless) == {"applied"}


@pytest.mark.django_db
@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 99), st.sampled_from(WORDS)), min_size=1, max_size=7))
def test_the_newest_report_wins_however_they_come(reports: list[tuple[int, int, str]]) -> None:
    with transaction.atomic():
        connection = made("stripe")
        for minute, number, word in reports:
            tell(connection, news(word, minute, key=f"evt_{number:02}"))
        first = {number: (minute, number, word) for minute, number, word in reversed(reports)}  # an id counts once
        assert RecurringPayment.objects.get().store_status == max(first.values())[2]
        transaction.set_rollback(True)


def test_the_end_follows_what_happened_in_the_same_second(keyless: Connection) -> None:
    end = news("canceled", 0, key="evt_a") | {"type": "customer.subscription.deleted"}
    tell(keyless, end, news("active", 0, key="evt_z"))
    assert RecurringPayment.objects.get().status == "cancelled"


def test_a_change_is_counted_from_what_is_stored_when_an_event_between_was_lost(keyless: Connection) -> None:
    tell(keyless, news("active", 0))
    lost_in_between = {"status": "past_due"}
    last = news("canceled", 2)
    last["data"]["previous_attributes"] = lost_in_between
    tell(keyless, last)
    assert status_changes() == [[None, "active"], ["active", "cancelled"]]


def test_an_invoice_beside_a_subscriptions_own_event_takes_nothing_from_it(keyless: Connection) -> None:
    invoice = event("invoice.paid", {"data.object.parent.subscription_details.subscription": "sub_1"})
    tell(keyless, news("past_due", 0), invoice | {"created": int(NOON.timestamp()) + 60})
    assert RecurringPayment.objects.get().status == "payment_failed"


@pytest.mark.parametrize("type_", ["invoice.paid", "customer.updated", "charge.refunded", "price.updated"])
def test_without_a_key_other_events_are_kept_as_ignored_with_the_reason(keyless: Connection, type_: str) -> None:
    tell(keyless, event(type_))
    kept = Delivery.objects.get()
    assert (kept.state, kept.reason) == (
        "ignored",
        "Without an API key, only a subscription's own events can be read.",
    )


def test_what_an_event_only_names_keeps_what_is_stored(keyless: Connection) -> None:
    tell(keyless, news("active", 0, customer=object_of("customer")))
    tell(keyless, news("past_due", 1))
    payment = RecurringPayment.objects.get()
    assert (payment.email, payment.shipping_city, payment.status) == (
        "Ada@Lovelace.example",
        "Marseille",
        "payment_failed",
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_both_shapes_tell_the_same_renewal(keyless: Connection, shape: str) -> None:
    tell(keyless, event("customer.subscription.created", shape=shape))
    payment = RecurringPayment.objects.get()
    assert payment.renewal_date == datetime(2026, 12, 15, 8, 30, tzinfo=UTC)
    assert payment.next_payment_date == payment.renewal_date


def test_what_cannot_be_read_is_kept_as_failed_with_its_path(keyless: Connection) -> None:
    tell(keyless, news("active", 0, currency="euro"), news("active", 0, subscription="sub_2"))
    failed = Delivery.objects.get(state="failed")
    assert failed.reason.startswith("sub_1: currency: ")
    assert RecurringPayment.objects.get().store_recurring_payment_id == "sub_2"


def texts(part: Any, above: str = "") -> list[str]:
    """List the path of every text inside a document."""
    if isinstance(part, str):
        return [above]
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [path for name, value in inside for path in texts(value, f"{above}.{name}" if above else str(name))]


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_text_that_cannot_be_stored_is_told_wherever_it_stands(keyless: Connection, text: str) -> None:
    for number, path in enumerate(texts(told())):
        own = {"id": f"sub_{number}", "customer.id": f"cus_{number}", "customer.email": f"{number}@lovelace.example"}
        shown = told(own | {path: text})
        told_so = event("customer.subscription.created", {"id": f"evt_{number}", "data.object": shown})
        assert deliver(keyless, json.dumps(told_so).encode()).status_code == 200
    inbox.process()
    put_off = keyless.deliveries.filter(state="waiting").values_list("key", "reason")
    assert not put_off
    assert all(reason for reason in keyless.deliveries.filter(state="failed").values_list("reason", flat=True))


# With a key: the store is asked


def test_with_a_key_the_payment_is_what_the_store_says_now(connection: Connection, shop: ServedShop) -> None:
    sold = shop.create_subscription(name="Ada Lovelace", email="ada@lovelace.example")
    early = shop.events
    shop.act(sold["id"], "cancel")
    tell(connection, *early)
    payment = RecurringPayment.objects.get(store_recurring_payment_id=sold["id"])
    assert (payment.status, str(payment.contact)) == ("cancelled", "Ada Lovelace")
    assert comparable(stored(connection))[sold["id"]] == comparable(read_anew(shop))[sold["id"]]


@pytest.mark.parametrize("version", VERSIONS.values())
def test_what_happens_in_the_shop_arrives_whatever_goes_wrong_on_the_way(
    live_server: Any, connection: Connection, shop: ServedShop, version: str
) -> None:
    endpoint = shop.add_endpoint(f"{live_server.url}{address(connection)}", api_version=version)
    Connection.objects.update(webhook_secret=endpoint["secret"])
    sync(connection)
    shop.queue.schedule = (0.01,) * 6
    shop.faults.apply({"duplicate": 2, "reorder": 5, "mis_sign": 0.1})
    for _ in range(3):
        shop.tick(n=2)
        reconciling.run(reconciling.start(connection).pk)
        inbox.process()
    assert shop.flush(retries=True)
    inbox.process()
    assert comparable(stored(connection)) == comparable(read_anew(shop))
    assert states(connection) <= {"applied", "ignored"}
    assert Delivery.objects.count() == len(shop.events)


def test_when_webhooks_were_lost_a_sync_brings_everything(connection: Connection, shop: ServedShop) -> None:
    sync(connection)
    shop.tick(n=20)
    assert comparable(stored(connection)) != (expected := comparable(read_anew(shop)))
    sync(connection)
    assert comparable(stored(connection)) == expected


def test_history_announces_nothing_and_events_do(connection: Connection, shop: ServedShop) -> None:
    sync(connection)
    assert set(Change.objects.values_list("announce", "source")) == {(False, "history")}
    sold = shop.create_subscription()
    tell(connection, *shop.events)
    news_of_it = Change.objects.filter(payment__store_recurring_payment_id=sold["id"])
    assert set(news_of_it.values_list("announce", "source")) == {(True, "webhook")}


def test_the_first_sight_of_an_old_subscription_is_no_news(connection: Connection, shop: ServedShop) -> None:
    old = next(one for one in shop.ids() if shop.retrieve(one)["status"] == "active")
    tell(connection, *shop.act(old, "fail_payment"))
    created = Change.objects.get(payment__store_recurring_payment_id=old)
    assert (created.kind, created.announce) == ("created", False)


def test_a_burst_about_one_subscription_is_one_question(connection: Connection, shop: ServedShop) -> None:
    sold = shop.create_subscription()
    for action in ("fail_payment", "recover", "cancel_at_period_end", "keep"):
        shop.act(sold["id"], action)
    about_it = [one for one in shop.events if one["type"].startswith(("customer.subscription", "invoice"))]
    tell(connection, *about_it)
    assert shop.requested[("GET", f"/v1/subscriptions/{sold['id']}")] == 1
    assert states(connection) <= {"applied", "ignored"}


def test_a_subscription_that_the_store_no_longer_has_is_taken_from_its_event(connection: Connection) -> None:
    tell(connection, event("customer.subscription.deleted"))
    payment = RecurringPayment.objects.get()
    assert (payment.store_recurring_payment_id, payment.status) == ("sub_1QkAda0001", "cancelled")


def test_an_invoice_of_a_subscription_that_is_gone_fails_with_the_stores_words(connection: Connection) -> None:
    tell(connection, event("invoice.paid"))
    failed = Delivery.objects.get()
    assert (failed.state, "No such subscription" in failed.reason) == ("failed", True)


def test_of_events_that_arrive_together_each_is_marked_for_what_it_is(connection: Connection, shop: ServedShop) -> None:
    sold = shop.create_subscription()
    [created] = [one for one in shop.events if one["type"] == "customer.subscription.created"]
    tell(connection, created, created | {"id": "evt_live", "livemode": True})
    marked = dict(Delivery.objects.values_list("key", "state"))
    assert marked == {created["id"]: "applied", "evt_live": "ignored"}
    assert (
        Delivery.objects.get(key="evt_live").reason
        == "The event is of the other mode (live or test) than the connection."
    )
    assert set(stored(connection)) == {sold["id"]}


def test_a_thin_event_is_asked_after(connection: Connection, shop: ServedShop) -> None:
    [wanted, *_] = shop.ids()
    related = {"id": wanted, "type": "subscription", "url": f"/v1/subscriptions/{wanted}"}
    tell(connection, event("v1.customer.subscription.updated", {"related_object": related}, shape=THIN))
    assert set(stored(connection)) == {wanted}


# Events about customers, prices and products


def subscriptions_of(shop: ServedShop, customer: str) -> set[str]:
    return {one for one in shop.ids() if shop.retrieve(one)["customer"] == customer}


def one_with_several(shop: ServedShop) -> str:
    """Find a customer with several subscriptions."""
    customers = [shop.retrieve(one)["customer"] for one in shop.ids()]
    return max((one for one in shop.ids("customer") if not shop.retrieve(one).get("deleted")), key=customers.count)


def test_a_customers_new_email_reaches_all_their_payments_over_several_pages(
    connection: Connection, shop: ServedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)
    customer = one_with_several(shop)
    theirs = subscriptions_of(shop, customer)
    assert len(theirs) > 2
    tell(connection, *shop.update_customer(customer, email="moved@example.org"))
    assert {key: row["email"] for key, row in stored(connection).items()} == dict.fromkeys(theirs, "moved@example.org")
    assert shop.requested[("GET", "/v1/subscriptions")] == -(-len(theirs) // 2)
    assert states(connection) == {"applied"}


def test_a_deleted_customer_keeps_contact_and_email(connection: Connection, shop: ServedShop) -> None:
    sold = shop.create_subscription(name="Ada Lovelace", email="ada@lovelace.example")
    tell(connection, *shop.events)
    tell(connection, *shop.delete_customer(sold["customer"]))
    payment = RecurringPayment.objects.get(store_recurring_payment_id=sold["id"])
    assert (payment.status, payment.email) == ("cancelled", "ada@lovelace.example")
    assert payment.contact == Contact.objects.get(email_key="ada@lovelace.example")


@pytest.mark.parametrize("kind", ["product", "price"])
def test_a_renamed_product_or_price_reaches_every_payment_over_several_pages(
    connection: Connection, shop: ServedShop, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    sync(connection)
    before = stored(connection)
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)
    renamed = {"product": {"name": "Renamed"}, "price": {"nickname": "Renamed"}}[kind]
    identity = most_sold(shop, kind)
    tell(connection, *shop.set(identity, **renamed))
    assert comparable(stored(connection)) == comparable(read_anew(shop))
    assert sum(row != before[key] for key, row in stored(connection).items()) > 2


def most_sold(shop: ServedShop, kind: str) -> str:
    items = [item for one in shop.ids() for item in shop.retrieve(one)["items"]["data"]]
    sold = [item["price"]["id"] if kind == "price" else item["price"]["product"] for item in items]
    return str(max(set(sold), key=sold.count))


def test_a_product_that_nobody_bought_changes_nothing(connection: Connection, shop: ServedShop) -> None:
    tell(connection, event("product.updated"))
    assert (states(connection), stored(connection)) == ({"applied"}, {})


# Refunds


@pytest.fixture(params=list(VERSIONS.values()), ids=list(VERSIONS))
def account(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[tuple[ServedShop, Connection]]:
    """A shop that tells its events in either shape, and a connection to it."""
    shop = ServedShop(subscriptions=30, shape=request.param)
    shop.clock.move_to(shop.clock.now())  # from here on, a second passes with each thing that happens
    with served(shop):
        yield shop, connected(shop)


@pytest.mark.parametrize(("action", "status"), [("refund", "refunded"), ("refund_half", "partially_refunded")])
def test_a_refund_is_known_in_both_shapes_until_the_next_payment(
    account: tuple[ServedShop, Connection], action: str, status: str
) -> None:
    shop, connection = account
    paid = shop.create_subscription()["id"]
    tell(connection, *shop.act(paid, action))
    assert stored(connection)[paid]["last_payment_status"] == status
    sync(connection)
    tell(connection, *shop.set(paid, description="read again"))
    assert (stored(connection)[paid]["last_payment_status"], stored(connection)[paid]["notes"]) == (
        status,
        ["read again"],
    )
    tell(connection, *shop.act(paid, "renew"))
    assert stored(connection)[paid]["last_payment_status"] == "completed"


def test_a_refund_touches_no_other_payment_of_the_customer(account: tuple[ServedShop, Connection]) -> None:
    shop, connection = account
    first = shop.create_subscription()
    second = shop.create_subscription(customer=first["customer"])
    tell(connection, *shop.act(first["id"], "refund"))
    words = {key: row["last_payment_status"] for key, row in stored(connection).items()}
    assert words == {first["id"]: "refunded", second["id"]: "completed"}


def test_a_refund_that_arrives_with_other_news_is_not_lost(account: tuple[ServedShop, Connection]) -> None:
    shop, connection = account
    sold = shop.create_subscription()
    events = [*shop.act(sold["id"], "refund"), *shop.update_customer(sold["customer"], phone="+33 1")]
    tell(connection, *reversed(events))
    assert stored(connection)[sold["id"]]["last_payment_status"] == "refunded"
