"""The set-up and the cards in a real browser: by keyboard, live, on a phone, in French and in the dark."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from integrations import history
from integrations.connecting import Credentials, connect
from integrations.models import Connection, HistoricalSync
from tests.integrations.conftest import KEY
from tests.integrations.contracts import SECRET, deliver
from tests.integrations.shops import ServedShop, served

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live_server: Any, settings: LazySettings) -> Iterator[ServedShop]:
    """A pretend shop, and Anna, who may do everything."""
    settings.PUBLIC_URL = live_server.url
    User.objects.create_superuser("anna", first_name="Anna")
    opened = ServedShop(subscriptions=5)
    with served(opened):
        yield opened


def test_a_store_is_set_up_by_keyboard_and_its_first_event_is_seen_arriving(
    shop: ServedShop, sign_in: Callable[..., Page], barriers: Callable[[Page], list[str]]
) -> None:
    page = sign_in("anna")
    page.goto("/admin/connected-apps/")
    assert barriers(page) == []
    page.get_by_role("link", name="Add a new resource").press("Enter")
    page.get_by_role("link", name="Stripe").press("Enter")
    page.get_by_label("Name").fill("Our Stripe")
    page.get_by_label("Restricted API key").fill("rk_test_wrong")
    page.get_by_label("API address").fill(shop.address)
    page.get_by_label("API address").press("Enter")
    expect(page.get_by_text("The store refuses the API key.")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("Restricted API key").fill(KEY)
    page.get_by_label("Restricted API key").press("Enter")
    expect(page.locator("[aria-current=step]")).to_have_text("3Resource")
    page.get_by_role("button", name="Go on").press("Enter")
    page.get_by_label("Or on a new list").fill("Customers")
    assert barriers(page) == []
    page.get_by_role("button", name="Finish").press("Enter")
    lines = page.locator("[data-line]")
    expect(lines).to_have_count(4)
    expect(page.locator("[data-line=event]")).to_contain_text("Waiting for the first event")
    assert barriers(page) == []
    Connection.objects.update(webhook_secret=SECRET)
    deliver(Connection.objects.get(), shop.event("customer.subscription.updated", shop.ids()[0]))
    history.run(HistoricalSync.objects.get().pk)
    expect(page.locator("[data-line=event]")).to_contain_text("customer.subscription.updated")
    expect(page.locator("[data-line=history]")).to_contain_text("The history is read: 5 recurring payments")
    page.get_by_role("link", name="To the connection's page").press("Enter")
    expect(page.get_by_role("heading", name="Our Stripe", exact=True)).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_every_step_fits_a_phone_in_french(
    shop: ServedShop, sign_in: Callable[..., Page], barriers: Callable[[Page], list[str]], dark: bool
) -> None:
    known = Credentials(client_id="a", api_key="b", api_address="http://127.0.0.1:1")
    made, _ = connect("paypal", name="Boutique " + "très " * 38, credentials=known)
    connect("api", name="Plugin", credentials=Credentials())
    page = sign_in("anna", viewport={"width": 390, "height": 844}, locale="fr-FR", is_changed=True)
    if dark:
        page.add_init_script("localStorage.setItem('adminTheme', JSON.stringify('dark'))")
    steps = [f"{made.pk}/{step}/" for step in ("credentials", "resource", "options", "finish")]
    for address in ("", "new/", "new/woocommerce/", *steps, f"{made.pk + 1}/finish/"):
        page.goto(f"/admin/connected-apps/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        assert barriers(page) == [], address
        assert page.evaluate("document.documentElement.lang") == "fr"


def test_a_second_click_sends_nothing_a_second_time(shop: ServedShop, sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna")
    page.goto("/admin/connected-apps/new/stripe/")
    page.get_by_label("Name").fill("Our Stripe")
    page.get_by_label("Restricted API key").fill(KEY)
    page.get_by_label("API address").fill(shop.address)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Try and go on").dblclick()
    expect(page.locator("[aria-current=step]")).to_have_text("3Resource")
    assert len(sent) == 1
    page.go_back()
    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Try and go on").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
