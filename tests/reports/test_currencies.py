"""Rates of currencies: who may enter them, and what is refused."""

from decimal import Decimal

import pytest
from django.test import Client

from reports import currencies
from reports.business import keeping
from subscriptions.models import Store
from tests.html import read
from tests.reports.business import lives

PAGE = "/admin/reports/currencies/"


@pytest.fixture
def paid(store: Store) -> None:
    """Payments in euros and dollars."""
    lives.live(store)
    keeping.work(seconds=60)


def test_a_rate_for_each_is_asked_and_kept(admin: Client, paid: None) -> None:
    assert [
        one.attributes["name"]
        for one in read(admin.get(PAGE).content).every("input")
        if one.attributes["name"].startswith("rate")
    ] == ["rate-EUR", "rate-USD"]
    admin.post(PAGE, {"target": "eur", "rate-USD": "0,92"})
    assert currencies.target() == "EUR"
    assert currencies.rates() == {"EUR": 1, "USD": Decimal("0.92")}


def test_without_a_target_nothing_is_converted(admin: Client, paid: None) -> None:
    currencies.save("EUR", {"USD": Decimal("0.92")})
    admin.post(PAGE, {"target": ""})
    assert currencies.rates() == {}


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ("x", "Write a number, such as"),
        ("0", "above zero"),
        ("-1", "above zero"),
        ("NaN", "above zero"),
        ("1e99", "above zero"),
        ("1.123456789", "at most 8 decimal places"),
    ],
)
def test_what_is_no_rate_is_refused_where_it_stands_and_nothing_is_kept(
    admin: Client, paid: None, rate: str, said: str
) -> None:
    answer = admin.post(PAGE, {"target": "EUR", "rate-USD": rate})
    assert answer.status_code == 422
    assert said in read(answer.content).one("span", id="rate-USD-error").text
    assert read(answer.content).one("input", id="rate-USD").attributes["value"] == rate
    assert currencies.rates() == {}


def test_what_is_no_currency_is_refused(admin: Client, paid: None) -> None:
    answer = admin.post(PAGE, {"target": "XQQ"})
    assert answer.status_code == 422
    assert "There is no such currency." in read(answer.content).one("span", id="rp-target-error").text
