"""Starting from a recipe: on a phone, in the dark, in French, by keyboard, without JavaScript."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from playwright.sync_api import Page, expect

from automations.models import Automation
from config.audit.models import Entry
from tests.browser.width import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "fr"}


@pytest.fixture
def anna(live_server: object) -> User:
    """Somebody who may do everything."""
    return User.objects.create_superuser("anna")


def test_an_empty_list_leads_to_a_draft_in_three_clicks(anna: User, sign_in: Any) -> None:
    page: Page = sign_in("anna", locale="en")
    page.goto(reverse("automations"))
    page.get_by_role("link", name="Start from a recipe").click()
    page.get_by_role("link", name="Failed payment: see what it does").click()
    expect(page.get_by_text("Your payment did not go through").first).to_be_visible()
    page.locator("summary[lang=fr]").first.click()
    expect(page.get_by_text("Bonjour Camille,").first).to_be_visible()
    page.get_by_role("button", name="Use this recipe").click()
    page.wait_for_url(re.compile(r"/automations/\d+/$"))
    one = Automation.objects.get()
    assert page.url.endswith(reverse("automation", args=[one.pk]))
    assert (one.name, one.state, one.owner) == ("Failed payment", "draft", anna)
    assert Entry.objects.filter(action="added", object_id=str(one.pk)).exists()
    expect(page.get_by_text("This is your draft.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_recipes_fit_a_phone_and_hinder_nobody(anna: User, sign_in: Any, barriers: Any, theme: str) -> None:
    page: Page = sign_in("anna", **PHONE)
    page.add_init_script(f"localStorage.setItem('adminTheme', JSON.stringify('{theme}'))")
    addresses = [reverse("automation_recipe", args=[key]) for key in ("failed_payment", "cancelling")]
    for address in [reverse("automation_recipes"), reverse("automations"), reverse("automation_new"), *addresses]:
        page.goto(address)
        assert (address, fits(page), barriers(page)) == (address, True, [])


def test_a_recipe_is_taken_by_keyboard_without_javascript(anna: User, sign_in: Any) -> None:
    page: Page = sign_in("anna", java_script_enabled=False, locale="fr")
    page.goto(reverse("automation_recipes"))
    page.goto(reverse("automation_recipe", args=["welcome"]))
    expect(page.get_by_text("Bienvenue, et merci").first).to_be_visible()
    page.locator("form[method=post] button.rt-primary").last.press("Enter")
    page.wait_for_url(re.compile(r"/automations/\d+/$"))
    assert Automation.objects.get().owner == anna


def test_who_may_only_look_is_offered_no_button(anna: User, sign_in: Any) -> None:
    viewer = User.objects.create_user("vera", is_staff=True)
    viewer.groups.set([Group.objects.get_or_create(name="Viewer")[0]])
    page: Page = sign_in("vera", locale="en")
    page.goto(reverse("automation_recipe", args=["welcome"]))
    assert page.get_by_role("heading", name="The e-mails").is_visible()
    assert page.get_by_role("button", name="Use this recipe").count() == 0
