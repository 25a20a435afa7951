"""What shops tell means the same by webhook, by history and by comparison, in each of the shapes that they tell it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations import health, inbox, reconciling
from integrations.models import Connection, Delivery
from integrations.providers.woocommerce import pages
from integrations.sandbox.woocommerce import WooShop
from integrations.sandbox.woocommerce.older import older
from subscriptions.models import Change, RecurringPayment
from tests.integrations.contract import SECRET
from tests.integrations.contracts import made, post
from tests.integrations.states import stored, sync
from tests.integrations.woocommerce.contract import SHOP, encoded_event, event, headers_of
from tests.integrations.woocommerce.test_events import payment, settled, sold

UPDATED = "subscription.updated"


def told(connection: Connection, body: bytes, *, topic: str = UPDATED, source: str = SHOP) -> None:
    """Post a signed delivery, and work it off."""
    assert post(connection, body, headers_of(body, SECRET, topic=topic, source=source)).status_code == 200
    inbox.process()


# Status


def test_one_on_hold_without_any_order_is_paused(listening: Connection, woo: WooShop) -> None:
    identity = sold(woo)
    settled(woo)
    for order in list(woo.store["order"].owned(identity)):
        woo.store["order"].drop(order["id"])
    woo.act(identity, "pause")
    settled(woo)
    assert payment(identity).status == "paused"
    sync(listening)
    assert payment(identity).status == "paused"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": "on-hold", "payment_retry_date_gmt": "2026-11-03T12:00:00"}, "payment_failed"),
        ({"status": "on-hold", "payment_retry_date_gmt": ""}, "paused"),
        ({"status": "wc-on-hold"}, "paused"),
        ({"status": "wc-active"}, "active"),
        ({"status": "switched"}, "cancelled"),
        ({"status": "pending-cancel"}, "active"),
    ],
)
def test_each_status_word_has_its_meaning_with_the_prefix_and_without(
    db: None, fields: dict[str, str], status: str
) -> None:
    connection = made("woocommerce")
    told(connection, encoded_event(UPDATED, **fields))
    found = RecurringPayment.objects.get()
    assert (found.status, found.store_status) == (status, fields["status"].removeprefix("wc-"))
    assert found.cancel_at_period_end is (fields["status"] == "pending-cancel")
    assert health.unknown_statuses(connection) == {}


def test_a_shop_may_read_whoever_leaves_as_a_failed_payment(db: None) -> None:
    connection = made("woocommerce")
    Connection.objects.update(status_overrides={"pending-cancel": "payment_failed"})
    told(connection, encoded_event(UPDATED, status="pending-cancel"))
    assert RecurringPayment.objects.get().status == "payment_failed"


def test_how_the_last_payment_went_is_not_forgotten_by_history(listening: Connection, woo: WooShop) -> None:
    identity = sold(woo)
    settled(woo)
    woo.act(identity, "fail_payment")
    woo.act(identity, "reactivate")
    settled(woo)
    assert (payment(identity).status, payment(identity).last_payment_status) == ("active", "pending")
    again = sync(listening)
    assert (again.updated, payment(identity).last_payment_status) == (0, "pending")


# Shapes


def test_the_older_shape_leaves_alone_what_it_tells_without_a_zone(db: None) -> None:
    connection = made("woocommerce")
    whole = event("subscription.created")
    told(connection, json.dumps(whole).encode(), topic="subscription.created")
    [before] = stored(connection).values()
    told(connection, json.dumps(older(whole) | {"status": "cancelled"}).encode())
    [after] = stored(connection).values()
    different = {name for name, value in after.items() if value != before[name]}
    assert different == {"status", "store_status"}
    assert before["next_payment_date"] is not None


def test_with_keys_the_older_shape_is_only_a_reason_to_ask(
    listening: Connection, woo: WooShop, live_server: Any
) -> None:
    for hook in list(woo.store["webhook"]):
        woo.store["webhook"].drop(hook["id"])
    for topic in ("subscription.created", UPDATED):
        woo.add_webhook(listening.webhook_url, topic=topic, secret=listening.webhook_secret, api_version="wp_api_v1")
    identity = sold(woo)
    woo.act(identity, "pause")
    settled(woo)
    ours = stored(listening)[identity]
    sync(listening)
    assert (ours, ours["status"]) == (stored(listening)[identity], "paused")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_what_is_not_plain_utf8_is_refused_though_it_is_signed(db: None, encoding: str) -> None:
    connection = made("woocommerce")
    body = encoded_event(UPDATED).decode().encode(encoding)
    assert post(connection, body, headers_of(body, SECRET, topic=UPDATED)).status_code == 400
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "date", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "0001-01-01T00:00:00+14:00", "2026-02-30"]
)
def test_an_impossible_date_is_an_error_with_its_path(db: None, date: str) -> None:
    connection = made("woocommerce")
    told(connection, encoded_event(UPDATED, date_modified_gmt=date))
    told(connection, encoded_event(UPDATED, id=77))
    failed, applied = Delivery.objects.order_by("pk")
    assert (failed.state, failed.reason) == ("failed", "65: date_modified_gmt: is no date")
    assert (failed.occurred_at.year, applied.state) == (timezone.now().year, "applied")


# Who


def test_a_resubscription_is_a_new_record_and_the_old_one_stays(listening: Connection, woo: WooShop) -> None:
    old = sold(woo)
    woo.act(old, "cancel")
    settled(woo)
    woo.act(old, "resubscribe")
    settled(woo)
    new = woo.retrieve(old)["resubscribed_subscription"]
    assert (payment(old).status, payment(new).status) == ("cancelled", "active")
    assert payment(old).contact == payment(new).contact is not None


def test_a_guest_who_moves_to_another_address_stays_one_person(listening: Connection, woo: WooShop) -> None:
    guest = sold(woo, customer=None)
    woo.set(guest, customer="0")
    settled(woo)
    before = payment(guest).contact
    woo.act(guest, "change_email")
    settled(woo)
    found = payment(guest)
    assert (found.email.startswith("moved."), found.contact) == (True, before)


# What was copied, deleted or renamed


def test_what_a_copy_of_the_shop_sent_stays_apart_when_it_is_retried(db: None) -> None:
    connection = made("woocommerce")
    told(connection, encoded_event(UPDATED, status="cancelled"), source="https://staging.example")
    inbox.retry(Delivery.objects.all())
    inbox.process()
    kept = Delivery.objects.get()
    assert (kept.state, "staging.example" in kept.reason) == ("ignored", True)
    assert not RecurringPayment.objects.exists()


def test_what_a_shop_sent_after_it_moved_is_read_once_its_new_address_is_known(db: None) -> None:
    connection = made("woocommerce")
    told(connection, encoded_event(UPDATED), source="https://new.example")
    Connection.objects.update(api_address="https://new.example")
    inbox.retry(Delivery.objects.all())
    inbox.process()
    assert (Delivery.objects.get().state, RecurringPayment.objects.count()) == ("applied", 1)


def test_an_old_update_that_comes_after_a_deletion_tells_the_deletion(listening: Connection, woo: WooShop) -> None:
    identity = sold(woo)
    settled(woo)
    stale = encoded_event(UPDATED, id=int(identity), date_modified_gmt="2026-01-01T00:00:00")
    woo.store["subscription"].drop(identity)
    assert (
        post(
            listening, stale, headers_of(stale, listening.webhook_secret, topic=UPDATED, source=woo.address)
        ).status_code
        == 200
    )
    inbox.process()
    assert (payment(identity).status, payment(identity).store_status) == ("cancelled", "deleted")


def test_a_new_category_reaches_those_who_bought_the_product(listening: Connection, woo: WooShop) -> None:
    sync(listening)
    product = next(iter(payment(woo.ids()[0]).line_items.all())).store_primary_id
    record = woo.store["product"].get(product) or {}
    woo.store["product"].put(record | {"categories": [{"id": 900, "name": "Fresh &amp; new", "slug": "fresh"}]})
    woo.rename_product(product, "Another name")
    settled(woo)
    bought = RecurringPayment.objects.filter(line_items__store_primary_id=product)
    assert bought
    for one in bought:
        assert "Fresh & new" in stored(listening)[one.store_recurring_payment_id]["line_item_category"]


def test_products_are_asked_for_once_in_a_history(
    connection: Connection, woo: WooShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 5)
    sync(connection)
    sold_ones = {item["product"] for one in woo.store["subscription"] for item in one["lines"]["items"]}
    asked = woo.requested["GET", "/wp-json/wc/v3/products"]
    assert 0 < asked <= len(sold_ones)
    assert asked < woo.requested["GET", "/wp-json/wc/v3/subscriptions"] - 1


# Comparisons


@pytest.mark.parametrize("renews", [False, True])
def test_a_guests_refund_that_no_webhook_told_is_found_by_its_order(
    connection: Connection, woo: WooShop, renews: bool
) -> None:
    Connection.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    connection.refresh_from_db()
    guest = sold(woo, customer=None)
    woo.act(guest, "renew") if renews else None
    for order in woo.store["order"].owned(guest):
        woo.store["order"].put(order | {"customer": "0"})
    woo.set(guest, customer="0")
    sync(connection)
    woo.act(guest, "refund")
    assert reconciling.run(reconciling.start(connection).pk).repaired == 1
    assert (payment(guest).store_customer_id, payment(guest).last_payment_status) == ("", "refunded")


def test_what_a_webhook_brings_while_a_comparison_waits_for_its_answer_is_not_undone(
    listening: Connection, woo: WooShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = sold(woo)
    settled(woo)
    woo.act(identity, "pause")
    rows = pages.rows

    def slow(*args: Any, **filters: Any) -> Any:
        found = rows(*args, **filters)
        woo.act(identity, "cancel")
        settled(woo)
        return found

    monkeypatch.setattr(pages, "rows", slow)
    Connection.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    listening.refresh_from_db()
    reconciling.run(reconciling.start(listening).pk)
    statuses = [
        one["status"][1] for one in Change.objects.order_by("pk").values_list("fields", flat=True) if "status" in one
    ]
    assert (payment(identity).status, statuses[-1], statuses.count("paused")) == ("cancelled", "cancelled", 0)
