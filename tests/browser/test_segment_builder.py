"""The builder of segments as people use it: by mouse, by keyboard alone, by finger, with mistakes and with company."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.models import Contact
from contacts.services import add_tag
from subscriptions.models import Segment, Store
from subscriptions.segments import saved
from tests.subscriptions.reports import report, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "/admin/segments/new/"
WIDE = {"viewport": {"width": 1400, "height": 1000}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PAUSED = {"field": "status", "op": "is", "value": "paused"}
LYON = {"field": "billing_city", "op": "is", "value": "Lyon"}
CITIES = {"any": [{"field": "billing_city", "op": "is", "value": "Chicago"}, LYON]}
IN_FRAME = [
    PAUSED,
    {"field": "billing_interval", "op": "is", "value": "monthly"},
    {"field": "payment_amount", "op": "more_than", "value": "50"},
    {"field": "currency", "op": "is", "value": "EUR"},
    {"field": "payment_method_expiration", "op": "in_the_next", "value": {"n": 30, "unit": "days"}},
    CITIES,
]
EXAMPLE = {"all": [{"recurring_payment": {"all": IN_FRAME}, "match": "any"}, {"tag": "vip", "op": "has_not"}]}
BY_HAND = """
select count(*) from contacts_contact c
where exists (
    select 1 from subscriptions_recurringpayment p
    where p.contact_id = c.id and p.status = 'paused' and p.billing_interval = 'monthly' and p.payment_amount > 50
    and upper(p.currency) = 'EUR' and p.payment_method_expiration between %s and %s
    and lower(trim(p.billing_city)) in ('chicago', 'lyon')
) and not exists (
    select 1 from contacts_contact_tags l join contacts_tag t on t.id = l.tag_id
    where l.contact_id = c.id and lower(t.name) = 'vip'
)
"""


@pytest.fixture
def store(live_server: object) -> Store:
    """Anna, who works with people, and people with payments that just do and just do not fit the example."""
    User.objects.create_superuser("anna", first_name="Anna")
    store = Store.objects.create(name="Shop", provider="stripe")
    fits = {"status": "paused", "billing_interval": "monthly", "payment_amount": "60", "currency": "EUR"}
    fits |= {"billing_city": "Lyon", "payment_method_expiration": timezone.now() + timedelta(days=10)}
    others = {
        "Ada": {}, "Bob": {"billing_city": " CHICAGO "}, "Vera": {}, "Cleo": {"payment_amount": "50"},
        "Dan": {"billing_city": "Paris"}, "Eve": {"currency": "USD"}, "Finn": {"status": "active"},
        "Gus": {"billing_interval": "yearly"},
        "Hal": {"payment_method_expiration": timezone.now() + timedelta(days=40)},
    }  # fmt: skip
    told = [report(name, email=f"{name}@example.com".lower(), shipping_first_name=name, **fits | values)
            for name, values in others.items()]  # fmt: skip
    tell(store, *told)
    add_tag(Contact.objects.filter(email="vera@example.com"), "VIP")
    return store


@pytest.fixture
def page(store: Store, sign_in: Any) -> Page:
    """An empty builder."""
    return _open(sign_in("anna", **WIDE))


def _open(page: Page, address: str = NEW) -> Page:
    page.goto(address)
    expect(page.locator(".sb-root")).to_be_visible()
    return page


def _saved(tree: Any = EXAMPLE, name: str = "Example") -> Segment:
    return saved.create(tree, name=name, owner=User.objects.get())


def _by_hand() -> int:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [now, now + timedelta(days=30)])
        return int(cursor.fetchone()[0])


def _frame(page: Page) -> Any:
    return page.locator(".sb-frame")


def _add(page: Page, within: Any, field: str) -> None:
    within.locator("> .sb-adders").get_by_role("button", name="Condition").click()
    page.get_by_role("combobox", name="Search the fields").fill(field)
    page.get_by_role("option", name=field, exact=True).click()


def _ask(page: Page, field: str, operator: str, value: str = "", *, nth: int = 0) -> None:
    page.get_by_label(f"{field}: comparison").nth(nth).select_option(label=operator)
    if value:
        page.get_by_label(f"{field}: value").nth(nth).fill(value)


def _choose(page: Page, field: str, value: str) -> None:
    page.get_by_label(f"{field}: value").select_option(label=value)


def _expect_example(page: Page) -> None:
    """The count is what SQL says, and what is saved is the example."""
    assert _by_hand() == 2
    expect(page.locator("[data-count]")).to_have_text("2 people")
    expect(page.locator("[data-people] a")).to_have_text(["Bob", "Ada"])
    page.get_by_label("Name", exact=True).fill("Example")
    page.get_by_role("button", name="Save segment").click()
    page.wait_for_url(re.compile(r"/admin/segments/\d+/$"))
    assert Segment.objects.get().tree == EXAMPLE


def _build_by_pointer(page: Page) -> None:
    root = page.locator(".sb-root")
    _add(page, root, "Recurring payment status")
    _choose(page, "Recurring payment status", "Paused")
    frame = _frame(page).first
    _add(page, frame, "Billing interval")
    _choose(page, "Billing interval", "Monthly")
    _add(page, frame, "Payment amount")
    _ask(page, "Payment amount", "is more than", "50")
    page.get_by_role("button", name="in any currency; choose one").click()
    page.get_by_label("Currency: value").fill("EUR")
    _add(page, frame, "Payment method expiration")
    page.get_by_label("Payment method expiration: comparison").select_option(label="is in the next")
    page.get_by_label("Payment method expiration: how many").fill("30")
    frame.locator("> .sb-adders").get_by_role("button", name="Group").click()
    group = frame.locator(".sb-group")
    for nth, city in enumerate(["Chicago", "Lyon"]):
        _add(page, group, "Billing address city")
        page.get_by_label("Billing address city: value").nth(nth).fill(city)
    _add(page, root, "Tag")
    _ask(page, "Tag", "is not", "vip")


# ---- the example, in three ways


def test_the_example_is_built_by_mouse_and_counts_what_sql_counts(page: Page) -> None:
    _build_by_pointer(page)
    _expect_example(page)


def test_the_example_is_built_on_a_phone(store: Store, sign_in: Any, barriers: Any) -> None:
    page = _open(sign_in("anna", **PHONE))
    _build_by_pointer(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert barriers(page) == []
    _expect_example(page)


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _tab_to(page: Page, name: str, *, within: str = "[data-tree]") -> None:
    """Go on by Tab until what has this name has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(_HAS_FOCUS, [name, within]):
            return
    raise AssertionError(f"Tab never reaches {name}")


_HAS_FOCUS = """([name, within]) => {
  const one = document.activeElement;
  const said = one.getAttribute("aria-label") ?? one.dataset.k?.split(":")[1] ?? one.textContent;
  return said.trim() === name && one.closest(within) !== null;
}"""


def _type_field(page: Page, field: str) -> None:
    expect(page.get_by_role("combobox", name="Search the fields")).to_be_focused()
    page.keyboard.type(field)
    _press(page, "Enter")


def test_the_example_is_built_by_keyboard_alone(page: Page) -> None:
    _tab_to(page, "add-condition")
    _press(page, "Enter")
    _type_field(page, "recurring payment status")
    _press(page, "Tab")
    page.keyboard.type("Paused")
    _tab_to(page, "add-condition")
    _press(page, "Enter")
    _type_field(page, "billing interval")
    _press(page, "Tab")
    page.keyboard.type("Monthly")
    _tab_to(page, "add-condition")
    _press(page, "Enter")
    _type_field(page, "payment amount")
    page.keyboard.type("is more")
    _press(page, "Tab")
    page.keyboard.type("50")
    _press(page, "Tab", "Enter")
    page.keyboard.type("EUR")
    _tab_to(page, "add-condition")
    _press(page, "Enter")
    _type_field(page, "expiration")
    page.keyboard.type("is in the next")
    _press(page, "Tab")
    page.keyboard.type("30")
    _tab_to(page, "add-group")
    _press(page, "Enter", "Enter")
    _type_field(page, "billing city")
    _press(page, "Tab")
    page.keyboard.type("Chicago")
    _tab_to(page, "add-condition")
    _press(page, "Enter")
    _type_field(page, "billing city")
    _press(page, "Tab")
    page.keyboard.type("Lyon")
    for _ in range(3):  # past those of the group and of the frame
        _tab_to(page, "add-condition")
    _press(page, "Enter")
    _type_field(page, "tag")
    page.keyboard.type("is not")
    _press(page, "Tab")
    page.keyboard.type("vip")
    _expect_example(page)
