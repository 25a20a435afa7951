"""The tabs of a connection's page in a browser: by keyboard, without JavaScript, in the dark, on a phone, in French."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from integrations.models import Connection, Delivery, HistoricalSync
from tests.browser.width import fits
from tests.integrations.contracts import made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABS = ("inbox", "history", "audit", "disconnect")


@pytest.fixture
def lively(live_server: object) -> Connection:
    """A connection of a very long name with three hundred events, one of them a failure, and a run of its history."""
    User.objects.create_superuser("anna")
    connection = made("stripe", "W" * 200)
    HistoricalSync.objects.create(connection=connection, state="failed", problem="unreachable", created=3)
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(connection=connection, key=f"evt_{number}", event_type="customer.subscription.updated", body="{}",
                 occurred_at=now, received_at=now, due_at=now, claimed_until=now, subject=f"subscription:sub_{number}",
                 state="failed" if number == 0 else "applied", reason="Timeout" if number == 0 else "")
        for number in range(300)
    )  # fmt: skip
    return connection


def addresses(connection: Connection) -> list[str]:
    tabs = [reverse(f"admin:connection_{name}", args=[connection.pk]) for name in TABS]
    return [*tabs, reverse("admin:integrations_connection_change", args=[connection.pk])]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_on_any_tab(
    lively: Connection, sign_in: Callable[..., Page], barriers: Callable[[Page], list[str]], scheme: str
) -> None:
    page = sign_in("anna", color_scheme=scheme)
    for address in addresses(lively):
        page.goto(address)
        assert (address, barriers(page)) == (address, [])


def test_nothing_hangs_over_the_edge_of_a_phone(lively: Connection, sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna", viewport={"width": 390, "height": 844}, locale="fr")
    for address in addresses(lively):
        page.goto(address)
        assert fits(page), address


def test_without_javascript_a_failure_is_found_and_retried(lively: Connection, sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna", java_script_enabled=False)
    page.goto(addresses(lively)[0])
    page.get_by_label("Outcome").select_option("failed")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("[data-event]")).to_have_count(1)
    page.get_by_role("button", name="Retry all that failed among these").click()
    expect(page.get_by_text("1 event is being retried.")).to_be_visible()
    assert Delivery.objects.get(key="evt_0").state == "waiting"


def test_a_day_of_the_chart_is_reached_by_keyboard(lively: Connection, sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna")
    page.goto(addresses(lively)[0])
    page.locator("a.rt-day").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/?day=*")
    expect(page.locator("[data-event]")).to_have_count(50)
    expect(page.locator(".rt-tabs [aria-current=page]")).to_have_text("Inbox")
