"""What happens in a PayPal account: each verb, random ticks, and the events they cause."""

from collections import Counter

import pytest

from integrations.sandbox.paypal.events import TYPES
from tests.integrations.sandbox.paypal.conftest import AT, control, open_shop

SUBSCRIPTION = "BILLING.SUBSCRIPTION."


def types(events):
    return [event["event_type"].removeprefix(SUBSCRIPTION) for event in events]


@pytest.fixture
def one(shop):
    """A plain monthly subscription in dollars, just begun."""
    plan = next(plan["id"] for plan in shop.store["plan"] if plan["name"] == "Studio Pro")
    return shop.create_subscription(plan=plan, email="ann@example.com", name="Ann Example")["id"]


def completed(shop, one):
    return [part["cycles_completed"] for part in shop.retrieve(one)["billing_info"]["cycle_executions"]]


def test_a_new_subscription_is_created_by_nobody_then_activated_and_paid(shop, one):
    created, activated, paid = shop.events
    assert types(shop.events) == ["CREATED", "ACTIVATED", "PAYMENT.SALE.COMPLETED"]
    assert created["resource"]["status"] == "APPROVAL_PENDING"
    assert not {"subscriber", "billing_info"} & set(created["resource"])
    assert activated["resource"] == shop.retrieve(one)
    assert activated["resource"]["subscriber"]["email_address"] == "ann@example.com"
    assert paid["resource"]["billing_agreement_id"] == one
    assert paid["resource"]["amount"]["total"] == "31.47"
    assert activated["resource"]["billing_info"]["last_payment"]["amount"] == {"currency_code": "USD", "value": "31.47"}


def test_an_event_looks_as_paypals_do(shop, one):
    created, _, paid = shop.events
    assert set(created) - set(paid) == {"resource_version"}
    assert (created["resource_type"], created["resource_version"], created["event_version"]) == (
        *("subscription", "2.0"),
        "1.0",
    )
    assert (paid["resource_type"], paid["create_time"]) == ("sale", "2026-11-01T12:00:01.014Z")
    assert [link["rel"] for link in paid["links"]] == ["self", "resend"]
    assert created["links"][0]["href"].startswith("https://api.sandbox.paypal.com/v1/notifications/webhooks-events/WH-")


def test_a_live_account_links_to_paypals_live_address():
    shop = open_shop(livemode=True)
    shop.create_subscription()
    assert shop.events[0]["links"][0]["href"].startswith("https://api.paypal.com/")


def test_a_pending_one_is_approved_by_somebody(shop):
    made = shop.create_subscription(status="APPROVAL_PENDING")
    assert "subscriber" not in made
    assert types(shop.events) == ["CREATED"]
    assert sorted(types(shop.act(made["id"], "approve"))) == ["ACTIVATED", "PAYMENT.SALE.COMPLETED"]
    after = shop.retrieve(made["id"])
    assert (after["status"], after["start_time"]) == ("ACTIVE", "2026-11-01T12:00:02Z")
    assert after["subscriber"]["payer_id"] in shop.ids("payer")


def test_a_free_trial_is_paid_for_only_when_it_is_over(shop):
    plan = next(plan["id"] for plan in shop.store["plan"] if plan["name"].endswith("free fortnight"))
    pending = shop.create_subscription(plan=plan, status="APPROVAL_PENDING")["id"]
    assert types(shop.act(pending, "approve")) == ["ACTIVATED"]
    assert completed(shop, pending) == [0, 0]
    assert shop.retrieve(pending)["billing_info"]["next_billing_time"] == "2026-11-15T12:00:02Z"
    assert types(shop.act(pending, "renew")) == ["PAYMENT.SALE.COMPLETED"]
    assert completed(shop, pending) == [1, 1]
    assert shop.retrieve(pending)["billing_info"]["next_billing_time"] == "2026-12-15T12:00:02Z"


def test_a_trial_may_cost_something_and_have_several_cycles(shop):
    plan = next(plan["id"] for plan in shop.store["plan"] if plan["name"].endswith("Probe"))
    one = shop.create_subscription(plan=plan, status="APPROVAL_PENDING")["id"]
    paid = []
    for action in ("approve", "renew", "renew"):
        sale = next(event for event in shop.act(one, action) if "SALE" in event["event_type"])
        paid.append((sale["resource"]["amount"]["total"], completed(shop, one)))
    assert paid == [("1.00", [0, 0]), ("1.00", [1, 0]), ("27.00", [2, 1])]


def test_a_renewal_is_a_sale_and_moves_the_date(shop, one):
    (sale,) = shop.act(one, "renew")
    assert sale["event_type"] == "PAYMENT.SALE.COMPLETED"
    assert set(sale["resource"]["amount"]) == {"total", "currency", "details"}
    billing = shop.retrieve(one)["billing_info"]
    assert completed(shop, one) == [2]
    assert billing["last_payment"]["time"] == "2026-11-01T12:00:02Z"
    assert billing["next_billing_time"] == "2027-01-01T12:00:01Z"


def test_a_payment_that_comes_late_is_for_its_own_cycle(shop, one):
    shop.act(one, "fail_payment")
    assert shop.retrieve(one)["billing_info"]["next_billing_time"] == "2027-01-01T12:00:01Z"
    assert completed(shop, one) == [1]
    shop.act(one, "recover")
    assert shop.retrieve(one)["billing_info"]["next_billing_time"] == "2027-01-01T12:00:01Z"
    assert completed(shop, one) == [2]


def test_a_failed_payment_leaves_the_subscription_active_until_the_third(shop, one):
    (failed,) = shop.act(one, "fail_payment")
    assert types([failed]) == ["PAYMENT.FAILED"]
    resource = failed["resource"]
    assert (resource["status"], resource["billing_info"]["failed_payments_count"]) == ("ACTIVE", 1)
    assert resource["billing_info"]["last_failed_payment"]["next_payment_retry_time"] == "2026-11-06T12:00:02Z"
    shop.act(one, "fail_payment")
    assert types(shop.act(one, "fail_payment")) == ["PAYMENT.FAILED", "SUSPENDED"]
    assert shop.retrieve(one)["status"] == "SUSPENDED"
    assert sorted(types(shop.act(one, "recover"))) == ["PAYMENT.SALE.COMPLETED", "RE-ACTIVATED"]
    after = shop.retrieve(one)
    assert (after["status"], after["billing_info"]["failed_payments_count"]) == ("ACTIVE", 0)


@pytest.mark.parametrize(
    ("actions", "event", "status"),
    [
        (("suspend",), "SUSPENDED", "SUSPENDED"),
        (("suspend", "activate"), "RE-ACTIVATED", "ACTIVE"),
        (("cancel",), "CANCELLED", "CANCELLED"),
        (("expire",), "EXPIRED", "EXPIRED"),
        (("revise",), "UPDATED", "ACTIVE"),
    ],
)
def test_a_change_of_status_is_told(shop, one, actions, event, status):
    told = [types(shop.act(one, action)) for action in actions]
    assert told[-1] == [event]
    after = shop.retrieve(one)
    assert (after["status"], shop.events[-1]["resource"]) == (status, after)
    assert ("next_billing_time" in after["billing_info"]) == (status not in ("CANCELLED", "EXPIRED"))


def test_the_last_cycle_has_nothing_after_it(shop):
    one = shop.create_subscription(scenario="last cycle")["id"]
    shop.act(one, "renew")
    assert "next_billing_time" not in shop.retrieve(one)["billing_info"]
    with pytest.raises(ValueError, match="not possible"):
        shop.act(one, "renew")


def test_a_payment_is_refunded_in_part_and_then_as_a_whole(shop, one):
    (half,) = shop.act(one, "refund_half")
    sale = half["resource"]["sale_id"]
    assert (half["event_type"], half["resource_type"]) == ("PAYMENT.SALE.REFUNDED", "refund")
    assert half["resource"]["amount"] == {"total": "15.73", "currency": "USD"}
    assert shop.store["transaction"][sale]["status"] == "PARTIALLY_REFUNDED"
    (rest,) = shop.act(one, "refund")
    assert rest["resource"]["total_refunded_amount"] == {"value": "31.47", "currency": "USD"}
    assert shop.store["transaction"][sale]["status"] == "REFUNDED"
    with pytest.raises(ValueError, match="Nothing was paid"):
        shop.act(one, "refund")


def test_a_payment_can_be_reversed(shop, one):
    (reversal,) = shop.act(one, "reverse")
    assert (reversal["event_type"], reversal["resource_type"]) == ("PAYMENT.SALE.REVERSED", "sale")
    assert reversal["resource"]["amount"]["total"] == "-31.47"
    assert reversal["resource"]["billing_agreement_id"] == one


def test_a_sale_may_not_say_what_it_is_for(shop, one):
    shop.faults.no_agreement = 2
    sales = [event for action in ("renew", "refund", "renew") for event in shop.act(one, action)]
    assert ["billing_agreement_id" in sale["resource"] for sale in sales] == [False, False, True]


def test_an_order_is_approved_and_completed(shop):
    order = shop.create_order(currency="EUR")
    (event,) = shop.act(order["id"], "complete")
    assert [event["event_type"] for event in shop.events] == ["CHECKOUT.ORDER.APPROVED", "CHECKOUT.ORDER.COMPLETED"]
    assert (event["resource_type"], event["resource"]["status"]) == ("checkout-order", "COMPLETED")
    with pytest.raises(ValueError, match="not possible while the order is COMPLETED"):
        shop.act(order["id"], "complete")


@pytest.mark.parametrize(
    ("status", "action"),
    [("CANCELLED", "renew"), ("CANCELLED", "cancel"), ("ACTIVE", "approve"), ("ACTIVE", "recover"), ("FLUX", "renew")],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(shop, one, status, action):
    shop.set(one, status=status)
    before, told = shop.retrieve(one), len(shop.events)
    with pytest.raises(ValueError, match="not possible"):
        shop.act(one, action)
    assert (shop.retrieve(one), len(shop.events)) == (before, told)


def test_an_unknown_action_subscription_scenario_or_currency_is_named(shop, one):
    with pytest.raises(ValueError, match="There is no action dance"):
        shop.act(one, "dance")
    with pytest.raises(KeyError, match="I-GONE"):
        shop.act("I-GONE", "renew")
    with pytest.raises(ValueError, match="There is no scenario on fire"):
        shop.create_subscription(scenario="on fire")
    with pytest.raises(ValueError, match="Nothing is sold for XXX"):
        shop.create_subscription(currency="XXX")


def test_any_raw_field_can_be_set_or_taken_away(shop, one):
    (event,) = shop.set(one, status="FLUX", quantity="2.5", plan_overridden=True, start_time=None)
    shown = shop.retrieve(one)
    assert (shown["status"], shown["quantity"], shown["plan_overridden"]) == ("FLUX", "2.5", True)
    assert "start_time" not in shown
    shop.set(one, status="ACTIVE")
    assert shop.act(one, "renew")[0]["resource"]["amount"]["total"] == "31.47"
    shop.set(one, status="FLUX")
    shown, event = shop.retrieve(one), shop.events[-1]
    assert (types([event]), event["resource"]) == (["UPDATED"], shown)


def test_a_payer_can_change_and_each_subscription_says_so(shop, one):
    payer = shop.retrieve(one)["subscriber"]["payer_id"]
    other = shop.create_subscription(payer=payer)["id"]
    events = shop.update_payer(payer, email=None, name="Ann New Name")
    assert [event["resource"]["id"] for event in events] == [one, other]
    subscriber = shop.retrieve(other)["subscriber"]
    assert (subscriber["name"], "email_address" in subscriber) == (
        {"given_name": "Ann New", "surname": "Name"},
        False,
    )
    with pytest.raises(ValueError, match="has no shoe"):
        shop.update_payer(payer, shoe=43)


def test_any_event_can_be_told(shop, one):
    event = shop.event("BILLING.SUBSCRIPTION.REMEMBERED", one, created=AT - 60)
    assert (event["resource_type"], event["resource"]["id"]) == ("subscription", one)
    assert event["create_time"] == "2026-11-01T11:59:00.000Z"
    odd = shop.event("MADE.UP", {"id": 7}, event_version="9.9")
    assert (odd["resource"], odd["event_version"], odd["resource_type"]) == ({"id": 7}, "9.9", "object")
    with pytest.raises(KeyError, match="I-GONE"):
        shop.event("BILLING.SUBSCRIPTION.UPDATED", "I-GONE")


def test_time_stands_still_but_for_what_happens(shop, one):
    shop.clock.step = 0
    first, second = shop.act(one, "suspend"), shop.act(one, "activate")
    assert first[0]["create_time"] == second[0]["create_time"]


def test_many_ticks_make_everything_happen():
    shop = open_shop(subscriptions=60)
    seen = Counter(event["event_type"] for event in shop.tick(n=700))
    assert set(seen) == set(TYPES)
    assert len({event["id"] for event in shop.events}) == sum(seen.values())
    sales = [event["resource"] for event in shop.events if event["event_type"] == "PAYMENT.SALE.COMPLETED"]
    missing = sum("billing_agreement_id" not in sale for sale in sales)
    assert 0 < missing < len(sales) / 10


def test_an_empty_shop_comes_to_life():
    shop = open_shop(subscriptions=0)
    shop.tick(n=3)
    assert shop.counts()["subscription"] >= 1


def test_things_happen_over_http(shop, server, one):
    acted = control(server, "act", subscription=one, action="renew").json["events"]
    assert [event["type"] for event in acted] == ["PAYMENT.SALE.COMPLETED"]
    assert len(control(server, "tick", n=4).json["events"]) >= 4
    made = control(server, "create", email="new@example.com", quantity=3).json
    assert shop.retrieve(made["id"])["quantity"] == "3"
    told = control(server, "event", type="BILLING.SUBSCRIPTION.REMEMBERED", subscription=one).json
    assert (told["type"], shop.events[-1]["id"]) == ("BILLING.SUBSCRIPTION.REMEMBERED", told["id"])
    assert control(server, "order", currency="GBP").json["status"] == "APPROVED"
    assert control(server, "state", "GET").json["counts"] == shop.counts()


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("act", {"subscription": "I-GONE", "action": "renew"}),
        ("create", {"scenario": "on fire"}),
        ("event", {}),
        ("order", {"payer": "NOBODY"}),
        ("faults", {"foreign_root": "yes"}),
        ("faults", {"explode": 1}),
    ],
)
def test_a_wrong_order_is_refused(server, path, given):
    assert control(server, path, **given).status == 400
