"""A shop's population: the same for the same seed, and with every situation in it."""

import time
from collections import Counter

import pytest

from integrations.sandbox.woocommerce import WooShop
from integrations.sandbox.woocommerce.scenarios import SCENARIOS
from tests.integrations.woocommerce.shops import NOW, open_shop


def everything(shop):
    kinds = ("product", "variation", "customer", "subscription", "order")
    return {kind: [shop.retrieve(one, kind) for one in shop.ids(kind)] for kind in kinds}


def test_the_same_seed_makes_the_same_shop_and_another_seed_another():
    assert everything(open_shop(seed=3)) == everything(open_shop(seed=3))
    assert everything(open_shop(seed=3)) != everything(open_shop(seed=4))


@pytest.mark.parametrize("total", [0, 1, 2, 36, 120])
def test_a_shop_has_as_many_subscriptions_as_were_asked_for(total):
    assert open_shop(subscriptions=total).counts()["subscription"] == total


def test_a_big_customer_comes_on_top():
    shop = open_shop(subscriptions=20, big_customer=70)
    owners = Counter(one["customer"] for one in shop.store["subscription"])
    assert shop.counts()["subscription"] == 90
    assert sum(owners.values()) == 90
    assert max(owners[one] for one in owners if one != "0") > 60


def test_every_status_is_there():
    statuses = {one["status"] for one in open_shop(subscriptions=36).store["subscription"]}
    assert statuses == {"pending", "active", "on-hold", "pending-cancel", "cancelled", "switched", "expired"}


def newest(shop, one):
    return (shop.store["order"].owned(one["id"]) or [{"status": "none"}])[-1]["status"]


def test_on_hold_has_each_of_its_reasons():
    shop = open_shop(subscriptions=36)
    held = [one for one in shop.store["subscription"] if one["status"] == "on-hold"]
    reasons = {(bool(one["retry"]), newest(shop, one)) for one in held}
    assert reasons == {(False, "completed"), (True, "pending"), (False, "failed"), (False, "on-hold")}


def test_dates_agree_with_the_status():
    shop = open_shop(subscriptions=150)
    now = int(NOW.timestamp())
    for one in shop.store["subscription"]:
        over = one["status"] in ("cancelled", "expired", "switched")
        assert one["created"] <= one["start"] <= now
        assert bool(one["next_payment"]) != (over or one["status"] == "pending-cancel")
        assert bool(one["cancelled"]) == (one["status"] in ("cancelled", "pending-cancel"))
        assert not over or one["end"] <= now
        assert one["status"] != "pending-cancel" or one["end"] > now
        assert one["next_payment"] is None or one["next_payment"] > now
        assert one["retry"] is None or one["retry"] > now
        assert one["last_payment"] is None or one["last_payment"] <= now
        changes = [at for at in (one["created"], one["last_payment"], one["cancelled"], one["end"]) if at and at <= now]
        assert max(changes) <= one["modified"] <= now


def test_orders_come_in_the_order_of_their_periods():
    shop = open_shop(subscriptions=150)
    for one in shop.store["subscription"]:
        created = [order["created"] for order in shop.store["order"].owned(one["id"])]
        assert created == sorted(created)
        assert len(created) <= 4
        if one["parent"] and len(created) > 1:
            assert shop.store["order"].owned(one["id"])[0]["id"] == one["parent"]


@pytest.mark.parametrize("name", [scenario.name for scenario in SCENARIOS])
def test_each_situation_can_be_sold(name):
    shop = open_shop(subscriptions=0)
    sold = shop.create_subscription(scenario=name, email="ada@example.com", name="Ada Byron King")
    scenario = next(one for one in SCENARIOS if one.name == name)
    assert sold["status"] == scenario.status
    assert (sold["billing"]["email"], sold["billing"]["first_name"], sold["billing"]["last_name"]) == (
        "ada@example.com",
        "Ada Byron",
        "King",
    )


def test_an_unknown_situation_is_refused():
    with pytest.raises(ValueError, match="There is no scenario lost"):
        open_shop(subscriptions=0).create_subscription(scenario="lost")


def test_five_thousand_subscriptions_are_made_in_no_time():
    started = time.process_time()
    assert WooShop(subscriptions=5000).counts()["subscription"] == 5000
    assert time.process_time() - started < 5
