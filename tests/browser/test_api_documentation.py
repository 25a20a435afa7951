"""The API's documentation: one page without a script, in the API's own English, for wide and narrow, light and dark."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.width import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/api/v1/docs/"
WIDE = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True}


@pytest.mark.parametrize(
    ("size", "scheme", "locale"),
    [(WIDE, "light", "en"), (WIDE, "dark", "fr"), (PHONE, "dark", "fr")],
    ids=["wide", "dark and French", "phone"],
)
def test_it_is_readable_everywhere_and_breaks_no_rule_of_its_own(
    live_server: object,
    sign_in: Callable[..., Page],
    barriers: Callable[[Page], list[str]],
    size: dict[str, object],
    scheme: str,
    locale: str,
) -> None:
    User.objects.create_superuser("anna")
    page = sign_in("anna", color_scheme=scheme, locale=locale, **size)
    page.goto(PAGE)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert fits(page)
    assert _lightness(page) == scheme
    assert barriers(page) == []


def _lightness(page: Page) -> str:
    """Tell whether the text is lighter than what it stands on."""
    style = "getComputedStyle(document.documentElement)"
    ink, paper = (
        page.evaluate(f"{style}.{name}.match(/[0-9]+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0)")
        for name in ("color", "backgroundColor")
    )
    return "dark" if ink > paper else "light"


def test_nothing_on_it_is_blocked_by_its_own_policy(live_server: object, sign_in: Callable[..., Page]) -> None:
    User.objects.create_superuser("anna")
    page = sign_in("anna", **WIDE)
    answer = page.goto(PAGE)
    assert answer
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert page.locator("script").count() == 0
