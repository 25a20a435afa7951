"""Two-factor sign-in as people set it up and use it, by mouse and by keyboard, on a phone and in the dark."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from config.two_factor import codes, factors
from config.two_factor.models import Authenticator
from contacts.models import Contact, ContactList
from contacts.services import leave, subscribe
from tests.browser.width import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse"
ACCOUNT = "/admin/account/"
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "fr", "color_scheme": "dark"}
WIDE = {"viewport": {"width": 1400, "height": 900}}


@pytest.fixture(autouse=True)
def anna(live_server: object) -> User:
    return User.objects.create_superuser("anna", first_name="Anna", password=PASSWORD)


def code(steps: int = 0) -> str:
    return codes.at_step(Authenticator.objects.get().secret, int(time.time() // codes.STEP) + steps)


def test_setting_it_up_by_keyboard_and_signing_in_with_it(sign_in: Callable[..., Page], barriers, complaints) -> None:
    page = sign_in("anna", **WIDE)
    page.goto(ACCOUNT)
    assert barriers(page) == []
    page.get_by_label("Your password").press_sequentially(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.get_by_text("Type the key instead").press("Enter")
    expect(page.get_by_text(Authenticator.objects.get().secret)).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("Type the code that the app shows.").press_sequentially(code(-1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes").last).to_be_visible()
    put_away = page.locator(".rt-secret-codes code").all_inner_texts()
    assert len(put_away) == codes.RECOVERY_CODES
    assert barriers(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_text().split() == put_away
    page.get_by_role("link", name="I have put them away").click()
    expect(page.get_by_text("10 recovery codes are left.")).to_be_visible()
    assert complaints == []
    page.context.clear_cookies()
    page.goto(ACCOUNT)
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.type(code())  # the field has the focus already
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{ACCOUNT}$"))
    expect(page.get_by_role("heading", name="Two-factor sign-in")).to_be_visible()


@pytest.mark.parametrize("state", ["off", "pending", "on"])
def test_nothing_hinders_on_a_phone_in_the_dark_in_french(sign_in, barriers, anna, state: str) -> None:
    page = sign_in("anna", **PHONE)
    if state != "off":
        factors.start(anna)
    if state == "on":
        factors.confirm(anna, code(-1))
    page.goto(ACCOUNT)
    for summary in page.locator("main summary, #content summary").all():
        summary.click()
    assert barriers(page) == []
    assert fits(page)


def test_the_history_of_a_list_is_unfolded_on_the_contacts_page(sign_in, barriers) -> None:
    ada = Contact.objects.create(first_name="Ada", email="ada@example.com", email_key="ada@example.com")
    letter = ContactList.objects.create(name="Letter")
    subscribe([ada.pk], letter.pk, source="Shop")
    leave(ada.pk, source="person", way="one_click")
    page = sign_in("anna", viewport={"width": 390, "height": 844}, color_scheme="dark")
    page.goto(f"/admin/contacts/contact/{ada.pk}/change/")
    page.get_by_text("History Letter").click()
    expect(page.get_by_text("with one click in the mail program")).to_be_visible()
    assert barriers(page) == []
    assert fits(page)
