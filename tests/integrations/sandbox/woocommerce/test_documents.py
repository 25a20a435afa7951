"""What objects look like: each value where the mapping of fields looks for it, written as WooCommerce writes."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.integrations.woocommerce.shops import ask, open_shop, served

SUBSCRIPTION = {
    *("id", "parent_id", "status", "number", "currency", "customer_id", "customer_note", "meta_data"),
    *("total", "discount_total", "total_tax", "shipping_total", "billing_period", "billing_interval"),
    *("date_created", "date_created_gmt", "date_modified", "date_modified_gmt", "start_date_gmt"),
    *("trial_end_date_gmt", "next_payment_date_gmt", "payment_retry_date_gmt", "last_payment_date_gmt"),
    *("cancelled_date_gmt", "end_date_gmt", "resubscribed_from", "resubscribed_subscription"),
    *("line_items", "shipping_lines", "fee_lines", "coupon_lines", "tax_lines"),
    *("billing", "shipping", "payment_method", "payment_method_title"),
}
ADDRESS = {
    *("first_name", "last_name", "company", "address_1", "address_2"),
    *("city", "state", "postcode", "country", "phone"),
}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def every(shop, kind="subscriptions"):
    first = ask(shop, f"/{kind}?per_page=100")
    rest = (
        ask(shop, f"/{kind}?per_page=100&page={one}").json
        for one in range(2, int(first.headers["X-WP-TotalPages"]) + 1)
    )
    return [*first.json, *(row for page in rest for row in page)]


@pytest.fixture(scope="module")
def subscriptions(town):
    """All subscriptions of the town, as the API shows them."""
    return every(town)


@pytest.fixture(scope="module")
def orders(town):
    """All orders of the town."""
    return every(town, "orders")


def items(documents):
    return [item for one in documents for item in one["line_items"]]


def test_a_subscription_has_all_that_the_mapping_reads(subscriptions):
    for one in subscriptions:
        assert set(one) >= SUBSCRIPTION
        assert set(one["billing"]) >= ADDRESS
        assert set(one["shipping"]) >= ADDRESS
        assert "email" in one["billing"]
        assert "email" not in one["shipping"]


def test_a_subscription_has_nothing_that_only_orders_have(subscriptions, orders):
    assert not {"refunds", "transaction_id", "cart_hash"} & set(subscriptions[0])
    assert {"refunds", "transaction_id", "cart_hash"} <= set(orders[0])
    assert not {"billing_period", "start_date_gmt"} & set(orders[0])


def test_every_date_is_without_a_zone_and_missing_ones_are_empty_or_null(subscriptions):
    empty = set()
    for one in subscriptions:
        for name, value in one.items():
            if "date" in name.split("_"):
                assert value in ("", None) or DATE.fullmatch(value), name
                empty |= {(name, value)} if not value else set()
    assert ("trial_end_date_gmt", "") in empty
    assert ("payment_retry_date_gmt", "") in empty
    assert ("cancelled_date_gmt", "") in empty
    assert ("date_completed", None) in empty


def test_dates_are_told_by_the_shops_clock_and_in_gmt():
    with served(open_shop(hours=-5)) as shop:
        one = shop.create_subscription()
    assert (one["date_created"], one["date_created_gmt"]) == ("2026-11-01T07:00:01", "2026-11-01T12:00:01")
    assert one["start_date_gmt"] == "2026-11-01T12:00:01"


def test_the_interval_is_a_string_and_the_period_a_word(subscriptions):
    assert {type(one["billing_interval"]) for one in subscriptions} == {str}
    assert {one["billing_interval"] for one in subscriptions} >= {"1", "2", "3"}
    assert {one["billing_period"] for one in subscriptions} == {"day", "week", "month", "year"}


def test_a_price_is_a_float_that_misses_what_total_and_quantity_say(subscriptions):
    for item in items(subscriptions):
        exact = Fraction(item["total"]) / item["quantity"]
        assert type(item["price"]) is float
        assert 0 < abs(Fraction(item["price"]) - exact) < Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("currency", "decimals", "form"),
    [
        ("JPY", None, r"\d+"),
        ("EUR", 1, r"\d+\.\d"),
        ("EUR", None, r"\d+\.\d\d"),
        ("KWD", None, r"\d+\.\d{3}"),
        ("USD", 4, r"\d+\.\d{4}"),
    ],
)
def test_amounts_are_strings_with_the_decimals_of_the_shop(currency, decimals, form):
    with served(open_shop(currency=currency, decimals=decimals)) as shop:
        rows = every(shop)
    assert {one["currency"] for one in rows} == {currency}
    amounts = [one[name] for one in rows for name in ("total", "total_tax", "discount_total", "shipping_total")]
    amounts += [item["total"] for item in items(rows)]
    assert all(re.fullmatch(form, amount) for amount in amounts)
    assert any(Decimal(amount) for amount in amounts)


@pytest.mark.parametrize("kind", ["subscriptions", "orders"])
def test_the_totals_are_the_sums_of_the_lines(kind, request):
    for one in request.getfixturevalue(kind):
        lines = [*one["line_items"], *one["shipping_lines"], *one["fee_lines"]]
        tax = sum(Decimal(line["total_tax"]) for line in lines)
        assert Decimal(one["total_tax"]) == tax
        assert Decimal(one["total"]) == sum(Decimal(line["total"]) for line in lines) + tax
        off = sum(Decimal(item["subtotal"]) - Decimal(item["total"]) for item in one["line_items"])
        assert (
            Decimal(one["discount_total"]) == off == sum(Decimal(coupon["discount"]) for coupon in one["coupon_lines"])
        )


def test_there_is_some_of_each_kind_of_line(subscriptions):
    for name in ("line_items", "shipping_lines", "fee_lines", "coupon_lines", "tax_lines", "meta_data"):
        assert any(one[name] for one in subscriptions)
    assert any(len(one["line_items"]) > 1 for one in subscriptions)
    assert any(not one["coupon_lines"] for one in subscriptions)


def test_the_ids_of_lines_are_their_own(subscriptions, orders):
    found = [item["id"] for item in items([*subscriptions, *orders])]
    assert len(found) == len(set(found))


def test_items_name_products_that_can_be_looked_up_with_their_groups(town, subscriptions):
    wanted = sorted({item["product_id"] for item in items(subscriptions)})
    products = ask(town, f"/products?per_page=100&include={','.join(map(str, wanted))}").json
    known = {one["id"]: one for one in products}
    missing = [item for item in items(subscriptions) if item["product_id"] not in known]
    assert {(item["name"], item["sku"]) for item in missing} == {("Winter Mug", None)}
    assert {name for one in products for name in (term["name"] for term in one["categories"])} >= {
        "Coffee &amp; Tea",
        "Snacks",
    }
    assert "bestseller" in {term["name"] for one in products for term in one["tags"]}
    assert "Maison Camélia" in {term["name"] for one in products for term in one["brands"]}
    assert any(one["sku"] == "" for one in products)


def test_a_variation_has_its_own_sku_and_is_found_below_its_product(town, subscriptions):
    item = next(item for item in items(subscriptions) if item["variation_id"])
    product = ask(town, f"/products/{item['product_id']}").json
    assert item["variation_id"] in product["variations"]
    variation = ask(town, f"/products/{item['product_id']}/variations/{item['variation_id']}").json
    assert (variation["sku"], variation["parent_id"]) == (item["sku"], product["id"])
    assert item["sku"] != product["sku"]
    assert item["parent_name"] == product["name"]
    listed = ask(town, f"/products/{product['id']}/variations").json
    assert [one["id"] for one in listed] == sorted(product["variations"], reverse=True)


def test_a_guest_has_no_number_and_a_customer_can_be_looked_up(town, subscriptions):
    guest = next(one for one in subscriptions if one["customer_id"] == 0)
    assert guest["billing"]["email"]
    known = next(one for one in subscriptions if one["customer_id"])
    customer = ask(town, f"/customers/{known['customer_id']}").json
    assert (customer["id"], customer["billing"]) == (known["customer_id"], known["billing"])


def test_somebody_has_no_address_for_mail_and_somebody_shouts_it(subscriptions):
    emails = {one["billing"]["email"] for one in subscriptions}
    assert "" in emails
    assert any(email and email == email.upper() for email in emails)
    folded = [one["billing"]["email"].lower() for one in subscriptions if one["billing"]["email"]]
    owners = {(email, one["customer_id"]) for email, one in zip(folded, subscriptions, strict=False)}
    assert len(owners) > len(set(folded))


def test_a_gift_names_its_recipient_only_in_meta(subscriptions):
    gift = next(one for one in subscriptions if any(meta["key"] == "_recipient_user" for meta in one["meta_data"]))
    meta = {one["key"]: one["value"] for one in gift["meta_data"]}
    assert meta["_recipient_user_email_address"] != gift["billing"]["email"]
    assert all(set(one) == {"id", "key", "value"} for one in gift["meta_data"])


def test_an_order_of_a_trial_costs_nothing(town, subscriptions):
    trial = next(one for one in subscriptions if one["trial_end_date_gmt"] > "2026-11-01T12:00:00")
    first = ask(town, f"/orders/{trial['parent_id']}").json
    assert (first["total"], first["status"]) == ("0.00", "completed")
    assert Decimal(trial["total"]) > 0


def orders_of(shop, one):
    return ask(shop, f"/subscriptions/{one['id']}/orders").json


def test_the_orders_of_a_subscription_say_how_they_belong_to_it(town, subscriptions):
    seen = set()
    for one in subscriptions[:80]:
        answer = ask(town, f"/subscriptions/{one['id']}/orders?per_page=1&page=7")
        assert answer.headers["X-WP-TotalPages"] == "1"
        assert answer.headers["X-WP-Total"] == str(len(answer.json))
        seen |= {order["order_type"] for order in answer.json}
        first = [order["id"] for order in answer.json if order["order_type"] == "parent_order"]
        assert first in ([one["parent_id"]], [])
        for order in answer.json:
            names = {meta["key"] for meta in order["meta_data"]}
            assert ("_subscription_renewal" in names) == (order["order_type"] == "renewal_order")
        renewals = [order["date_created_gmt"] for order in answer.json if order["order_type"] == "renewal_order"]
        assert renewals == sorted(renewals, reverse=True)
    assert seen >= {"parent_order", "renewal_order"}


def test_a_resubscription_points_to_the_one_before_and_back(town, subscriptions):
    known = {str(one["id"]): one for one in subscriptions}
    new = next(one for one in subscriptions if one["resubscribed_from"])
    old = known[new["resubscribed_from"]]
    assert old["resubscribed_subscription"] == str(new["id"])
    assert old["status"] == "cancelled"
    (first,) = [order for order in orders_of(town, new) if order["id"] == new["parent_id"]]
    assert {meta["key"]: meta["value"] for meta in first["meta_data"]}["_subscription_resubscribe"] == str(old["id"])
    assert first["order_type"] == "parent_order"


def test_a_switch_leaves_an_order_of_its_kind(town, subscriptions):
    found = [order for one in subscriptions for order in orders_of(town, one) if order["order_type"] == "switch_order"]
    known = {str(one["id"]): one for one in subscriptions}
    before = {meta["key"]: meta["value"] for meta in found[0]["meta_data"]}["_subscription_switch"]
    assert known[before]["status"] == "switched"


def test_refunds_are_negative_and_a_whole_one_changes_the_status(orders):
    refunded = [one for one in orders if one["refunds"]]
    assert {one["status"] for one in refunded} == {"refunded", "completed"}
    for one in refunded:
        back = sum(Decimal(refund["total"]) for refund in one["refunds"])
        assert -Decimal(one["total"]) <= back < 0
        assert (back == -Decimal(one["total"])) == (one["status"] == "refunded")


def test_orders_say_when_they_were_paid_only_if_they_were(orders):
    for one in orders:
        assert bool(one["date_paid_gmt"]) == (one["status"] in ("processing", "completed", "refunded"))
    assert {"pending", "failed", "on-hold", "processing", "completed", "refunded"} == {one["status"] for one in orders}


def test_links_lead_back_to_the_shop(town, subscriptions):
    one = subscriptions[0]
    assert one["_links"]["self"][0]["href"] == f"{town.address}/wp-json/wc/v3/subscriptions/{one['id']}"
