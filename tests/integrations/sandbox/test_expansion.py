"""Expansion: ids become objects, four levels deep and no deeper."""

import pytest
import stripe

from tests.integrations.sandbox.conftest import open_shop

USUAL = [
    "data.customer",
    "data.latest_invoice",
    "data.default_payment_method",
    "data.customer.invoice_settings.default_payment_method",
]


def test_a_list_shows_what_was_asked_for_in_full(reader):
    page = reader.v1.subscriptions.list({"limit": 100, "status": "all", "expand": USUAL})
    assert all(one.latest_invoice.object == "invoice" for one in page.data)
    cards = [one.default_payment_method for one in page.data if one.default_payment_method]
    standard = [
        one.customer.invoice_settings.default_payment_method
        for one in page.data
        if not one.customer.to_dict().get("deleted") and one.customer.invoice_settings.default_payment_method
    ]
    assert {card.object for card in cards + standard} == {"payment_method"}
    assert all(1 <= card.card.exp_month <= 12 for card in cards + standard)


def test_nothing_is_expanded_unless_asked_for(reader):
    one = reader.v1.subscriptions.list({"limit": 1}).data[0]
    assert one.customer.startswith("cus_")
    assert one.latest_invoice.startswith("in_")


def test_a_deleted_customer_is_shown_as_deleted(reader, town):
    gone = next(one["id"] for one in town.shop.store["customer"] if one.get("deleted"))
    page = reader.v1.subscriptions.list({"customer": gone, "status": "all", "expand": USUAL})
    assert page.data[0].customer.to_dict() == {"id": gone, "object": "customer", "deleted": True}


def test_a_single_subscription_shows_the_products_of_its_items(reader, town):
    one = reader.v1.subscriptions.retrieve(town.shop.ids()[0], {"expand": ["items.data.price.product"]})
    assert all(item.price.product.metadata["category"] for item in one.items.data)


def test_a_price_shows_its_tiers_only_when_asked(reader, town):
    tiered = next(one["id"] for one in town.shop.store["price"] if one.get("billing_scheme") == "tiered")
    assert "tiers" not in reader.v1.prices.retrieve(tiered).to_dict()
    shown = reader.v1.prices.retrieve(tiered, {"expand": ["tiers"]})
    assert (shown.unit_amount, shown.tiers[0].up_to, shown.tiers[-1].up_to) == (None, 10, None)


def test_a_customer_shows_their_subscriptions_when_asked(reader, town):
    subscription = next(one for one in town.shop.store["subscription"] if one["status"] == "active")
    shown = reader.v1.customers.retrieve(subscription["customer"], {"expand": ["subscriptions"]})
    assert subscription["id"] in [one.id for one in shown.subscriptions.data]


def test_discounts_lead_to_their_coupon(reader):
    page = reader.v1.subscriptions.list({"limit": 100, "expand": ["data.discounts.source.coupon"]})
    coupons = [discount.source.coupon for one in page.data for discount in one.discounts]
    assert {bool(coupon.percent_off) for coupon in coupons} == {True, False}


@pytest.mark.parametrize("path", ["data.items.data.price.product", "data.customer.subscriptions.data.customer"])
def test_a_fifth_level_is_refused(reader, path):
    with pytest.raises(stripe.InvalidRequestError, match="You cannot expand more than 4 levels of a property"):
        reader.v1.subscriptions.list({"expand": [path]})


@pytest.mark.parametrize("path", ["data.metadata", "data.status", "data", "data.items", "data.customer.email"])
def test_what_is_no_link_is_refused(reader, path):
    with pytest.raises(stripe.InvalidRequestError, match="This property cannot be expanded") as refusal:
        reader.v1.subscriptions.list({"expand": [path]})
    assert refusal.value.http_status == 400


def test_a_path_without_data_gets_a_hint(reader):
    with pytest.raises(stripe.InvalidRequestError, match=r"try expanding 'data\.customer' instead"):
        reader.v1.subscriptions.list({"expand": ["customer"]})


def test_what_is_shown_in_full_is_as_it_is_now(shop, client):
    asked = {"limit": 1, "expand": ["data.customer", "data.latest_invoice"]}
    before = client.v1.subscriptions.list(asked).data[0]
    shop.update_customer(before.customer.id, email="new@example.com")
    shop.set(before.latest_invoice.id, metadata={"seen": "yes"})
    after = client.v1.subscriptions.list(asked).data[0]
    assert after.customer.email == "new@example.com" != before.customer.email
    assert after.latest_invoice.metadata["seen"] == "yes"


def test_a_renamed_price_shows_in_every_subscription(shop, client):
    one = client.v1.subscriptions.list({"limit": 1}).data[0]
    shop.set(one.items.data[0].price.id, nickname="Renamed")
    assert client.v1.subscriptions.retrieve(one.id).items.data[0].price.nickname == "Renamed"


def test_showing_more_leaves_the_records_as_they_were():
    shop = open_shop()
    plain = [shop.retrieve(one) for one in shop.ids()]
    for one in shop.ids():
        shop.retrieve(one, expand=["customer", "items.data.price.product", "latest_invoice"])
        shop.retrieve(one, version="2024-06-20")
    assert [shop.retrieve(one) for one in shop.ids()] == plain
