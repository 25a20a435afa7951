"""The first page and the reports on recurring payments, in a browser."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from reports import currencies
from subscriptions.models import Store
from tests.browser.width import fits
from tests.reports.business import kept, lives

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "fr"}
REPORTS = [
    f"/admin/reports/{name}/" for name in ("revenue", "customers", "states", "retention", "at-risk", "coming-up")
]
PAGES = [
    "/admin/home/",
    "/admin/reports/",
    *REPORTS,
    "/admin/reports/currencies/",
    "/admin/reports/behind/payments/active/",
]


@pytest.fixture
def anna(live_server: object) -> None:
    """Somebody who may do everything, where payments have a past, one of them with the longest name."""
    User.objects.create_superuser("anna")
    store = Store.objects.create(name="Shop", provider="stripe")
    lives.live(store)
    lives.told(
        store, "long", 10, **lives.MONTHLY, payment_amount="99999999.99", name="w" * 200, start_date=lives.ago(10)
    )
    kept.keep_up()
    currencies.save("EUR", {"USD": 2})  # type: ignore[dict-item]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(
    anna: None, sign_in: Callable[..., Page], barriers: Callable[[Page], list[str]], scheme: str
) -> None:
    page = sign_in("anna", color_scheme=scheme)
    for address in PAGES:
        page.goto(address)
        assert (address, barriers(page)) == (address, [])


def test_on_a_phone_nothing_hangs_over_the_edge(anna: None, sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna", **PHONE)
    for address in PAGES:
        page.goto(address)
        assert (address, fits(page)) == (address, True)


def test_a_chart_tells_its_numbers_to_the_keyboard(anna: None, sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna")
    page.goto("/admin/reports/revenue/")
    last = page.get_by_role("group", name="How it moved").get_by_role("listitem").last
    last.focus()
    tip = last.locator(".rc-tip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text(re.compile(r"New.*€"))


def test_a_chosen_period_and_currency_are_shown_at_once_and_stay_in_the_address(
    anna: None, sign_in: Callable[..., Page]
) -> None:
    page = sign_in("anna")
    page.goto("/admin/reports/revenue/")
    expect(page.get_by_label("From")).to_be_hidden()
    page.get_by_label("Currency").select_option("all")
    expect(page.get_by_text("Converted into EUR at the rates that were entered: 1 USD = 2")).to_be_visible()
    page.get_by_label("Period").select_option("this_month")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(3)  # head, the month, the whole period
    assert "period=this_month" in page.url
    assert "currency=all" in page.url
    page.get_by_label("Period").select_option("custom")
    expect(page.get_by_label("From")).to_be_visible()


def test_one_goes_from_a_number_to_whom_it_counts_and_on_to_their_page(
    anna: None, sign_in: Callable[..., Page]
) -> None:
    page = sign_in("anna")
    page.goto("/admin/home/")
    page.get_by_role("link", name=re.compile("^Payment failed")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("At risk and recovered")
    page.get_by_role("link", name=re.compile("^Payment failed")).click()
    expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("Payment failed 1"))
    page.get_by_role("link", name="To the report").click()
    page.get_by_role("link", name="Customers").click()
    page.get_by_role("table").get_by_role("link").first.click()
    page.get_by_role("link", name="ada@example.com").or_(page.get_by_role("link", name="bob@example.com")).first.click()
    expect(page).to_have_url(re.compile("/admin/contacts/contact/"))
