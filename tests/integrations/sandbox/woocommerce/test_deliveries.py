"""Deliveries: signed, built when they go out, told once for several changes, never again, and strange on demand."""

import json
import time

import pytest

from integrations.sandbox.woocommerce.webhooks import OLDEST
from tests.integrations.woocommerce.shops import SECRET, ask, open_shop, served, signed


def active(shop, place=0):
    return [one["id"] for one in shop.store["subscription"] if one["status"] == "active"][place]


def topics(receiver):
    return [one.headers["X-WC-Webhook-Topic"] for one in receiver.received]


def test_a_delivery_has_woos_headers_and_a_signature_over_its_bytes(shop, hooked):
    one = active(shop)
    shop.set(one, billing={"first_name": "Zoë"})
    shop.flush()
    (came,) = hooked.received
    assert came.headers["X-WC-Webhook-Source"] == f"{shop.address}/"
    assert came.headers["X-WC-Webhook-Topic"] == "subscription.updated"
    assert came.headers["X-WC-Webhook-Resource"] == "subscription"
    assert came.headers["X-WC-Webhook-Event"] == "updated"
    assert came.headers["X-WC-Webhook-ID"] == "1"
    assert came.headers["Content-Type"] == "application/json"
    assert came.headers["User-Agent"].startswith("WooCommerce/")
    assert came.headers["X-WC-Webhook-Signature"] == signed(came.body)
    assert came.headers["X-WC-Webhook-Signature"] != signed(came.body, "another")
    assert came.event == shop.retrieve(one)
    assert came.event["billing"]["first_name"] == "Zoë"


def test_a_delivery_can_be_signed_falsely(shop, hooked):
    shop.faults.mis_sign = 1
    shop.act(active(shop), "pause")
    shop.flush()
    assert hooked.received[0].headers["X-WC-Webhook-Signature"] != signed(hooked.received[0].body)


def test_subscriptions_that_change_in_one_second_share_a_delivery_id(shop, hooked):
    shop.clock.step = 0
    some = [active(shop, place) for place in range(4)]
    for one in some:
        shop.act(one, "change_email")
    shop.flush()
    assert [str(came.event["id"]) for came in hooked.received] == some
    assert len({came.headers["X-WC-Webhook-Delivery-ID"] for came in hooked.received}) == 1
    assert len({came.headers["X-WC-Webhook-Signature"] for came in hooked.received}) == 4


def test_another_second_or_another_webhook_makes_another_delivery_id(shop, hooked):
    one = active(shop)
    shop.act(one, "pause")
    shop.flush()
    shop.act(one, "reactivate")
    shop.act(active(shop, 1), "delete")
    shop.flush()
    assert topics(hooked) == ["subscription.updated", "subscription.updated", "subscription.deleted"]
    assert len({came.headers["X-WC-Webhook-Delivery-ID"] for came in hooked.received}) == 3


def test_states_in_between_are_never_seen(shop, hooked):
    one = active(shop)
    for action in ("pause", "reactivate", "leave"):
        shop.act(one, action)
    shop.flush()
    assert [came.event["status"] for came in hooked.received] == ["pending-cancel"]


def test_an_update_of_what_was_deleted_meanwhile_is_an_empty_list(shop, hooked):
    one = active(shop)
    shop.act(one, "pause")
    shop.act(one, "delete")
    shop.flush()
    told = {came.headers["X-WC-Webhook-Topic"]: came for came in hooked.received}
    assert told["subscription.updated"].body == b"[]"
    assert told["subscription.updated"].headers["X-WC-Webhook-Signature"] == signed(b"[]")
    assert told["subscription.deleted"].body == b'{"id":%s}' % one.encode()


def test_a_change_is_delivered_by_itself_after_the_pause(receiver):
    with served(open_shop(pause=0.05)) as shop:
        shop.add_webhook(receiver.url, secret=SECRET)
        shop.act(active(shop), "pause")
        until = time.monotonic() + 5
        while len(receiver.received) < 2 and time.monotonic() < until:
            time.sleep(0.01)
    assert receiver.received[1].event["status"] == "on-hold"


def test_what_is_paused_or_not_asked_for_is_not_told(shop, hooked):
    ask(shop, "/webhooks/1", method="PUT", given={"status": "paused"})
    shop.act(active(shop), "pause")
    shop.create_subscription()
    shop.flush()
    assert hooked.received == []


def test_a_removed_webhook_gets_nothing_that_was_on_its_way(shop, hooked):
    shop.act(active(shop), "pause")
    ask(shop, "/webhooks/1?force=true", method="DELETE")
    shop.flush()
    assert hooked.received == []


def test_nothing_is_delivered_again(shop, hooked):
    hooked.answers.extend([500, 500])
    shop.act(active(shop), "pause")
    assert shop.flush(retries=True)
    assert len(hooked.received) == 1
    assert [one.statuses for one in shop.deliveries][-1] == [500]


def fail(shop, receiver, times, status=500):
    one = active(shop)
    for _ in range(times):
        receiver.answers.append(status)
        shop.act(one, "change_email")
        shop.flush()


def test_a_webhook_is_disabled_by_the_failure_after_the_sixth(shop, hooked):
    fail(shop, hooked, 6)
    assert ask(shop, "/webhooks/1").json["status"] == "active"
    fail(shop, hooked, 1)
    assert ask(shop, "/webhooks/1").json["status"] == "disabled"
    fail(shop, hooked, 1)
    assert len(hooked.received) == 7


def test_a_success_forgets_the_failures_before_it(shop, hooked):
    fail(shop, hooked, 6)
    hooked.answers.clear()
    fail(shop, hooked, 1, status=302)
    fail(shop, hooked, 6)
    assert ask(shop, "/webhooks/1").json["status"] == "active"


def test_how_many_failures_a_webhook_survives_can_be_set(shop, hooked):
    shop.faults.failures_allowed = 0
    fail(shop, hooked, 2)
    assert ask(shop, "/webhooks/1").json["status"] == "disabled"


def test_a_disabled_webhook_that_is_made_active_begins_anew(shop, hooked):
    fail(shop, hooked, 7)
    ask(shop, "/webhooks/1", method="PUT", given={"status": "active"})
    fail(shop, hooked, 6)
    assert ask(shop, "/webhooks/1").json["status"] == "active"
    assert len(hooked.received) == 13


def test_a_change_can_be_told_several_times_almost_the_same(shop, hooked):
    shop.faults.updates_per_change = 3
    shop.act(active(shop), "pause")
    shop.flush()
    events = [came.event for came in hooked.received]
    assert len({came.headers["X-WC-Webhook-Signature"] for came in hooked.received}) == 3
    modified = [event.pop("date_modified_gmt") for event in events]
    assert modified == ["2026-11-01T12:00:01", "2026-11-01T12:00:02", "2026-11-01T12:00:03"]
    assert len({event.pop("date_modified") for event in events}) == 3
    assert events[0] == events[1] == events[2]


def test_items_can_arrive_empty_though_the_shop_has_them(shop, hooked):
    shop.faults.empty_line_items = 1
    one = active(shop)
    for action in ("pause", "reactivate"):
        shop.act(one, action)
        shop.flush()
    assert [bool(came.event["line_items"]) for came in hooked.received] == [False, True]
    assert ask(shop, f"/subscriptions/{one}").json["line_items"]


def test_after_a_change_over_rest_the_start_is_the_time_of_the_change(shop, hooked):
    one = active(shop)
    start = shop.retrieve(one)["start_date_gmt"]
    ask(shop, f"/subscriptions/{one}", method="PUT", given={"status": "on-hold"})
    shop.flush()
    (came,) = hooked.received
    assert came.event["start_date_gmt"] == came.event["date_modified_gmt"] == "2026-11-01T12:00:01"
    assert ask(shop, f"/subscriptions/{one}").json["start_date_gmt"] == start
    shop.act(one, "reactivate")
    shop.flush()
    assert hooked.received[1].event["start_date_gmt"] == start


def test_a_webhook_of_the_shops_own_code_speaks_the_older_shape(shop, receiver):
    shop.add_webhook(receiver.url, secret=SECRET, api_version=OLDEST)
    one = next(one["id"] for one in shop.store["subscription"] if one["status"] == "cancelled")
    shop.act(one, "change_email")
    shop.flush()
    came, shown = receiver.received[1], shop.retrieve(one)
    told = came.event
    assert came.headers["X-WC-Webhook-Signature"] == signed(came.body)
    assert not [name for name in told if name.endswith("_gmt")]
    assert not {"cancelled_date", "last_payment_date", "payment_retry_date", "meta_data"} & set(told)
    assert (told["start_date"], told["end_date"]) == (shown["start_date_gmt"], shown["end_date_gmt"])
    assert told["next_payment_date"] == ""
    item = told["line_items"][0]
    assert type(item["price"]) is str
    assert isinstance(item["meta"], list)
    assert "meta_data" not in item
    assert (told["id"], told["total"], told["billing"]) == (shown["id"], shown["total"], shown["billing"])


def test_a_cloned_shop_tells_with_the_same_secret_from_another_place(shop, hooked):
    shop.clone("https://staging.example.com/")
    shop.act(active(shop), "pause")
    shop.flush()
    assert [came.headers["X-WC-Webhook-Source"] for came in hooked.received] == [
        f"{shop.address}/",
        "https://staging.example.com/",
    ]
    assert {came.headers["X-WC-Webhook-ID"] for came in hooked.received} == {"1"}
    assert all(came.headers["X-WC-Webhook-Signature"] == signed(came.body) for came in hooked.received)
    assert [one["id"] for one in ask(shop, "/webhooks").json] == [2, 1]


@pytest.mark.parametrize(
    ("topic", "happen", "kind"),
    [
        ("subscription.created", lambda shop: shop.create_subscription(), "subscription"),
        ("subscription.switched", lambda shop: shop.act(active(shop), "switch"), "subscription"),
        ("subscription.switched", lambda shop: shop.act(active(shop), "switch_away"), "subscription"),
        ("order.created", lambda shop: shop.act(active(shop), "renew"), "order"),
        ("order.updated", lambda shop: shop.act(active(shop), "renew"), "order"),
        ("product.updated", lambda shop: shop.rename_product(shop.ids("product")[0], "Vitamins"), "product"),
        ("customer.created", lambda shop: shop.create_subscription(), "customer"),
    ],
)
def test_each_topic_tells_of_its_own_kind(shop, receiver, topic, happen, kind):
    shop.add_webhook(receiver.url, topic=topic, secret=SECRET)
    happen(shop)
    shop.flush()
    came = receiver.received[1]
    assert came.headers["X-WC-Webhook-Topic"] == topic
    assert came.event == shop.retrieve(came.event["id"], kind)
    assert len(receiver.received) == 2


@pytest.mark.parametrize(("fault", "value", "times"), [("drop", 1, 0), ("duplicate", 3, 3)])
def test_deliveries_can_be_lost_and_doubled(shop, hooked, fault, value, times):
    setattr(shop.faults, fault, value)
    shop.act(active(shop), "pause")
    shop.flush()
    assert len(hooked.received) == times


def test_bodies_are_the_bytes_of_their_json(shop, hooked):
    shop.act(active(shop), "pause")
    shop.flush()
    body = hooked.received[0].body
    assert json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode() == body
