"""Reports on automations and campaigns, as somebody uses them: wide, on a phone, in the dark, without JavaScript."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from automations import labels
from automations.models import Automation
from tests.browser.width import fits
from tests.reports.performance.sent import automation, campaign, did, message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "fr"}


@pytest.fixture
def dunning(live_server: object) -> Automation:
    """An automation with a long name whose e-mails were opened, beside a newsletter; and somebody who may all."""
    User.objects.create_superuser("anna")
    one = automation("Dunning, with a name that says everything there is to say of it and a bit more than that")
    automation("Quiet")
    labels.put(one, ["Money"])
    for number in range(3):
        row = message(f"p{number}", at=timezone.now() - timedelta(days=number), by=one)
        did(row, *(("opened", "clicked") if number else ()))
    did(message("dora", at=timezone.now(), of=campaign("News", "direct")), "opened")
    return one


def test_a_number_is_followed_to_its_people_and_what_was_chosen_stays(dunning: Automation, sign_in: Any) -> None:
    page: Page = sign_in("anna", locale="en")
    page.goto(reverse("report_automations"))
    page.locator("select[name=period]").select_option("last_7")
    page.wait_for_url(re.compile("period=last_7"))
    page.get_by_role("link", name="E-mails sent", exact=True).click()
    page.wait_for_url(re.compile("sort=-sent"))
    row = page.get_by_role("row").filter(has_text="Dunning")
    expect(row.get_by_text("Money")).to_be_visible()
    row.get_by_role("link", name="2").first.click()
    page.wait_for_url(re.compile(r"people/\?.*number=opened"))
    expect(page.get_by_text("2 rows")).to_be_visible()
    page.get_by_placeholder("Name or e-mail").fill("p1")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    page.get_by_role("link", name="Back to the report").click()
    expect(page.locator("select[name=period]")).to_have_value("last_7")


def test_the_report_is_a_tab_of_its_automation_and_narrows_without_javascript(
    dunning: Automation, sign_in: Any
) -> None:
    page: Page = sign_in("anna", java_script_enabled=False, locale="en")
    page.goto(reverse("automation", args=[dunning.pk]))
    page.get_by_role("link", name="Report", exact=True).click()
    page.locator("select[name=period]").select_option("all")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("period=all"))
    expect(page.get_by_role("heading", name="What the numbers mean")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_reports_fit_a_phone_and_hinder_nobody(
    dunning: Automation, sign_in: Any, barriers: Any, theme: str
) -> None:
    page: Page = sign_in("anna", **PHONE)
    page.add_init_script(f"localStorage.setItem('adminTheme', JSON.stringify('{theme}'))")
    addresses = [reverse("report_automations"), reverse("report_campaigns")]
    addresses += [reverse("report_automation", args=[dunning.pk]), reverse("report_campaign_people") + "?number=sent"]
    addresses += [reverse("automation_settings", args=[dunning.pk])]
    for address in addresses:
        page.goto(address)
        assert (address, fits(page), barriers(page)) == (address, True, [])
    wide: Page = sign_in("anna", locale="en")
    wide.add_init_script(f"localStorage.setItem('adminTheme', JSON.stringify('{theme}'))")
    for address in addresses:
        wide.goto(address)
        assert (address, barriers(wide)) == (address, [])
