"""Stripe's amounts are exact decimals in the currency itself, by Stripe's own table of minor units."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.providers.stripe import amounts
from subscriptions.records import RecordError

# docs.stripe.com/currencies#minor-units
NONE = ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
THREE = ["BHD", "JOD", "KWD", "OMR", "TND"]
TWO = ["USD", "EUR", "GBP", "CHF", "ISK", "UGX", "HUF", "TWD"]
CURRENCIES = [(code, 0) for code in NONE] + [(code, 3) for code in THREE] + [(code, 2) for code in TWO]


@pytest.mark.parametrize(("currency", "places"), CURRENCIES)
def test_each_currency_has_stripes_number_of_decimals(currency: str, places: int) -> None:
    assert amounts.decimals(currency) == amounts.decimals(currency.lower()) == places
    assert amounts.from_minor(1, currency) == Decimal(1).scaleb(-places)


@given(st.integers(-(10**15), 10**15), st.sampled_from(CURRENCIES))
def test_no_minor_unit_is_lost(minor: int, currency: tuple[str, int]) -> None:
    code, places = currency
    amount = amounts.from_minor(minor, code)
    assert amount is not None
    assert amount * 10**places == minor


@pytest.mark.parametrize(
    ("parts", "currency", "amount"),
    [
        ("0.5", "usd", "0.01"),
        ("0.4999", "usd", "0.00"),
        ("1050.5", "usd", "10.51"),
        ("0.5", "jpy", "1"),
        ("-0.5", "usd", "-0.01"),
    ],
)
def test_parts_of_a_unit_are_rounded_half_up_to_what_can_be_charged(parts: str, currency: str, amount: str) -> None:
    assert amounts.from_minor(Decimal(parts), currency) == Decimal(amount)


def test_nothing_stays_nothing() -> None:
    assert amounts.from_minor(None, "usd") is None


@pytest.mark.parametrize(
    ("price", "unit"),
    [
        ({"unit_amount": 1650, "unit_amount_decimal": "1650"}, Decimal(1650)),
        ({"unit_amount": None, "unit_amount_decimal": "0.25"}, Decimal("0.25")),
        ({"unit_amount": 0, "unit_amount_decimal": "0"}, Decimal(0)),
        ({"unit_amount": None, "unit_amount_decimal": None}, None),
        ({}, None),
    ],
)
def test_a_price_is_whole_or_in_parts_or_none(price: dict[str, Any], unit: Decimal | None) -> None:
    assert amounts.unit_price(price) == unit


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e400", "ten", "0x10"])
def test_a_price_that_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        amounts.unit_price({"unit_amount_decimal": text})


@pytest.mark.parametrize(
    ("price", "is_fixed"),
    [
        ({}, True),
        ({"billing_scheme": "per_unit", "recurring": {"usage_type": "licensed"}}, True),
        ({"billing_scheme": "tiered", "recurring": {"usage_type": "licensed"}}, False),
        ({"billing_scheme": "per_unit", "recurring": {"usage_type": "metered"}}, False),
    ],
)
def test_tiers_and_use_make_no_fixed_price(price: dict[str, Any], is_fixed: bool) -> None:
    assert amounts.is_fixed(price) is is_fixed


SINCE = {"total_taxes": [{"amount": 7, "tax_behavior": "exclusive"}, {"amount": 2, "tax_behavior": "inclusive"}]}
BEFORE = {"total_tax_amounts": [{"amount": 7, "inclusive": False}, {"amount": 2, "inclusive": True}]}


@pytest.mark.parametrize("invoice", [SINCE, BEFORE, SINCE | {"total_tax_amounts": []}, BEFORE | {"total_taxes": None}])
def test_taxes_are_summed_in_both_shapes_and_the_added_ones_apart(invoice: dict[str, Any]) -> None:
    assert (amounts.tax(invoice), amounts.added_tax(invoice)) == (9, 7)


def test_discounts_are_summed() -> None:
    assert amounts.discount({"total_discount_amounts": [{"amount": 5}, {"amount": None}, {"amount": 3}]}) == 8
    assert amounts.discount(None) == amounts.discount({}) == 0
