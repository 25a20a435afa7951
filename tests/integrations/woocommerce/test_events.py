"""What happens in a WooCommerce shop arrives: merged, repeated, strange or from elsewhere, by webhook and history."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from integrations import health, history, inbox, reconciling, sweeps
from integrations.models import Connection, Delivery, HistoricalSync
from integrations.providers.woocommerce import pages, webhooks
from integrations.sandbox.woocommerce import READER, WooShop
from subscriptions.models import Change, RecurringPayment
from tests.integrations.contract import SECRET
from tests.integrations.contracts import made, post
from tests.integrations.states import State, comparable, stored, sync
from tests.integrations.woocommerce.conftest import connected
from tests.integrations.woocommerce.contract import SHOP, encoded_event, headers_of


def settled(shop: WooShop) -> None:
    """Let everything that waits arrive, and work it off."""
    shop.flush()
    inbox.process()


def payment(identity: str) -> RecurringPayment:
    return RecurringPayment.objects.get(store_recurring_payment_id=identity)


def sold(shop: WooShop, **given: Any) -> str:
    return str(shop.create_subscription(**{"email": "ada@lovelace.example", "name": "Ada Lovelace"} | given)["id"])


def read_anew(shop: WooShop) -> State:
    """Return what a connection finds that is made now and reads the whole shop, each with its orders."""
    mirror = connected(shop, "Mirror")
    sync(mirror)
    for identity in shop.ids():
        body = b'{"id": %s, "billing_period": "month"}' % identity.encode()
        topic = headers_of(body, mirror.webhook_secret, topic="subscription.updated", source=shop.address)
        assert post(mirror, body, topic).status_code == 200
    inbox.process()
    return stored(mirror)


# Whose it is, and what the clock alone changes: a trial that ends between two looks.
APART = frozenset({"legacy_connection_id", "is_trial"})


def told(state: State) -> State:
    return {
        key: {name: value for name, value in row.items() if name not in APART} for key, row in comparable(state).items()
    }


# History


def test_a_history_brings_every_subscription_once(
    connection: Connection, woo: WooShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 7)
    done = sync(connection)
    count = len(woo.ids())
    assert (done.state, done.total, done.created, done.pages) == ("finished", count, count, -(-count // 7))
    assert stored(connection).keys() == set(woo.ids())
    again = sync(connection)
    assert (again.unchanged, again.updated) == (count, 0)
    assert not Change.objects.filter(announce=True).exists()
    assert health.unknown_statuses(connection) == {}


def test_rows_that_the_shop_cannot_read_end_nothing(
    connection: Connection, woo: WooShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 7)
    woo.faults.apply({"unreadable": woo.ids()[8:14]})
    done = sync(connection)
    assert (done.state, done.created) == ("finished", len(woo.ids()) - 6)


def test_products_bring_category_brand_and_tag_in_plain_words(connection: Connection, woo: WooShop) -> None:
    sync(connection)
    rows = stored(connection).values()
    categories = {name for row in rows for name in row["line_item_category"]}
    assert categories
    assert not any("&amp;" in name for name in categories)
    assert any(row["line_item_brand"] for row in rows)
    assert any(row["line_item_tag"] for row in rows)


def test_a_host_that_takes_the_header_away_is_asked_by_query(connection: Connection, woo: WooShop) -> None:
    woo.faults.apply({"strips_authorization": True})
    assert sync(connection).state == "finished"


@pytest.mark.parametrize(
    ("faults", "problem"),
    [
        ({"answer_maintenance": 99}, "store_fault"),
        ({"answer_html": 99}, "not_a_store"),
        ({"answer_429": 99}, "rate_limited"),
        ({"answer_500": 99}, "store_fault"),
    ],
)
def test_a_shop_in_trouble_says_so_and_goes_on_later(
    connection: Connection, woo: WooShop, monkeypatch: pytest.MonkeyPatch, faults: dict[str, Any], problem: str
) -> None:
    monkeypatch.setattr(sweeps, "MAX_ATTEMPTS", 1)
    woo.faults.apply(faults)
    failed = sync(connection)
    assert (failed.state, failed.problem, failed.done) == ("failed", problem, 0)
    woo.faults.clear()
    Connection.objects.update(next_request_at=0)  # the moment that the shop asked us to wait for has come
    assert history.resume(failed)
    assert history.run(failed.pk).state == HistoricalSync.State.FINISHED


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda connection: {"api_key": "cs_wrong"}, "key_refused"),
        (lambda connection: {"api_address": "http://127.0.0.1:1"}, "unreachable"),
    ],
)
def test_wrong_credentials_are_told_in_words(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Connection], dict[str, str]], problem: str
) -> None:
    monkeypatch.setattr(sweeps, "MAX_ATTEMPTS", 1)
    for name, value in spoil(connection).items():
        setattr(connection, name, value)
    connection.save()
    failed = sync(connection)
    assert (failed.state, failed.problem) == ("failed", problem)
    assert "cs_" not in failed.problem_detail


# Webhooks


def test_a_new_subscription_arrives(listening: Connection, woo: WooShop) -> None:
    identity = sold(woo)
    settled(woo)
    found, shown = payment(identity), woo.retrieve(identity)
    assert (found.status, str(found.contact), found.currency) == ("active", "Ada Lovelace", shown["currency"])
    assert (found.name, str(found.payment_amount.normalize())) == (
        shown["line_items"][0]["name"],
        str(type(found.payment_amount)(shown["total"]).normalize()),
    )
    assert (found.last_payment_status, found.billing_interval) == ("completed", f"{shown['billing_period']}ly")
    assert Change.objects.get(payment=found, kind="created").announce


@pytest.mark.parametrize(
    ("verbs", "status", "flags"),
    [
        (["pause"], "paused", {}),
        (["pause", "reactivate"], "active", {}),
        (["fail_payment"], "payment_failed", {}),
        (["fail_payment", "recover"], "active", {}),
        (["leave"], "active", {"cancel_at_period_end": True}),
        (["leave", "cancel"], "cancelled", {"cancel_at_period_end": False}),
        (["expire"], "expired", {}),
        (["switch_away"], "cancelled", {}),
        (["refund"], "active", {"last_payment_status": "refunded"}),
        (["refund_half"], "active", {"last_payment_status": "partially_refunded"}),
        (["refund", "renew"], "active", {"last_payment_status": "completed"}),
    ],
)
def test_each_thing_that_happens_is_told_by_its_status(
    listening: Connection, woo: WooShop, verbs: list[str], status: str, flags: dict[str, Any]
) -> None:
    identity = sold(woo)
    settled(woo)
    for verb in verbs:
        woo.act(identity, verb)
    settled(woo)
    found = payment(identity)
    assert (found.status, {name: getattr(found, name) for name in flags}) == (status, flags)


@pytest.mark.parametrize("renews", [False, True])
def test_a_guests_refund_is_known_by_the_order_that_began_or_renewed_the_subscription(
    listening: Connection, woo: WooShop, renews: bool
) -> None:
    guest, other = sold(woo, customer=None), sold(woo)
    woo.act(guest, "renew") if renews else None
    for order in woo.store["order"].owned(guest):
        woo.store["order"].put(order | {"customer": "0"})
    woo.set(guest, customer="0")
    settled(woo)
    asked = woo.requested["GET", f"/wp-json/wc/v3/subscriptions/{other}"]
    woo.act(guest, "refund")
    settled(woo)
    found = payment(guest)
    assert (found.store_customer_id, found.last_payment_status) == ("", "refunded")
    assert woo.requested["GET", f"/wp-json/wc/v3/subscriptions/{other}"] == asked


def test_a_refund_of_something_bought_once_by_a_guest_is_kept_as_ignored(listening: Connection, woo: WooShop) -> None:
    body = encoded_event("order.updated", id=987654, customer_id=0, status="refunded", meta_data=[])
    headers = headers_of(body, listening.webhook_secret, topic="order.updated", source=woo.address)
    assert post(listening, body, headers).status_code == 200
    inbox.process()
    kept = Delivery.objects.get()
    assert (kept.state, "belongs to no recurring payment" in kept.reason) == ("ignored", True)


def test_a_gift_belongs_to_whoever_pays_for_it(listening: Connection, woo: WooShop) -> None:
    identity = sold(woo, meta=[{"key": "_recipient_user", "value": "77"}])
    settled(woo)
    assert (str(payment(identity).contact), payment(identity).email) == ("Ada Lovelace", "ada@lovelace.example")


def test_an_amount_is_the_exact_total_and_not_the_imprecise_price(db: None) -> None:
    connection = made("woocommerce")
    told = encoded_event("subscription.updated")
    item = json.loads(told)["line_items"][0] | {"price": 0.30000000000000004, "quantity": 3, "total": "0.90"}
    body = encoded_event("subscription.updated", total="0.90", line_items=[item])
    post(connection, body, headers_of(body, SECRET, topic="subscription.updated", source=SHOP))
    inbox.process()
    found = RecurringPayment.objects.get()
    [line] = found.line_items.all()
    assert (found.payment_amount, line.amount, line.quantity) == (Decimal("0.9"), Decimal("0.9"), 3)


def test_a_subscription_that_was_deleted_is_cancelled_and_stays(listening: Connection, woo: WooShop) -> None:
    identity = sold(woo)
    settled(woo)
    woo.act(identity, "delete")
    settled(woo)
    found = payment(identity)
    assert (found.status, found.store_status, found.next_payment_date) == ("cancelled", "deleted", None)
    assert health.unknown_statuses(listening) == {}
    assert str(found.contact) == "Ada Lovelace"


def test_one_that_was_deleted_before_it_could_be_told_is_taken_politely(listening: Connection, woo: WooShop) -> None:
    identity = sold(woo)
    woo.act(identity, "delete")
    settled(woo)
    assert not RecurringPayment.objects.filter(store_recurring_payment_id=identity).exists()
    assert not Delivery.objects.filter(state__in=["failed", "waiting"]).exists()
    assert all(hook["status"] == "active" for hook in woo.store["webhook"])


def test_subscriptions_that_share_a_delivery_id_are_all_kept(listening: Connection, woo: WooShop) -> None:
    identities = [sold(woo, email=f"{n}@example.com") for n in range(3)]
    settled(woo)
    woo.clock.step = 0
    for identity in identities:
        woo.act(identity, "pause")
    settled(woo)
    assert {payment(identity).status for identity in identities} == {"paused"}


def test_near_identical_updates_are_one_change(listening: Connection, woo: WooShop) -> None:
    identity = sold(woo)
    settled(woo)
    woo.faults.apply({"updates_per_change": 4})
    woo.act(identity, "pause")
    settled(woo)
    assert Change.objects.filter(payment=payment(identity), kind="updated").count() == 1


def test_line_items_that_arrive_empty_take_nothing_away(listening: Connection, woo: WooShop) -> None:
    identity = sold(woo)
    settled(woo)
    before = list(payment(identity).line_items.values_list("name", flat=True))
    woo.faults.apply({"empty_line_items": 99})
    woo.act(identity, "pause")
    settled(woo)
    assert list(payment(identity).line_items.values_list("name", flat=True)) == before != []


def test_a_copy_of_the_shop_for_tests_is_kept_apart(listening: Connection, woo: WooShop) -> None:
    identity = sold(woo)
    settled(woo)
    woo.clone("https://staging.example.com/")
    woo.act(identity, "pause")
    settled(woo)
    kept = Delivery.objects.filter(reason__contains="staging.example.com")
    assert set(kept.values_list("state", flat=True)) == {"ignored"}


def test_a_renamed_product_reaches_its_subscriptions(listening: Connection, woo: WooShop) -> None:
    sync(listening)
    product = next(iter(payment(woo.ids()[0]).line_items.all())).store_primary_id
    bought = set(
        RecurringPayment.objects.filter(line_items__store_primary_id=product).values_list(
            "store_recurring_payment_id", flat=True
        )
    )
    asked = woo.requested["GET", "/wp-json/wc/v3/subscriptions"]
    body = encoded_event("product.updated", id=int(product))
    topic = headers_of(body, listening.webhook_secret, topic="product.updated", source=woo.address)
    assert post(listening, body, topic).status_code == 200
    inbox.process()
    assert bought
    assert woo.requested["GET", "/wp-json/wc/v3/subscriptions"] == asked + 1
    assert Delivery.objects.get(event_type="product.updated").state == "applied"


def test_whatever_goes_wrong_on_the_way_the_shop_and_we_end_alike(listening: Connection, woo: WooShop) -> None:
    sync(listening)
    woo.faults.apply({"duplicate": 2, "reorder": 5, "updates_per_change": 2})
    for _ in range(4):
        woo.tick(n=4)
        reconciling.run(reconciling.start(listening).pk)
        settled(woo)
    expected = told(read_anew(woo))
    ours = told(stored(listening))
    assert {key: row for key, row in ours.items() if key in expected} == expected


# Our webhooks at the shop


def test_our_webhooks_are_made_once_and_switched_on_again(listening: Connection, woo: WooShop) -> None:
    assert {hook["topic"] for hook in woo.store["webhook"]} == set(webhooks.TOPICS)
    assert webhooks.register(listening) == []
    [first, *_] = woo.store["webhook"]
    woo.store["webhook"].put(first | {"status": "disabled"})
    assert webhooks.register(listening) == [first["topic"]]
    assert {hook["status"] for hook in woo.store["webhook"]} == {"active"}


def test_the_first_ping_is_answered_with_200_and_kept_nowhere(listening: Connection) -> None:
    assert post(listening, b"webhook_id=7", {}).status_code == 200
    assert not Delivery.objects.exists()


def test_a_key_that_may_only_read_sets_up_no_webhook(woo: WooShop, transactional_db: None) -> None:
    with pytest.raises(Exception, match=r"permission|key_refused|write"):
        webhooks.register(connected(woo, key=READER))
    assert len(woo.store["webhook"]) == 0


# Without keys


def test_without_keys_a_payload_tells_its_own_picture(db: None) -> None:
    connection = made("woocommerce")
    for status, minute in (("active", 1), ("on-hold", 2)):
        body = encoded_event("subscription.updated", status=status, date_modified_gmt=f"2026-11-01T12:0{minute}:00")
        assert (
            post(connection, body, headers_of(body, SECRET, topic="subscription.updated", source=SHOP)).status_code
            == 200
        )
        inbox.process()
    found = RecurringPayment.objects.get()
    assert (found.status, found.email, found.start_date) == ("paused", "ada@lovelace.example", None)
    assert found.store_status == "on-hold"
