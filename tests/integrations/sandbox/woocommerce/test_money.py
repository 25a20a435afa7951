"""Amounts: rounded halves up to the shop's decimals, and written with them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.sandbox.woocommerce.money import UNIT, rounded, smallest, unit_price, written


@given(st.fractions(0, 10**9, max_denominator=1000), st.integers(0, 4))
def test_rounding_takes_the_nearest_amount_and_of_two_the_higher(amount, decimals):
    step, result = smallest(decimals), rounded(amount, decimals)
    assert result % step == 0
    assert -Fraction(step, 2) < result - amount <= Fraction(step, 2)


@given(st.integers(-(10**12), 10**12))
def test_an_amount_is_written_exactly(amount):
    assert Decimal(written(amount, 4)) * UNIT == amount


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [
        (0, 2, "0.00"),
        (185_000, 2, "18.50"),
        (12_345, 4, "1.2345"),
        (10_000, 0, "1"),
        (-50_000, 2, "-5.00"),
        (5, 3, "0.001"),
    ],
)
def test_amounts_are_written_with_all_their_decimals(amount, decimals, text):
    assert written(amount, decimals) == text


@given(st.integers(1, 10**9), st.integers(1, 100))
def test_a_unit_price_is_a_little_less_than_it_should_be(total, quantity):
    exact = Fraction(total, UNIT * quantity)
    assert 0 < abs(Fraction(unit_price(total, quantity)) - exact) < exact / 10**14
