"""What happens in a shop: each verb, random ticks, and the events they cause."""

import time
from collections import Counter
from datetime import timedelta

import pytest

from integrations.sandbox.periods import period_at, step
from tests.integrations.sandbox.conftest import NOW, open_shop

AT = int(NOW.timestamp())


def types(events):
    return [event["type"] for event in events]


def invoice_of(shop, one):
    return shop.retrieve(shop.retrieve(one)["latest_invoice"])


@pytest.fixture
def one(shop):
    """A plain monthly subscription, just begun."""
    price = next(price["id"] for price in shop.store["price"] if price["nickname"] == "Studio Pro")
    return shop.create_subscription(price=price, email="ann@example.com", name="Ann Example")["id"]


def test_a_new_subscription_tells_of_everything_that_began(shop):
    made = shop.create_subscription(email="ann@example.com", quantity=3, metadata={"plan": "gold"})
    assert types(shop.events) == [
        "customer.created",
        "payment_method.attached",
        "customer.subscription.created",
        "invoice.created",
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_succeeded",
    ]
    assert (made["status"], made["metadata"], made["items"]["data"][0]["quantity"]) == ("active", {"plan": "gold"}, 3)
    assert shop.retrieve(made["customer"])["email"] == "ann@example.com"
    assert made["created"] == shop.clock.now() == AT + 1


def test_a_subscription_can_begin_in_any_situation(shop):
    assert shop.create_subscription(status="trialing")["trial_end"] > AT
    assert shop.create_subscription(scenario="late with a transfer")["collection_method"] == "send_invoice"
    assert shop.create_subscription(status="flux", created=AT - 99)["created"] == AT - 99
    with pytest.raises(ValueError, match="There is no scenario"):
        shop.create_subscription(scenario="on fire")


def test_a_known_customer_may_take_another_one(shop, one):
    owner = shop.retrieve(one)["customer"]
    other = shop.create_subscription(customer=owner)
    assert other["customer"] == owner
    assert [event["type"] for event in shop.events].count("customer.created") == 1


def test_a_renewal_is_paid_and_moves_the_period(shop, one):
    before = shop.retrieve(one)["items"]["data"][0]
    events = shop.act(one, "renew")
    after = shop.retrieve(one)["items"]["data"][0]
    assert types(events) == [
        "invoice.created",
        "customer.subscription.updated",
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_succeeded",
    ]
    assert after["current_period_start"] == before["current_period_end"]
    assert after["current_period_end"] == step(before["current_period_end"], ("month", 1))
    assert [event["data"]["object"]["status"] for event in events] == ["draft", "active", "open", "paid", "paid"]
    assert len({event["created"] for event in events}) == 1
    assert invoice_of(shop, one)["billing_reason"] == "subscription_cycle"


def test_a_second_renewal_moves_on_from_the_first(shop, one):
    ends = [shop.retrieve(one)["items"]["data"][0]["current_period_end"]]
    for _ in range(3):
        shop.act(one, "renew")
        ends.append(shop.retrieve(one)["items"]["data"][0]["current_period_end"])
    assert ends == [step(AT + 1, ("month", 1), n) for n in (1, 2, 3, 4)]


def test_an_update_names_what_was_before(shop, one):
    before = shop.retrieve(one)
    event = next(event for event in shop.act(one, "renew") if event["type"] == "customer.subscription.updated")
    told = event["data"]["previous_attributes"]
    assert told["latest_invoice"] == before["latest_invoice"]
    assert told["items"]["data"] == before["items"]["data"]
    assert set(told) == {"items", "latest_invoice"}


def test_a_failed_payment_is_tried_until_it_is_given_up(shop, one):
    statuses, attempts = [], []
    for _ in range(4):
        shop.act(one, "fail_payment")
        statuses.append(shop.retrieve(one)["status"])
        attempts.append(invoice_of(shop, one)["attempt_count"])
    assert statuses == ["past_due", "past_due", "past_due", "unpaid"]
    assert attempts == [1, 2, 3, 4]
    assert invoice_of(shop, one)["next_payment_attempt"] is None


def test_a_late_payment_can_still_come(shop, one):
    shop.act(one, "fail_payment")
    assert invoice_of(shop, one)["next_payment_attempt"] > shop.clock.now()
    events = shop.act(one, "recover")
    assert types(events) == ["invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated"]
    assert shop.retrieve(one)["status"] == "active"
    assert invoice_of(shop, one)["status_transitions"]["paid_at"] == shop.clock.now()


def test_a_cancellation_is_a_deleted_event(shop, one):
    events = shop.act(one, "cancel")
    assert types(events) == ["customer.subscription.deleted"]
    assert shop.retrieve(one)["canceled_at"] == shop.retrieve(one)["ended_at"] == shop.clock.now()


def test_one_that_ends_with_its_period_ends_when_it_would_renew(shop, one):
    shop.act(one, "cancel_at_period_end")
    asked = shop.retrieve(one)["canceled_at"]
    assert types(shop.act(one, "renew")) == ["customer.subscription.deleted"]
    ended = shop.retrieve(one)
    assert (ended["status"], ended["canceled_at"]) == ("canceled", asked)


def test_one_may_be_kept_after_all(shop, one):
    shop.act(one, "cancel_at_period_end")
    shop.act(one, "keep")
    assert shop.retrieve(one)["cancel_at_period_end"] is False


def test_paused_collection_voids_the_next_invoice(shop, one):
    assert types(shop.act(one, "pause")) == ["customer.subscription.updated"]
    assert types(shop.act(one, "renew"))[-1] == "invoice.voided"
    shop.act(one, "resume")
    assert shop.retrieve(one)["pause_collection"] is None
    assert types(shop.act(one, "renew"))[-1] == "invoice.payment_succeeded"


def test_a_price_change_tells_the_old_items(shop, one):
    old = shop.retrieve(one)["items"]["data"][0]["price"]
    event = shop.act(one, "change_price")[0]
    new = shop.retrieve(one)["items"]["data"][0]["price"]
    assert event["data"]["previous_attributes"]["items"]["data"][0]["price"]["id"] == old["id"] != new["id"]
    assert new["currency"] == old["currency"]


def test_a_refund_gives_the_money_of_the_last_payment_back(shop, one):
    paid = invoice_of(shop, one)["total"]
    (event,) = shop.act(one, "refund_half")
    half = event["data"]["object"]
    assert (event["type"], half["amount_refunded"], half["refunded"]) == ("charge.refunded", paid // 2, False)
    (event,) = shop.act(one, "refund")
    assert event["data"]["object"]["amount_refunded"] == event["data"]["object"]["amount"] == paid
    assert event["data"]["previous_attributes"] == {"amount_refunded": paid // 2, "refunded": False}
    with pytest.raises(ValueError, match="Nothing was paid"):
        shop.act(one, "refund")


def test_a_trial_can_be_ended_and_is_paid_for(shop):
    trial = shop.create_subscription(status="trialing")
    assert shop.retrieve(trial["latest_invoice"])["total"] == 0
    shop.act(trial["id"], "end_trial")
    after = shop.retrieve(trial["id"])
    assert (after["status"], after["trial_end"]) == ("active", shop.clock.now())
    assert after["items"]["data"][0]["current_period_start"] == shop.clock.now()
    assert invoice_of(shop, trial["id"])["amount_paid"] > 0


def test_only_the_items_that_are_due_are_renewed(shop, one):
    year = next(price for price in shop.store["price"] if price["nickname"] == "Studio Pro, yearly")["id"]
    ends = step(AT, ("year", 1))
    shop.set(one, items=[{"price": year, "current_period_end": ends}, {"quantity": 2}])
    shop.act(one, "renew")
    first, second = shop.retrieve(one)["items"]["data"]
    assert (first["current_period_end"], first["quantity"], second["quantity"]) == (ends, 1, 2)
    assert second["current_period_end"] == step(AT + 1, ("month", 1), 2)
    assert [line["quantity"] for line in invoice_of(shop, one)["lines"]["data"]] == [2]


@pytest.mark.parametrize(
    ("status", "action"),
    [("canceled", "renew"), ("canceled", "cancel"), ("active", "end_trial"), ("active", "recover"), ("flux", "renew")],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(shop, one, status, action):
    shop.set(one, status=status)
    before, told = shop.retrieve(one), len(shop.events)
    with pytest.raises(ValueError, match="not possible"):
        shop.act(one, action)
    assert (shop.retrieve(one), len(shop.events)) == (before, told)


def test_an_unknown_action_or_subscription_is_named(shop, one):
    with pytest.raises(ValueError, match="There is no action dance"):
        shop.act(one, "dance")
    with pytest.raises(KeyError, match="sub_gone"):
        shop.act("sub_gone", "renew")


def test_any_raw_field_can_be_set(shop, one):
    (event,) = shop.set(one, status="flux", description="odd")
    assert shop.retrieve(one)["status"] == "flux"
    assert event["data"]["previous_attributes"] == {"status": "active", "description": None}


def test_a_customer_can_change_and_go(shop, one):
    owner = shop.retrieve(one)["customer"]
    (event,) = shop.update_customer(owner, email="new@example.com")
    assert event["data"]["previous_attributes"] == {"email": "ann@example.com"}
    assert types(shop.delete_customer(owner)) == ["customer.subscription.deleted", "customer.deleted"]
    assert shop.retrieve(one, expand=["customer"])["customer"]["deleted"] is True


def test_any_event_can_be_told(shop, one):
    event = shop.event("customer.subscription.pending_update_expired", one, created=AT - 60)
    assert (event["created"], event["data"]["object"]["id"]) == (AT - 60, one)
    odd = shop.event("made.up", {"id": 7}, livemode=True)
    assert (odd["data"]["object"], odd["livemode"]) == ({"id": 7}, True)


def test_a_thin_event_names_its_object_only(shop, one):
    event = shop.event("v1.customer.subscription.updated", one, object="v2.core.event")
    assert event["related_object"] == {"id": one, "type": "subscription", "url": f"/v1/subscriptions/{one}"}
    assert "data" not in event
    assert event["created"] == "2026-11-01T12:00:02.000Z"


def test_time_stands_still_but_for_what_happens(shop, one):
    shop.clock.step = 0
    first, second = shop.act(one, "pause"), shop.act(one, "resume")
    assert first[0]["created"] == second[0]["created"] == shop.clock.now()


def test_a_tick_can_go_to_a_moment(shop):
    later = NOW + timedelta(days=9)
    shop.tick(now=later)
    assert shop.clock.now() == int(later.timestamp()) + 1


def test_many_ticks_make_everything_happen():
    shop = open_shop(subscriptions=60)
    seen = Counter(types(shop.tick(n=500)))
    assert set(seen) >= {
        "charge.refunded",
        "customer.created",
        "customer.subscription.created",
        "customer.subscription.deleted",
        "customer.subscription.paused",
        "customer.subscription.resumed",
        "customer.subscription.trial_will_end",
        "customer.subscription.updated",
        "customer.updated",
        "invoice.created",
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_failed",
        "invoice.upcoming",
        "invoice.voided",
        "payment_method.attached",
        "payment_method.updated",
    }
    assert len({event["id"] for event in shop.events}) == sum(seen.values())


def test_an_invoice_to_come_has_no_id():
    shop = open_shop(subscriptions=60)
    upcoming = next(event for event in shop.tick(n=300) if event["type"] == "invoice.upcoming")
    assert "id" not in upcoming["data"]["object"]
    assert upcoming["data"]["object"]["parent"]["subscription_details"]["subscription"].startswith("sub_")


def test_an_empty_shop_comes_to_life():
    shop = open_shop(subscriptions=0)
    shop.tick(n=3)
    assert shop.counts()["subscription"] >= 1


def test_a_shop_lives_by_itself_until_it_is_closed(shop):
    shop.live(every=0.01)
    while len(shop.events) < 3:
        shop.stopped.wait(0.01)
    shop.close()
    told = len(shop.events)
    time.sleep(0.05)
    assert len(shop.events) == told


def test_a_month_ends_on_its_last_day():
    january = 1_769_860_800  # 2026-01-31 12:00 UTC
    assert [step(january, ("month", 1), n) - january for n in (1, 2)] == [28 * 86_400, 59 * 86_400]
    assert period_at(january, ("month", 1), january + 40 * 86_400)[0] == january + 28 * 86_400
