"""Both API shapes, by the version of the request and of the webhook endpoint."""

import pytest
import stripe

from integrations.sandbox.server import serve
from tests.integrations.sandbox.conftest import ask, open_shop

OLD, BASIL, NEW = "2024-06-20", "2025-03-31.basil", "2026-10-28.endive"


def subscriptions(client, version, **params):
    page = client.v1.subscriptions.list({"status": "all", "limit": 100, **params}, {"stripe_version": version})
    return page.to_dict()["data"]


def test_the_period_is_on_the_subscription_before_basil_and_on_the_items_since(reader):
    for old, new in zip(subscriptions(reader, OLD), subscriptions(reader, BASIL), strict=True):
        assert "current_period_end" not in new
        assert "current_period_end" not in old["items"]["data"][0]
        assert old["current_period_end"] == min(item["current_period_end"] for item in new["items"]["data"])


def test_the_discount_is_single_before_basil_and_a_list_since(reader):
    pairs = zip(subscriptions(reader, OLD), subscriptions(reader, NEW), strict=True)
    discounts = [(old["discount"], new["discounts"]) for old, new in pairs]
    assert all((old["id"] if old else None) == (new[0] if new else None) for old, new in discounts)
    assert any(old for old, _ in discounts)
    assert all(old["coupon"]["object"] == "coupon" for old, _ in discounts if old)


def test_a_discount_names_its_coupon_itself_until_clover(reader):
    shown = subscriptions(reader, BASIL, expand=["data.discounts"])
    discounts = [discount for one in shown for discount in one["discounts"]]
    assert discounts
    assert all(discount["coupon"]["id"] and "source" not in discount for discount in discounts)


def test_an_invoice_points_to_its_subscription_in_the_way_of_its_version(reader, town):
    one = next(one for one in town.shop.store["invoice"] if one["status"] == "paid")
    old = reader.v1.invoices.retrieve(one["id"], {}, {"stripe_version": OLD}).to_dict()
    new = reader.v1.invoices.retrieve(one["id"], {}, {"stripe_version": NEW}).to_dict()
    assert old["subscription"] == new["parent"]["subscription_details"]["subscription"] == one["subscription"]
    assert "parent" not in old
    assert new.keys().isdisjoint({"subscription", "charge", "paid", "tax"})
    assert old["paid"] is True


def test_taxes_say_the_same_in_both_shapes(reader, town):
    taxed = [one["id"] for one in town.shop.store["invoice"] if "tax" in one][:40]
    behaviours = set()
    for identity in taxed:
        old = reader.v1.invoices.retrieve(identity, {}, {"stripe_version": OLD}).to_dict()
        new = reader.v1.invoices.retrieve(identity, {}, {"stripe_version": NEW}).to_dict()
        assert old["tax"] == old["total_tax_amounts"][0]["amount"] == new["total_taxes"][0]["amount"]
        behaviours.add(new["total_taxes"][0]["tax_behavior"])
        assert old["total_tax_amounts"][0]["inclusive"] == (new["total_taxes"][0]["tax_behavior"] == "inclusive")
    assert behaviours == {"inclusive", "exclusive"}


def test_without_a_version_the_shape_is_the_shops_own():
    with serve(open_shop(shape=OLD)) as server:
        answer = ask(server, f"/v1/subscriptions/{server.shop.ids()[0]}")
    assert "current_period_end" in answer.json
    assert answer.headers["Stripe-Version"] == OLD


def test_a_version_that_is_none_is_refused(reader):
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        reader.v1.subscriptions.list({}, {"stripe_version": "yesterday"})


def test_an_event_has_the_shape_of_its_endpoint(shop, receivers):
    old, new = receivers(), receivers()
    shop.add_endpoint(old.url, api_version=OLD)
    shop.add_endpoint(new.url)
    active = next(one["id"] for one in shop.store["subscription"] if one["status"] == "active")
    shop.act(active, "renew")
    assert shop.flush()
    shop.close()
    was, now = (
        next(one.event for one in receiver.received if one.event["type"] == "customer.subscription.updated")
        for receiver in (old, new)
    )
    assert (was["api_version"], now["api_version"]) == (OLD, NEW)
    assert was["id"] == now["id"]
    assert "current_period_end" in was["data"]["previous_attributes"]
    assert "items" in now["data"]["previous_attributes"]
    assert "current_period_end" not in now["data"]["object"]


def test_a_charge_names_its_invoice_only_in_the_old_shape(reader, town):
    paid = next(one for one in town.shop.store["invoice"] if one.get("attempt_count") and one["status"] == "paid")
    old = reader.v1.invoices.retrieve(paid["id"], {}, {"stripe_version": OLD}).to_dict()
    charge = reader.v1.charges.retrieve(old["charge"], {}, {"stripe_version": OLD}).to_dict()
    assert (charge["invoice"], charge["amount"]) == (paid["id"], old["total"])
    assert "invoice" not in reader.v1.charges.retrieve(old["charge"]).to_dict()
    payments = reader.v1.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": charge["payment_intent"]}}
    )
    assert [one.invoice for one in payments.data] == [paid["id"]]
