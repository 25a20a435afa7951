"""What can be made to happen to a subscription, and what happens by itself."""

from collections import Counter

import pytest

from integrations.sandbox.periods import step
from integrations.sandbox.verbs import NotPossible
from integrations.sandbox.woocommerce.verbs import VERBS
from tests.integrations.woocommerce.shops import NOW, open_shop

HALF_DAY = 12 * 3600


@pytest.fixture
def shop():
    """A small shop that is not served."""
    return open_shop()


def first(shop, status):
    return next(one["id"] for one in shop.store["subscription"] if one["status"] == status and one["parent"])


def record(shop, identity):
    return shop.store["subscription"][identity]


def orders(shop, identity):
    return shop.store["order"].owned(identity)


def told(events):
    return [event["type"] for event in events]


def test_a_renewal_is_paid_and_moves_the_next_payment_by_one_period(shop):
    one = first(shop, "active")
    before = record(shop, one)
    events = shop.act(one, "renew")
    after = record(shop, one)
    assert told(events) == ["order.created", "order.updated", "subscription.updated"]
    assert after["next_payment"] == step(before["next_payment"], (before["period"], before["count"]))
    assert after["last_payment"] == shop.clock.now()
    assert (orders(shop, one)[-1]["status"], orders(shop, one)[-1]["relation"]) == ("completed", "renewal")


def test_a_failed_renewal_puts_on_hold_and_is_tried_again(shop):
    one = first(shop, "active")
    events = shop.act(one, "fail_payment")
    shown = shop.retrieve(one)
    assert told(events) == ["order.created", "order.updated", "subscription.updated"]
    assert shown["status"] == "on-hold"
    assert record(shop, one)["retry"] == shop.clock.now() + HALF_DAY
    assert shown["payment_retry_date_gmt"] > shown["date_modified_gmt"]
    assert orders(shop, one)[-1]["status"] == "pending"


def test_after_the_last_attempt_the_order_has_failed_and_nothing_is_tried_again(shop):
    one = first(shop, "active")
    pauses = []
    for _ in range(5):
        shop.act(one, "fail_payment")
        pauses.append((record(shop, one)["retry"] - shop.clock.now()) // HALF_DAY)
    count = len(orders(shop, one))
    shop.act(one, "fail_payment")
    assert pauses == [1, 1, 2, 4, 6]
    assert (orders(shop, one)[-1]["status"], len(orders(shop, one))) == ("failed", count)
    assert shop.retrieve(one)["payment_retry_date_gmt"] == ""
    assert shop.retrieve(one)["status"] == "on-hold"
    with pytest.raises(NotPossible):
        shop.act(one, "fail_payment")


def test_a_missing_payment_that_comes_makes_active_again(shop):
    one = first(shop, "active")
    shop.act(one, "fail_payment")
    events = shop.act(one, "recover")
    after = record(shop, one)
    assert told(events) == ["order.updated", "subscription.updated"]
    assert (after["status"], after["retry"], after["last_payment"]) == ("active", None, shop.clock.now())
    assert orders(shop, one)[-1]["status"] == "completed"


def test_a_first_payment_makes_active(shop):
    one = shop.create_subscription(scenario="first payment awaited")
    assert (one["status"], one["last_payment_date_gmt"]) == ("pending", "")
    shop.act(str(one["id"]), "recover")
    shown = shop.retrieve(one["id"])
    assert (shown["status"], shown["last_payment_date_gmt"]) == ("active", shown["date_modified_gmt"])


def test_a_pause_has_no_retry_and_a_paid_newest_order(shop):
    one = first(shop, "active")
    shop.act(one, "pause")
    assert shop.retrieve(one)["payment_retry_date_gmt"] == ""
    assert shop.retrieve(one)["status"] == "on-hold"
    assert orders(shop, one)[-1]["status"] in ("completed", "processing", "refunded")
    with pytest.raises(NotPossible, match="No order waits"):
        shop.act(one, "recover")


def test_a_reactivation_after_a_long_pause_plans_a_payment_that_is_still_to_come(shop):
    one = first(shop, "active")
    shop.act(one, "pause")
    shop.clock.move_to(int(NOW.timestamp()) + 1000 * 86_400)
    shop.act(one, "reactivate")
    after = record(shop, one)
    assert after["status"] == "active"
    assert shop.clock.now() < after["next_payment"] <= step(shop.clock.now(), (after["period"], after["count"]))


def test_leaving_ends_with_the_paid_term_and_can_be_taken_back(shop):
    one = first(shop, "active")
    planned = record(shop, one)["next_payment"]
    shop.act(one, "leave")
    leaving = record(shop, one)
    assert (leaving["status"], leaving["end"], leaving["next_payment"]) == ("pending-cancel", planned, None)
    assert leaving["cancelled"] == shop.clock.now()
    shop.act(one, "reactivate")
    after = record(shop, one)
    assert (after["status"], after["end"], after["next_payment"], after["cancelled"]) == ("active", None, planned, None)


def test_a_cancellation_after_leaving_keeps_the_day_it_was_asked_for(shop):
    one = first(shop, "active")
    shop.act(one, "leave")
    asked = record(shop, one)["cancelled"]
    shop.act(one, "cancel")
    after = record(shop, one)
    assert (after["status"], after["cancelled"], after["end"]) == ("cancelled", asked, shop.clock.now())


def test_an_expiry_is_no_cancellation(shop):
    one = first(shop, "active")
    shop.act(one, "expire")
    shown = shop.retrieve(one)
    assert (shown["status"], shown["cancelled_date_gmt"]) == ("expired", "")
    assert shown["end_date_gmt"] == shown["date_modified_gmt"]


def test_a_switch_changes_the_items_and_leaves_an_order(shop):
    one = first(shop, "active")
    before = {item["product"] for item in record(shop, one)["lines"]["items"]}
    kept = [order["lines"] for order in orders(shop, one)]
    events = shop.act(one, "switch")
    after = {item["product"] for item in record(shop, one)["lines"]["items"]}
    assert not before & after
    assert told(events) == ["order.created", "subscription.switched", "subscription.updated"]
    assert orders(shop, one)[-1]["relation"] == "switch"
    assert [order["lines"] for order in orders(shop, one)][:-1] == kept


def test_a_switch_to_another_subscription_ends_the_first(shop):
    one = first(shop, "active")
    events = shop.act(one, "switch_away")
    assert told(events) == ["subscription.updated", "subscription.switched", "subscription.created"]
    assert (shop.retrieve(one)["status"], shop.retrieve(one)["next_payment_date_gmt"]) == ("switched", "")
    new = shop.retrieve(events[-1]["resource"])
    assert (new["status"], new["billing"]) == ("active", shop.retrieve(one)["billing"])


def test_a_resubscription_is_a_new_record_that_can_come_only_once(shop):
    ended = [one for one in shop.store["subscription"] if one["status"] == "cancelled"]
    one = next(one["id"] for one in ended if "resubscribed_to" not in one)
    events = shop.act(one, "resubscribe")
    new = shop.retrieve(events[-1]["resource"])
    assert told(events) == ["subscription.updated", "subscription.created"]
    assert (new["resubscribed_from"], shop.retrieve(one)["resubscribed_subscription"]) == (one, str(new["id"]))
    with pytest.raises(NotPossible):
        shop.act(one, "resubscribe")


def test_refunds_end_when_all_went_back(shop):
    one = str(shop.create_subscription()["id"])
    shop.act(one, "refund_half")
    assert orders(shop, one)[-1]["status"] == "completed"
    assert told(shop.act(one, "refund")) == ["order.updated"]
    assert orders(shop, one)[-1]["status"] == "refunded"
    with pytest.raises(NotPossible, match="Nothing was paid"):
        shop.act(one, "refund")


def test_a_deletion_leaves_the_orders(shop):
    one = first(shop, "active")
    count = len(orders(shop, one))
    assert told(shop.act(one, "delete")) == ["subscription.deleted"]
    with pytest.raises(KeyError):
        shop.retrieve(one)
    assert len(orders(shop, one)) == count > 0


def test_a_plugins_own_status_is_listed_with_the_others(shop):
    shop.act(first(shop, "active"), "park")
    assert "awaiting-parcel" in {one["status"] for one in shop.store["subscription"]}


@pytest.mark.parametrize("action", sorted(VERBS))
def test_a_verb_says_where_it_is_not_possible(shop, action):
    refused = set()
    for one in shop.ids():
        if not VERBS[action].allows(record(shop, one)):
            with pytest.raises(NotPossible, match=f"{action} is not possible"):
                shop.act(one, action)
            refused.add(one)
    everywhere = ("refund", "refund_half", "change_email", "trash", "delete")
    assert bool(refused) == (action not in everywhere)


def test_unknown_verbs_and_subscriptions_are_refused(shop):
    with pytest.raises(NotPossible, match="There is no action explode"):
        shop.act(shop.ids()[0], "explode")
    with pytest.raises(KeyError, match="999999"):
        shop.act("999999", "pause")


def test_a_renamed_product_keeps_the_names_of_what_was_sold(shop):
    item = record(shop, first(shop, "active"))["lines"]["items"][0]
    events = shop.rename_product(item["product"], "Another name")
    assert told(events) == ["product.updated"]
    assert shop.retrieve(item["product"], "product")["name"] == "Another name"
    assert record(shop, first(shop, "active"))["lines"]["items"][0]["name"] == item["name"] != "Another name"


def test_life_brings_everything_and_is_the_same_for_the_same_seed():
    shop = open_shop(subscriptions=60)
    events = shop.tick(n=400)
    counts = Counter(told(events))
    assert set(counts) == {
        *("subscription.created", "subscription.updated", "subscription.deleted", "subscription.switched"),
        *("order.created", "order.updated", "customer.created", "product.updated"),
    }
    assert shop.counts()["subscription"] > 60
    assert {one["status"] for one in shop.store["subscription"]} >= {"active", "on-hold", "cancelled", "pending-cancel"}
    again = open_shop(subscriptions=60)
    assert again.tick(n=400) == events
    assert all(shop.retrieve(one) == again.retrieve(one) for one in shop.ids())


def test_life_goes_on_in_an_empty_shop():
    shop = open_shop(subscriptions=0)
    assert shop.tick()[-1]["type"] in ("subscription.created", "product.updated")
    shop.tick(n=60)
    assert shop.counts()["subscription"] > 0


def test_dates_agree_with_the_status_also_after_much_life():
    shop = open_shop(subscriptions=60)
    shop.tick(n=500)
    for one in shop.store["subscription"]:
        over = one["status"] in ("cancelled", "expired", "switched")
        assert bool(one["next_payment"]) != (over or one["status"] == "pending-cancel"), one["status"]
        assert not one["retry"] or one["status"] == "on-hold"
        assert not over or one["end"] <= shop.clock.now()
        assert one["status"] != "active" or one["next_payment"] > shop.clock.now()


def test_the_moment_can_be_chosen(shop):
    events = shop.tick(now=NOW.replace(year=2027))
    assert events[0]["created"] == int(NOW.replace(year=2027).timestamp()) + 1


def test_raw_fields_can_be_set(shop):
    one = first(shop, "active")
    shop.set(one, status="flux", number="A-17", note="Ring twice", shipping={"city": "Köln"})
    shown = shop.retrieve(one)
    assert (shown["status"], shown["number"], shown["customer_note"]) == ("flux", "A-17", "Ring twice")
    assert shown["shipping"]["city"] == "Köln"
    assert set(shown["shipping"]) >= {"postcode", "country"}


def test_a_sale_takes_what_is_chosen(shop):
    product = shop.ids("product")[0]
    customer = next(one["customer"] for one in shop.store["subscription"] if one["customer"] != "0")
    sold = shop.create_subscription(
        product=product, quantity=3, customer=customer, note="Soon", billing={"city": "Ravenna"}
    )
    assert sold["line_items"][0]["product_id"] == int(product)
    assert (sold["line_items"][0]["quantity"], sold["customer_id"]) == (3, int(customer))
    assert (sold["customer_note"], sold["billing"]["city"]) == ("Soon", "Ravenna")
    order = shop.retrieve(sold["parent_id"], "order")
    assert order["billing"] == sold["billing"]
