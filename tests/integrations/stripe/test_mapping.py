"""From Stripe's subscription to a record: every field, both shapes, and nothing but a RecordError for broken values."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from contacts.services import Profile
from integrations.providers.stripe.mapping import LAST_PAYMENT, record
from subscriptions.catalogue import FIELDS, OF_ITEMS, STORED
from subscriptions.records import Item
from tests.integrations.stripe.documents import ABSENT, SHAPES, named, told
from tests.integrations.stripe.mapped import BEGUN, NOW, READING, RENEWS, mapped

ITEM = "items.data.0"
PRICE = f"{ITEM}.price"

VALUES: dict[str, Any] = {
    "store_recurring_payment_id": "sub_1QkAda0001",
    "name": "Loom, quarterly",
    "email": "Ada@Lovelace.example",
    "status": "active",
    "store_status": "active",
    "store_customer_id": "cus_Ada0001",
    "billing_interval": "monthly",
    "billing_interval_count": 3,
    "payment_amount": Decimal("53.40"),
    "discount_amount": Decimal("5.00"),
    "tax_amount": Decimal("8.90"),
    "shipping_amount": Decimal("4.90"),
    "last_payment_status": "completed",
    "last_payment_date": datetime(2026, 9, 15, 8, 31, 7, tzinfo=UTC),
    "start_date": BEGUN,
    "renewal_date": RENEWS,
    "next_payment_date": RENEWS,
    "anchor_date": BEGUN,
    "cancelled_date": None,
    "payment_method_expiration": datetime(2029, 4, 1, tzinfo=UTC),
    "origin_order_id": "in_1QkAda0001",
    "currency": "EUR",
    "store_created_date": BEGUN,
    "store_modified_date": NOW - timedelta(minutes=1),
    "is_trial": False,
    "cancel_at_period_end": False,
    "notes": ["Prefers to be called after 5 p.m."],
    "store_external_id": "W-1001",
    "shipping_first_name": "Charles",
    "shipping_last_name": "Babbage",
    "shipping_address_1": "5 quai du Port",
    "shipping_address_2": "Bâtiment B",
    "shipping_city": "Marseille",
    "shipping_province": "Bouches-du-Rhône",
    "shipping_country": "FR",
    "shipping_postal": "13002",
    "shipping_phone": "+33 4 91 00 00 03",
    "shipping_email": "Ada@Lovelace.example",
    "billing_first_name": "Augusta Ada",
    "billing_last_name": "King",
    "billing_address_1": "8 quai Saint-Antoine",
    "billing_address_2": "2e étage",
    "billing_city": "Lyon",
    "billing_province": "Rhône",
    "billing_country": "FR",
    "billing_postal": "69002",
    "billing_phone": "+33 4 72 00 00 02",
    "billing_company": "Analytical Engines SARL",
    "billing_email": "billing@lovelace.example",
}
LOOM = Item(
    name="Loom",
    sku="loom_quarterly",
    categories=["Weaving"],
    brands=["Jacquard"],
    store_primary_id="prod_Loom0001",
    quantity=Decimal(3),
    amount=Decimal("49.50"),
)


def values(changes: Mapping[str, Any] | None = None, **reading: Any) -> dict[str, Any]:
    return mapped(changes, **reading).values


# Every field, in both shapes


@pytest.mark.parametrize("shape", SHAPES)
def test_every_field_is_found_in_both_shapes(shape: str) -> None:
    found = mapped(shape=shape)
    assert found.values == VALUES
    assert found.items == [LOOM]
    assert found.profile == Profile(
        email="Ada@Lovelace.example",
        first_name="Ada",
        last_name="Lovelace",
        phone="+33 1 40 00 00 01",
        company="Analytical Engines SARL",
    )
    assert (found.as_of, found.announce_creation) == (NOW, True)


def test_every_field_that_stripe_has_is_mapped_and_no_other() -> None:
    of_stripe = {field.name for field in FIELDS if "stripe" not in field.not_from}
    assert VALUES.keys() == of_stripe & STORED.keys()
    assert {name for name, field in OF_ITEMS.items() if field.value_of_items([LOOM])} == of_stripe & OF_ITEMS.keys()


def test_a_subscription_is_news_only_if_it_was_made_after_we_were_connected() -> None:
    assert mapped(connected_at=BEGUN + timedelta(microseconds=999_999)).announce_creation
    assert not mapped(connected_at=BEGUN + timedelta(seconds=1)).announce_creation
    assert mapped({"created": None}).announce_creation


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{PRICE}.nickname": None}, {"name": "Loom"}),
        ({f"{PRICE}.recurring.interval": "day"}, {"billing_interval": "daily"}),
        ({f"{PRICE}.recurring.interval": "week"}, {"billing_interval": "weekly"}),
        ({f"{PRICE}.recurring.interval": "year"}, {"billing_interval": "yearly"}),
        ({f"{PRICE}.recurring.interval": "fortnight"}, {"billing_interval": ""}),
        ({"items.data": []}, {"billing_interval": "", "billing_interval_count": None}),
        ({"description": None}, {"notes": []}),
        ({"metadata": {}}, {"store_external_id": ""}),
        ({"status": "trialing"}, {"is_trial": True, "status": "active"}),
        ({"status": None}, {"store_status": ""}),
        ({"currency": "usd"}, {"currency": "USD"}),
        ({"customer.name": "Cher"}, {"billing_first_name": "Augusta Ada", "billing_last_name": "King"}),
    ],
)
def test_other_values_give_other_fields(changes: Mapping[str, Any], expected: dict[str, Any]) -> None:
    found = values(changes)
    assert {name: found[name] for name in expected} == expected


def test_without_a_named_metadata_key_the_external_id_is_left_alone() -> None:
    assert "store_external_id" not in values(external_id_key="")


def test_only_a_subscriptions_own_event_tells_when_it_was_modified() -> None:
    assert "store_modified_date" not in values(modified=None)


# E-mail and person


@pytest.mark.parametrize(
    ("changes", "email"),
    [
        ({}, "Ada@Lovelace.example"),
        ({"customer.email": None}, "ada.invoices@lovelace.example"),
        ({"customer.email": ""}, "ada.invoices@lovelace.example"),
        ({"customer.email": None, "latest_invoice.customer_email": None}, "billing@lovelace.example"),
        (
            {
                "customer.email": None,
                "latest_invoice.customer_email": None,
                "default_payment_method.billing_details.email": None,
            },
            "",
        ),
        ({"customer.email": "  spaced@lovelace.example "}, "spaced@lovelace.example"),
    ],
)
def test_the_email_is_the_customers_else_the_invoices_else_the_cards(changes: Mapping[str, Any], email: str) -> None:
    assert values(changes)["email"] == email


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("Ada King Lovelace", "Ada King", "Lovelace"), ("Cher", "Cher", ""), (None, "", ""), ("  Ada   L ", "Ada", "L")],
)
def test_a_name_is_split_at_its_last_space(name: str | None, first: str, last: str) -> None:
    profile = mapped({"customer.name": name}).profile
    assert profile is not None
    assert (profile.first_name, profile.last_name) == (first, last)


def test_a_deleted_customer_tells_nothing_of_the_person_so_what_is_stored_stays() -> None:
    gone = {"id": "cus_Ada0001", "object": "customer", "deleted": True}
    changes = {"customer": gone, "default_payment_method": None, "latest_invoice.customer_email": None}
    found = mapped(changes)
    assert found.profile is None
    assert found.values["store_customer_id"] == "cus_Ada0001"
    untold = {name for name in VALUES if name.startswith(("shipping_", "billing_"))} - {
        "billing_interval",
        "billing_interval_count",
        "shipping_amount",
    }
    assert not (untold | {"email", "payment_method_expiration"}) & found.values.keys()


def test_a_deleted_customers_invoice_still_tells_the_email() -> None:
    gone = {"id": "cus_Ada0001", "object": "customer", "deleted": True}
    assert values({"customer": gone})["email"] == "ada.invoices@lovelace.example"


def test_what_is_only_named_is_left_out_and_so_keeps_what_is_stored() -> None:
    found = record(named(), READING).values
    of_the_invoice = {"discount_amount", "tax_amount", "last_payment_status", "last_payment_date", "origin_order_id"}
    of_the_customer = {"email", "shipping_first_name", "billing_first_name", "payment_method_expiration"}
    assert not (of_the_invoice | of_the_customer) & found.keys()
    assert (found["store_customer_id"], found["payment_amount"]) == ("cus_Ada0001", Decimal("49.50"))


def test_what_is_told_to_be_absent_empties_the_fields() -> None:
    changes = {
        "latest_invoice": None,
        "default_payment_method": None,
        "customer.invoice_settings.default_payment_method": None,
        "customer.shipping": None,
        "customer.business_name": None,
    }
    found = values(changes)
    assert (found["last_payment_status"], found["last_payment_date"], found["discount_amount"]) == ("", None, None)
    assert (found["payment_method_expiration"], found["shipping_city"], found["shipping_email"]) == (None, "", "")
    assert found["billing_company"] == ""


# Money


def test_a_discount_is_taken_off_and_an_added_tax_comes_on_top() -> None:
    assert values()["payment_amount"] == Decimal("49.50") - Decimal("5.00") + Decimal("8.90")


@pytest.mark.parametrize(
    ("shape", "tax"),
    [
        (SHAPES[-1], {"latest_invoice.total_taxes.0.tax_behavior": "inclusive"}),
        (SHAPES[0], {"latest_invoice.total_tax_amounts.0.inclusive": True}),
    ],
)
def test_an_inclusive_tax_is_in_the_price_already(shape: str, tax: Mapping[str, Any]) -> None:
    found = values(tax, shape=shape)
    assert (found["payment_amount"], found["tax_amount"]) == (Decimal("44.50"), Decimal("8.90"))


def test_several_discounts_and_taxes_are_summed() -> None:
    taxes = [{"amount": 100, "tax_behavior": "exclusive"}, {"amount": 25, "tax_behavior": "inclusive"}]
    discounts = [{"amount": 500, "discount": "di_1"}, {"amount": 250, "discount": "di_2"}]
    found = values({"latest_invoice.total_taxes": taxes, "latest_invoice.total_discount_amounts": discounts})
    assert (found["tax_amount"], found["discount_amount"]) == (Decimal("1.25"), Decimal("7.50"))
    assert found["payment_amount"] == Decimal("49.50") - Decimal("7.50") + Decimal("1.00")


@pytest.mark.parametrize(
    "changes",
    [
        {f"{PRICE}.billing_scheme": "tiered", f"{PRICE}.unit_amount": None, f"{PRICE}.unit_amount_decimal": None},
        {f"{PRICE}.recurring.usage_type": "metered", f"{ITEM}.quantity": ABSENT},
    ],
)
def test_where_tiers_or_use_make_the_price_the_invoice_tells_it(changes: Mapping[str, Any]) -> None:
    found = mapped(changes)
    assert found.values["payment_amount"] == Decimal("58.30")
    assert found.items is not None
    assert found.items[0].amount is None


def test_where_use_makes_the_price_and_the_invoice_is_only_named_the_amount_stays() -> None:
    changes = {f"{PRICE}.recurring.usage_type": "metered", "latest_invoice": "in_1QkAda0001"}
    assert "payment_amount" not in values(changes)


def test_a_price_of_less_than_a_cent_is_exact_and_rounded_once() -> None:
    changes = {f"{PRICE}.unit_amount": None, f"{PRICE}.unit_amount_decimal": "0.5", f"{ITEM}.quantity": 2001}
    found = mapped(changes | {"latest_invoice": None})
    assert found.items is not None
    assert (found.items[0].amount, found.values["payment_amount"]) == (Decimal("10.01"), Decimal("10.01"))


def test_several_items_are_summed() -> None:
    second = told()["items"]["data"][0] | {"id": "si_2", "quantity": 1}
    found = mapped({"items.data": [told()["items"]["data"][0], second], "latest_invoice": None})
    assert found.values["payment_amount"] == Decimal("66.00")
    assert found.items is not None
    assert [item.amount for item in found.items] == [Decimal("49.50"), Decimal("16.50")]


def test_an_item_of_the_oldest_shape_has_a_plan_in_place_of_a_price() -> None:
    found = mapped({f"{ITEM}.price": ABSENT}, shape=SHAPES[0])
    assert found.items == [replace(LOOM, sku="LOOM-1")]
    assert found.values == VALUES


@pytest.mark.parametrize(
    ("currency", "minor", "amount"),
    [
        ("jpy", 500, "500"),
        ("krw", 9900, "9900"),
        ("kwd", 1234, "1.234"),
        ("isk", 123400, "1234.00"),
        ("ugx", 350000, "3500.00"),
        ("usd", 999, "9.99"),
    ],
)
def test_each_currency_has_its_own_minor_unit(currency: str, minor: int, amount: str) -> None:
    changes = {"currency": currency, f"{PRICE}.unit_amount": minor, f"{ITEM}.quantity": 1, "latest_invoice": None}
    found = values(changes)
    assert (found["payment_amount"], found["currency"]) == (Decimal(amount), currency.upper())


# The last payment


@pytest.mark.parametrize(("state", "status"), LAST_PAYMENT.items())
def test_the_latest_invoice_tells_how_the_last_payment_went(state: tuple[str, bool], status: str) -> None:
    word, attempted = state
    found = values({"latest_invoice.status": word, "latest_invoice.attempted": attempted})
    assert found["last_payment_status"] == status


def test_a_void_invoice_is_no_payment() -> None:
    assert values({"latest_invoice.status": "void"})["last_payment_status"] == ""


def test_only_the_first_invoice_is_the_original_order() -> None:
    assert "origin_order_id" not in values({"latest_invoice.billing_reason": "subscription_cycle"})
