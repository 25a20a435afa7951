"""The people whom a segment finds, and what is done to all of them, on a phone, in the dark and in French."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page

from contacts.models import ContactList
from subscriptions.models import PeopleAction, Store
from tests.browser.width import fits
from tests.subscriptions.reports import NOON, report, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "fr"}
LONG = "w" * 100


@pytest.fixture
def page(live_server: object, sign_in: Any) -> Page:
    """Anna's phone, where there is one person, and a list with the longest name."""
    User.objects.create_superuser("anna")
    tell(Store.objects.create(name="Shop", provider="stripe"), report(email="ada@example.com", status="paused"))
    ContactList.objects.create(name=LONG)
    opened: Page = sign_in("anna", **PHONE)
    opened.add_init_script("localStorage.setItem('adminTheme', JSON.stringify('dark'))")
    return opened


def test_people_and_what_is_done_to_them_fit_a_phone(page: Page, barriers: Any) -> None:
    action = PeopleAction.objects.create(kind="tag", tag=LONG, tree={"all": []}, language="fr", state="failed", size=1)
    addresses = [reverse("people"), reverse("people_actions"), reverse("people_action", args=[action.pk])]
    for address in addresses:
        page.goto(address)
        assert (fits(page), barriers(page)) == (True, [])


@pytest.mark.parametrize("width", [701, 768, 1024, 1100, 1280])
def test_people_with_long_values_fit_a_narrow_window(page: Page, width: int) -> None:
    store = Store.objects.get()
    values = {"name": "Field notes, the almanac of the year", "payment_amount": "9999.99", "currency": "USD"}
    values |= {"billing_interval": "monthly", "next_payment_date": NOON, "last_payment_status": "completed"}
    tell(store, report("long", email="marta.novakova10052@example.net", status="payment_failed", **values))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(reverse("people"))
    assert fits(page)


def test_what_is_refused_has_no_barriers_and_leads_back(page: Page, barriers: Any, complaints: list[str]) -> None:
    page.goto(reverse("people"))
    page.locator("[data-act=tag]").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Ajouter une étiquette").click()
    assert (fits(page), barriers(page)) == (True, [])
    page.get_by_role("button", name="Retour").click()
    page.wait_for_url(f"**{reverse('people')}*")
    page.goto(f"{reverse('people')}?tree=x")
    assert barriers(page) == []
    complaints.clear()  # the console names what was refused
