"""What a shop of 200 subscriptions has in it, and that the seed alone decides it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.stripe import StripeShop
from tests.integrations.sandbox.conftest import NOW, open_shop

AT = int(NOW.timestamp())
STATUSES = {"incomplete", "incomplete_expired", "trialing", "active", "past_due", "unpaid", "canceled", "paused"}


@pytest.fixture(scope="module")
def shown(town):
    """Every subscription of the shop, with customer and latest invoice in full."""
    return [town.shop.retrieve(one, expand=["customer", "latest_invoice"]) for one in town.shop.ids()]


def everything(shop):
    return {kind: list(table) for kind, table in shop.store.tables.items()}


def test_every_status_and_every_currency_is_there(shown):
    assert {one["status"] for one in shown} == STATUSES
    assert {one["currency"] for one in shown} == {"usd", "eur", "jpy", "kwd"}


def test_even_a_shop_of_fifty_has_every_status():
    shop = StripeShop(now=NOW)
    assert shop.counts()["subscription"] == 50
    assert {one["status"] for one in shop.store["subscription"]} == STATUSES


def test_paused_ones_are_so_with_every_reason_and_without(shown):
    reasons = {
        ((one["status_details"] or {}).get("paused") or {"subscription": {"type": None}})["subscription"]["type"]
        for one in shown
        if one["status"] == "paused"
    }
    assert reasons >= {None, "first_payment_failure", "final_payment_failure", "pause_requested"}


def test_collection_is_paused_on_some_that_are_live(shown):
    behaviours = {one["pause_collection"]["behavior"] for one in shown if one["pause_collection"]}
    assert behaviours == {"void", "keep_as_draft", "mark_uncollectible"}
    assert {one["status"] for one in shown if one["pause_collection"]} == {"active"}


def test_some_end_with_their_period_and_some_on_a_date(shown):
    flagged = [one for one in shown if one["cancel_at_period_end"]]
    dated = [one for one in shown if one["cancel_at"] and not one["cancel_at_period_end"]]
    assert flagged
    assert dated
    assert all(one["cancel_at"] > AT and one["canceled_at"] <= AT for one in flagged + dated)


def test_latest_invoices_are_in_every_state(shown):
    states = {(one["latest_invoice"]["status"], one["latest_invoice"]["attempted"]) for one in shown}
    assert states >= {
        ("paid", True),
        ("open", True),
        ("open", False),
        ("draft", False),
        ("void", False),
        ("uncollectible", True),
    }


def test_a_paid_invoice_says_when_and_a_failed_one_when_it_is_tried_again(shown):
    invoices = [one["latest_invoice"] for one in shown]
    assert all(bool(one["status_transitions"]["paid_at"]) == (one["status"] == "paid") for one in invoices)
    retried = [one["next_payment_attempt"] for one in invoices if one["next_payment_attempt"]]
    assert retried
    assert min(retried) > AT


def test_every_interval_is_there_and_periods_may_differ_within_one(shown):
    recurring = {
        (price["interval"], price["interval_count"])
        for one in shown
        for item in one["items"]["data"]
        for price in [item["price"]["recurring"]]
    }
    assert {interval for interval, _ in recurring} == {"day", "week", "month", "year"}
    assert {count for _, count in recurring} >= {1, 2, 3, 6}
    assert any(len({item["current_period_end"] for item in one["items"]["data"]}) > 1 for one in shown)


def test_live_periods_contain_this_moment(shown):
    for one in (one for one in shown if one["status"] in ("active", "trialing", "past_due")):
        assert all(item["current_period_start"] <= AT < item["current_period_end"] for item in one["items"]["data"])


def test_prices_come_whole_in_fractions_of_a_cent_tiered_and_metered(shown):
    items = [item for one in shown for item in one["items"]["data"]]
    prices = [item["price"] for item in items]
    assert any(price["unit_amount"] is None and price["unit_amount_decimal"] == "0.25" for price in prices)
    assert any(price["billing_scheme"] == "tiered" and price["unit_amount"] is None for price in prices)
    assert any(price["nickname"] for price in prices)
    assert any(price["lookup_key"] for price in prices)
    assert all("quantity" not in item for item in items if item["price"]["recurring"]["usage_type"] == "metered")
    assert any(item.get("quantity", 0) > 1 for item in items)


def test_invoices_add_up(town):
    for one in town.shop.ids("invoice"):
        invoice = town.shop.retrieve(one)
        discount = sum(part["amount"] for part in invoice["total_discount_amounts"])
        added = sum(tax["amount"] for tax in invoice["total_taxes"] if tax["tax_behavior"] == "exclusive")
        lines = sum(line["amount"] for line in invoice["lines"]["data"])
        assert invoice["total"] == lines - discount + invoice["amount_shipping"] + added
        assert invoice["amount_paid"] + invoice["amount_remaining"] == invoice["amount_due"] == invoice["total"]


def test_some_invoices_have_discounts_shipping_and_taxes(shown):
    invoices = [one["latest_invoice"] for one in shown]
    assert any(one["total_discount_amounts"] for one in invoices)
    assert any(one["shipping_cost"] and one["shipping_cost"]["amount_total"] for one in invoices)
    assert any(one["total_taxes"] for one in invoices)
    assert any(not one["total_taxes"] and one["total"] for one in invoices)


def test_customers_are_as_odd_as_in_life(town):
    customers = list(town.shop.store["customer"])
    names = [one.get("name") for one in customers]
    assert "<b>Bobby</b> & Co" in names
    assert "Zoë Müller" in names
    assert "Cher" in names
    assert None in names
    assert max(len(name or "") for name in names) > 150
    assert any(one.get("deleted") for one in customers)
    assert any(one.get("shipping") for one in customers)
    assert any(one.get("business_name") for one in customers)


def test_an_email_address_may_be_on_the_invoice_or_on_the_card_alone(shown, town):
    lacking = [one for one in shown if not one["customer"].get("email") and not one["customer"].get("deleted")]
    invoiced = [one for one in lacking if one["latest_invoice"]["customer_email"]]
    cards = [
        town.shop.retrieve(one["customer"]["invoice_settings"]["default_payment_method"])["billing_details"]["email"]
        for one in lacking
        if one not in invoiced and one["customer"]["invoice_settings"]["default_payment_method"]
    ]
    assert invoiced
    assert {bool(email) for email in cards} == {True, False}


def test_two_customers_share_an_address_in_other_capitals(town):
    emails = [one["email"] for one in town.shop.store["customer"] if one.get("email")]
    folded = Counter(email.casefold() for email in emails)
    assert max(folded.values()) == 2
    assert len(set(emails)) == len(emails)


def test_email_addresses_lead_nowhere_real(town):
    emails = [one["email"] for one in town.shop.store["customer"] if one.get("email")]
    assert {email.casefold().partition("@")[2] for email in emails} == {"example.com", "example.org", "example.net"}


def test_products_say_what_they_are(town):
    for product in town.shop.store["product"]:
        assert all(product["metadata"][name] for name in ("category", "brand", "sku"))


def test_cards_end_some_soon_some_late(town):
    ends = {
        datetime(one["card"]["exp_year"], one["card"]["exp_month"], 1, tzinfo=UTC)
        for one in town.shop.store["payment_method"]
    }
    assert min(ends) < NOW < max(ends)


def test_the_same_seed_makes_the_same_shop():
    assert everything(open_shop(seed=3)) == everything(open_shop(seed=3))


def test_the_moment_moves_the_dates_but_not_the_people():
    now, later = open_shop(seed=3), open_shop(seed=3, now=NOW + timedelta(days=17, hours=5))
    assert set(now.ids()) == set(later.ids())
    assert set(now.ids("customer")) == set(later.ids("customer"))


def test_the_invoices_of_a_customer_have_numbers_of_their_own(town):
    numbers = [one["number"] for one in town.shop.store["invoice"]]
    assert len(numbers) == len(set(numbers))


def test_another_seed_makes_another_shop():
    assert set(open_shop(seed=3).ids()).isdisjoint(open_shop(seed=4).ids())


def test_the_same_seed_makes_the_same_life():
    one, other = open_shop(seed=5), open_shop(seed=5)
    assert one.tick(n=60) == other.tick(n=60)
    assert everything(one) == everything(other)


def test_ids_tell_their_kind_and_are_unique(town):
    every = [identity for kind in town.shop.counts() for identity in town.shop.ids(kind)]
    assert len(every) == len(set(every))
    assert all(one.startswith("sub_1") and len(one) == 28 for one in town.shop.ids())
    assert all(one.startswith("cus_") and len(one) == 18 for one in town.shop.ids("customer"))
