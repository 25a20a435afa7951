"""Where addresses and the card's expiry are found."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.providers.stripe.addresses import addresses, has_expiry
from tests.integrations.stripe.documents import ABSENT, told

EMPTY = dict.fromkeys(("line1", "line2", "city", "state", "country", "postal_code"))
METHOD = "default_payment_method"
CUSTOMERS_METHOD = "customer.invoice_settings.default_payment_method"
NO_METHOD = {METHOD: None, CUSTOMERS_METHOD: None}


def expiry(changes: Mapping[str, Any]) -> Any:
    return has_expiry(told(changes)).get("payment_method_expiration", "left alone")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, datetime(2029, 4, 1, tzinfo=UTC)),
        ({f"{METHOD}.card.exp_month": 12, f"{METHOD}.card.exp_year": 2026}, datetime(2026, 12, 1, tzinfo=UTC)),
        ({METHOD: None, f"{CUSTOMERS_METHOD}.card.exp_year": 2031}, datetime(2031, 4, 1, tzinfo=UTC)),
        ({f"{METHOD}.card": ABSENT, f"{METHOD}.type": "sepa_debit"}, None),
        ({f"{METHOD}.card.exp_month": None}, None),
        ({f"{METHOD}.card.exp_month": 13}, None),
        ({f"{METHOD}.card.exp_month": 0}, None),
        ({f"{METHOD}.card.exp_year": 99999}, None),
        (NO_METHOD, None),
        ({METHOD: "pm_1QkAda0001", CUSTOMERS_METHOD: None}, "left alone"),
        ({METHOD: None, CUSTOMERS_METHOD: "pm_1QkAda0001"}, "left alone"),
        ({METHOD: None, "customer": "cus_Ada0001"}, "left alone"),
    ],
)
def test_the_card_expires_in_its_last_month_as_far_as_it_is_told(changes: Mapping[str, Any], expected: Any) -> None:
    assert expiry(changes) == expected


def test_the_subscriptions_own_card_comes_before_the_customers() -> None:
    assert expiry({f"{CUSTOMERS_METHOD}.card.exp_year": 2040}) == datetime(2029, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "city"),
    [
        ({}, "Lyon"),
        ({f"{METHOD}.billing_details.address": EMPTY}, "Paris"),
        ({f"{METHOD}.billing_details.address": None}, "Paris"),
        ({f"{METHOD}.billing_details.address": EMPTY | {"postal_code": "69002"}}, "Paris"),
        ({f"{METHOD}.billing_details.address": EMPTY | {"city": "Lyon"}, "customer.address": None}, "Lyon"),
        (NO_METHOD, "Paris"),
        (NO_METHOD | {"customer.address": None}, ""),
    ],
)
def test_a_billing_address_is_taken_whole_from_card_or_customer(changes: Mapping[str, Any], city: str) -> None:
    found = addresses(told(changes))
    assert found["billing_city"] == city
    assert found["billing_address_2"] == ("2e étage" if not changes else "")


def test_what_the_card_does_not_tell_the_customer_does() -> None:
    details = {"address": EMPTY, "email": None, "name": None, "phone": None}
    found = addresses(told({f"{METHOD}.billing_details": details}))
    names = ("billing_first_name", "billing_last_name", "billing_email", "billing_phone")
    assert [found[name] for name in names] == ["Ada", "Lovelace", "Ada@Lovelace.example", "+33 1 40 00 00 01"]


def test_without_shipping_all_of_it_is_empty() -> None:
    found = addresses(told({"customer.shipping": None}))
    assert {value for name, value in found.items() if name.startswith("shipping_")} == {""}


def test_a_customer_who_is_only_named_leaves_the_shipping_alone_and_the_card_tells_the_billing() -> None:
    found = addresses(told({"customer": "cus_Ada0001"}))
    assert (found["billing_city"], "shipping_city" in found, "billing_company" in found) == ("Lyon", False, False)


def test_with_neither_customer_nor_card_nothing_is_told() -> None:
    assert addresses(told({"customer": "cus_Ada0001", METHOD: "pm_1QkAda0001"})) == {}
