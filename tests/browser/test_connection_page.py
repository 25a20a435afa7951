"""A connection's page as people see it, and no page at all that does what its security policy forbids."""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Page, expect

from integrations import history, sweep_pages
from integrations.models import Connection, Delivery
from integrations.providers.stripe import pages
from subscriptions.models import RecurringPayment, Store
from tests.browser.width import fits
from tests.integrations.conftest import connected
from tests.integrations.contracts import deliver
from tests.integrations.shops import ServedShop, served
from tests.integrations.states import sync

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONNECTIONS, INBOX = "/admin/integrations/connection/", "/admin/integrations/delivery/"
PHONE = {"viewport": {"width": 390, "height": 844}}
WATCH = "addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`))"


@pytest.fixture
def shop() -> Iterator[ServedShop]:
    """A pretend shop, served."""
    opened = ServedShop(subscriptions=30)
    with served(opened):
        yield opened


@pytest.fixture
def connection(live_server: object, shop: ServedShop) -> Connection:
    """A connection to it, and Anna, who may do everything."""
    User.objects.create_superuser("anna", first_name="Anna")
    return connected(shop)


@pytest.fixture
def lively(connection: Connection, shop: ServedShop) -> Connection:
    """The connection with something of everything: payments, a failed event, an unknown status and trouble."""
    sync(connection)
    shop.set(shop.ids()[0], status="flux")
    sync(connection)
    deliver(connection, shop.event("customer.updated", shop.ids("customer")[0]))
    Delivery.objects.update(state="failed", reason="The store cannot be reached.")
    Connection.objects.update(problem="unreachable", problem_detail="Timeout", problem_at=connection.created_at)
    return connection


def test_a_script_that_the_policy_forbids_is_noticed(
    connection: Connection, sign_in: Callable[..., Page], complaints: list[str]
) -> None:
    page = sign_in("anna")
    page.add_init_script(WATCH)
    page.goto(CONNECTIONS)
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'var evil = 1'}))"
    )
    assert page.evaluate("typeof evil") == "undefined"
    assert any(said.startswith("CSP: script-src") for said in complaints)
    complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(
    lively: Connection, sign_in: Callable[..., Page], barriers: Callable[[Page], list[str]], scheme: str
) -> None:
    page = sign_in("anna", color_scheme=scheme)
    event = f"{INBOX}{Delivery.objects.get().pk}/change/"
    for address in (CONNECTIONS, f"{CONNECTIONS}{lively.pk}/change/", f"{CONNECTIONS}add/", INBOX, event):
        page.goto(address)
        assert (address, barriers(page)) == (address, [])


def test_on_a_phone_nothing_hangs_over_the_edge(lively: Connection, sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna", **PHONE)
    for address in (f"{CONNECTIONS}{lively.pk}/change/", f"{INBOX}{Delivery.objects.get().pk}/change/"):
        page.goto(address)
        assert fits(page), address


def test_trouble_and_unknown_words_stand_at_the_top(lively: Connection, sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna")
    page.goto(f"{CONNECTIONS}{lively.pk}/change/")
    expect(page.get_by_role("alert")).to_contain_text("The store cannot be reached. Check its address")
    expect(page.locator("[data-unknown-status=flux]")).to_contain_text("has the status “flux”")
    page.get_by_role("link", name="Inbox", exact=True).last.click()
    expect(page.locator("[data-causes] li")).to_have_count(1)


def test_who_may_only_look_is_not_told_to_mend_it(lively: Connection, sign_in: Callable[..., Page]) -> None:
    User.objects.create_user("mark", is_staff=True).groups.add(Group.objects.get(name="Marketer"))
    page = sign_in("mark", locale="fr")
    page.goto(f"{CONNECTIONS}{lively.pk}/change/")
    expect(page.locator("[data-unknown-status=flux]")).to_contain_text("Un administrateur peut indiquer")
    expect(page.locator(".rt-tabs")).not_to_contain_text("Réglages")


def test_an_event_offers_to_be_retried_and_nothing_to_be_saved(
    lively: Connection, sign_in: Callable[..., Page]
) -> None:
    page = sign_in("anna")
    page.goto(f"{INBOX}{Delivery.objects.get().pk}/change/")
    expect(page.get_by_role("button", name="Retry this event")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("link", name="History")).to_have_count(0)
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)


def test_whoever_disconnects_a_store_is_told_what_stays(lively: Connection, sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna")
    page.goto(f"{CONNECTIONS}{lively.pk}/change/")
    page.get_by_role("link", name="Disconnect…").click()
    expect(page.locator("#content")).to_contain_text("stay on the contacts' pages")
    page.get_by_role("button", name="Disconnect").click()
    expect(page.locator("[data-app=stripe]")).to_contain_text("Not connected")
    assert RecurringPayment.objects.count() == 30


def test_the_progress_moves_by_itself_and_a_sync_can_be_cancelled_and_resumed(
    connection: Connection, shop: ServedShop, sign_in: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 5)
    monkeypatch.setattr(sweep_pages, "TICK", 0.05)
    page = sign_in("anna")
    page.goto(f"{CONNECTIONS}{connection.pk}/syncs/")
    page.get_by_role("button", name="Read the history").click()
    expect(page.get_by_role("status")).to_contain_text("Waiting")
    shop.faults.apply({"hang": 600, "hang_next": 1})
    held = _working()
    expect(page.get_by_role("status")).to_contain_text("Running")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status")).to_contain_text(re.compile("Stopping|Cancelled"))
    shop.close()
    held.join()
    shop.open()
    expect(page.get_by_role("button", name="Go on where it stopped")).to_be_visible()
    page.get_by_role("button", name="Go on where it stopped").click()
    expect(page.get_by_role("status")).to_contain_text("Waiting")
    _working().join()
    expect(page.get_by_role("status")).to_contain_text("Finished")
    expect(page.locator("[data-sync]").first).to_contain_text("created: 30")
    expect(page.get_by_role("button", name="Read the history again")).to_be_enabled()


def test_a_wrong_key_is_told_at_its_field_and_what_was_typed_is_gone(
    connection: Connection, sign_in: Callable[..., Page]
) -> None:
    page = sign_in("anna")
    page.goto(f"{CONNECTIONS}{connection.pk}/change/")
    key = page.get_by_label("Restricted API key")
    expect(key).to_have_attribute("type", "password")
    expect(key).to_have_value("")
    key.fill("rk_test_wrong")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("form")).to_contain_text(["The store refuses the API key."])
    expect(page.get_by_label("Restricted API key")).to_have_value("")


def test_the_webhook_address_is_copied_by_one_click(connection: Connection, sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna", is_changed=True, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{CONNECTIONS}{connection.pk}/change/")
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == connection.webhook_url


def _working() -> threading.Thread:
    """Work on whatever sync is open, as a worker does."""

    def work() -> None:
        for sync_id in history.abandoned():
            history.run(sync_id)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_store_of_ones_own_is_connected_and_gets_a_key(
    live_server: Any, sign_in: Callable[..., Page], barriers: Callable[[Page], list[str]]
) -> None:
    User.objects.create_superuser("root")
    page = sign_in("root", viewport={"width": 1280, "height": 900})
    connection = Connection.objects.create(store=Store.objects.create(name="Our own shop", provider="api"))
    page.goto(reverse("admin:integrations_connection_change", args=[connection.pk]))
    expect(page.locator(".rt-pill", has_text="No API key")).to_be_visible()
    page.get_by_label("Name of the new key").fill("Plugin")
    page.get_by_role("button", name="Make a key").click()
    secret = page.locator("[data-new-key]").inner_text()
    assert barriers(page) == []
    page.get_by_role("link", name="Back to the connection").click()
    expect(page.locator(".rt-pill", has_text="Waiting for the first event")).to_be_visible()
    assert secret not in page.content()
    assert barriers(page) == []
    page.get_by_role("button", name="Revoke Plugin").click()
    expect(page.get_by_text("The key opens nothing any more.")).to_be_visible()
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
