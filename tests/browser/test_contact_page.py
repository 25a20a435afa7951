"""The contact's page as people use it: mouse, finger, keyboard, a shared address, and no scripts at all."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from contacts.models import Contact
from contacts.services import Profile
from subscriptions.models import RecurringPayment, Store
from subscriptions.widget import CHANGES_SHOWN, PAGE_SIZE
from tests.subscriptions.reports import after, report, stored, tell, told

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"viewport": {"width": 1400, "height": 1000}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ADA = Profile(email="ada@example.com", first_name="Ada", last_name="Lovelace")
VALUES = {"email": ADA.email, "profile": ADA, "currency": "EUR", "payment_amount": "49", "billing_interval": "monthly"}


@pytest.fixture
def store(live_server: object) -> Store:
    """A shop where Ada pays for three things: Box is the newest, Basic the oldest."""
    User.objects.create_superuser("anna")
    store = Store.objects.create(name="Shop", provider="stripe", payment_page="https://shop.example/pay/{id}")
    lines = [{"name": "Tea", "quantity": 2, "amount": 9, "tags": ["hot"]}]
    tell(
        store,
        report("sub_1", name="Basic", status="cancelled", store_created_date=after(1), **VALUES),
        report("sub_2", name="Pro", status="active", store_created_date=after(2), items=lines, **VALUES),
        report("sub_3", name="Box", status="payment_failed", store_created_date=after(3), **VALUES),
    )
    told(store, sub="sub_2", at=9, status="paused", billing_city="Lyon")
    return store


def _address(**asked: object) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return reverse("admin:contacts_contact_change", args=[Contact.objects.get().pk]) + (f"?{query}" if query else "")


@pytest.fixture
def page(store: Store, sign_in) -> Page:
    """Ada's page on a desk."""
    page = sign_in("anna", **WIDE)
    page.goto(_address())
    return page


def _button(page, name):
    return page.locator("tr", has_text=name).get_by_role("button", name="Details")


def _panel(page):
    return page.locator("#rt-panel")


def _expect_open(page, name, sub, store):
    """Wait for the panel of a payment, with the focus in it, and its address."""
    expect(_panel(page).get_by_role("heading", name=name)).to_be_focused()
    expect(page).to_have_url(re.compile(rf"[?&]payment={stored(store, sub).pk}(&|$)"))


def _expect_closed(page):
    expect(_panel(page)).to_be_hidden()
    expect(page).not_to_have_url(re.compile("payment="))


def _shown(page):
    return _panel(page).locator(".rt-fields > div:visible").evaluate_all("rows => rows.map(row => row.dataset.field)")


# ---- the widget


def test_the_widget_shows_five_columns_newest_first(page):
    heads = page.locator("[data-widget] th[data-field]")
    expect(heads).to_have_text(
        ["Recurring payment status", "Name", "Payment amount", "Next payment date", "Last payment status"]
    )
    expect(page.locator("[data-widget] td[data-field=name] .rt-text")).to_have_text(["Box", "Pro", "Basic"])
    expect(page.locator("[data-widget] td[data-field=payment_amount]").first).to_contain_text("€49.00/mo")


def test_pages_are_turned_in_place(page, store):
    tell(
        store,
        *(report(f"many_{n}", name=f"Plan {n}", store_created_date=after(-n), **VALUES) for n in range(PAGE_SIZE)),
    )
    page.reload()
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Older").click()
    expect(page.locator("[data-widget] tbody tr")).to_have_count(3)
    expect(page.get_by_role("link", name="Newer")).to_be_focused()
    page.get_by_role("link", name="Newer").click()
    expect(page.locator("[data-widget] tbody tr")).to_have_count(PAGE_SIZE)
    assert page.evaluate("window.stayed")


def test_refreshing_shows_what_is_new_and_keeps_the_focus(page, store):
    told(store, sub="sub_1", at=20, name="Gold")
    refresh = page.get_by_role("link", name="Refresh recurring payments")
    refresh.click()
    expect(page.locator("[data-widget] td[data-field=name] .rt-text")).to_have_text(["Box", "Pro", "Gold"])
    expect(refresh).to_be_focused()


# ---- the panel


def test_details_opens_the_panel_and_escape_leads_back_to_the_button(page, store):
    _button(page, "Pro").click()
    _expect_open(page, "Pro", "sub_2", store)
    assert page.evaluate("document.querySelector('#rt-panel').matches(':modal')")
    page.keyboard.press("Escape")
    _expect_closed(page)
    expect(_button(page, "Pro")).to_be_focused()


@pytest.mark.parametrize("way", ["the cross", "beside the panel"])
def test_the_panel_is_closed_by_mouse(page, store, way):
    _button(page, "Pro").click()
    _expect_open(page, "Pro", "sub_2", store)
    if way == "the cross":
        _panel(page).get_by_role("button", name="Close").click()
    else:
        page.mouse.click(200, 500)
    _expect_closed(page)
    expect(_button(page, "Pro")).to_be_focused()


def test_an_address_that_was_shared_opens_the_panel(page, store):
    page.goto(_address(payment=stored(store, "sub_2").pk))
    _expect_open(page, "Pro", "sub_2", store)
    page.keyboard.press("Escape")
    _expect_closed(page)
    expect(_button(page, "Pro")).to_be_focused()


def test_the_browser_s_back_button_closes_the_panel_and_forward_opens_it(page, store):
    _button(page, "Pro").click()
    _expect_open(page, "Pro", "sub_2", store)
    page.go_back()
    _expect_closed(page)
    page.go_forward()
    _expect_open(page, "Pro", "sub_2", store)


def test_one_steps_to_the_newer_and_the_older_payment(page, store):
    _button(page, "Pro").click()
    _expect_open(page, "Pro", "sub_2", store)
    _panel(page).get_by_role("link", name="Older recurring payment").click()
    _expect_open(page, "Basic", "sub_1", store)
    expect(_panel(page).get_by_role("link", name="Older recurring payment")).to_have_count(0)
    for name, sub in (("Pro", "sub_2"), ("Box", "sub_3")):
        _panel(page).get_by_role("link", name="Newer recurring payment").click()
        _expect_open(page, name, sub, store)
    page.keyboard.press("Escape")
    expect(_button(page, "Pro")).to_be_focused()


def test_fields_are_searched_and_empty_ones_shown(page, store):
    _button(page, "Pro").click()
    _expect_open(page, "Pro", "sub_2", store)
    assert "billing_city" in _shown(page)
    assert "anchor_date" not in _shown(page)
    search = _panel(page).get_by_role("searchbox", name="Search the fields")
    search.fill("lyon")
    assert _shown(page) == ["billing_city"]
    search.fill("anchor")
    expect(_panel(page).get_by_text("No field matches.")).to_be_visible()
    empties = _panel(page).get_by_role("checkbox", name=re.compile(r"Show \d+ empty ones"))
    empties.check()
    assert _shown(page) == ["anchor_date"]
    search.fill("")
    assert len(_shown(page)) == 60
    empties.uncheck()
    assert "anchor_date" not in _shown(page)


def test_the_panel_tells_items_and_changes(page, store):
    _button(page, "Pro").click()
    _expect_open(page, "Pro", "sub_2", store)
    expect(_panel(page).locator("[data-line-items] tbody tr")).to_have_text(re.compile(r"Tea\s*hot\s*–\s*2\s*€9\.00"))
    expect(_panel(page).locator("[data-change=updated]")).to_contain_text(re.compile(r"Active\s*→\s*became\s*Paused"))


def test_older_changes_are_shown_on_demand(page, store):
    for at in range(10, 10 + CHANGES_SHOWN):
        told(store, sub="sub_2", at=at, name=f"Pro {at}")
    page.reload()
    _button(page, "Pro").click()
    changes = _panel(page).locator("[data-change]")
    expect(changes).to_have_count(CHANGES_SHOWN)
    _panel(page).get_by_role("link", name="Show 2 older changes").click()
    expect(changes).to_have_count(CHANGES_SHOWN + 2)


def test_a_lost_connection_is_said_and_can_be_closed(page, complaints):
    page.route("**/panel/**", lambda route: route.abort())
    _button(page, "Pro").click()
    expect(_panel(page).get_by_role("status")).to_contain_text("could not be loaded")
    _panel(page).get_by_role("button", name="Close").click()
    _expect_closed(page)
    expect(_button(page, "Pro")).to_be_focused()
    assert complaints.pop(0) == "Failed to load resource: net::ERR_FAILED"


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(page, store):
    held = []
    slow = reverse("payment_panel", args=[stored(store, "sub_2").pk])
    page.route(f"**{slow}", lambda route: held.append(route))
    _button(page, "Pro").click()
    expect(_panel(page).get_by_role("status")).to_have_text("Loading…")
    page.go_back()
    _button(page, "Box").click()
    _expect_open(page, "Box", "sub_3", store)
    with page.expect_response(f"**{slow}"):
        held[0].continue_()
    page.evaluate("() => new Promise(done => setTimeout(done))")
    expect(_panel(page).get_by_role("heading", name="Box")).to_be_visible()


def test_a_script_that_found_its_way_in_would_not_run(page, complaints):
    with page.expect_event("console"):
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    assert page.evaluate("window.ran") is None
    assert "Content Security Policy" in complaints.pop()


@pytest.mark.parametrize("clipboard", [True, False], ids=["with https", "without"])
def test_the_e_mail_is_copied(page, clipboard):
    if clipboard:
        page.context.grant_permissions(["clipboard-write"])
    else:
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        page.reload()
    page.get_by_role("button", name="Copy the e-mail").click()
    expect(page.get_by_role("button", name="Copied")).to_be_focused()
    page.locator("input[name=last_name]").fill("")
    page.keyboard.press("Control+v")
    expect(page.locator("input[name=last_name]")).to_have_value(ADA.email)


# ---- by keyboard


def test_everything_is_reached_by_keyboard_alone(page, store):
    _button(page, "Box").focus()
    page.keyboard.press("Tab")
    expect(_button(page, "Pro")).to_be_focused()
    page.keyboard.press("Enter")
    _expect_open(page, "Pro", "sub_2", store)
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.matches('body *:not(#rt-panel *, #rt-panel)')")
    search = _panel(page).get_by_role("searchbox")
    search.focus()
    page.keyboard.type("city")
    assert _shown(page) == ["billing_city"]
    page.keyboard.press("Escape")
    expect(search).to_have_value("")
    page.keyboard.press("Escape")
    _expect_closed(page)
    expect(_button(page, "Pro")).to_be_focused()


# ---- on a phone


@pytest.fixture
def phone(store: Store, sign_in) -> Page:
    """Ada's page on a telephone."""
    page = sign_in("anna", **PHONE)
    page.goto(_address())
    return page


def _menu(page, name):
    return page.locator("tr", has_text=name).locator("summary")


def test_on_a_phone_details_is_behind_the_three_dots(phone, store):
    expect(_button(phone, "Pro")).to_have_count(0)
    _menu(phone, "Pro").tap()
    _button(phone, "Pro").tap()
    _expect_open(phone, "Pro", "sub_2", store)
    _panel(phone).get_by_role("button", name="Close").tap()
    _expect_closed(phone)


def test_on_a_phone_each_value_has_its_label_and_nothing_is_cut_off(phone):
    expect(phone.locator("tr[data-payment] .rt-label:visible")).to_have_count(15)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    _menu(phone, "Pro").tap()
    _button(phone, "Pro").tap()
    expect(_panel(phone).get_by_role("heading", name="Pro")).to_be_focused()
    assert _panel(phone).evaluate("panel => [panel.clientWidth, panel.scrollWidth]") == [390, 390]


def test_the_three_dots_close_again(phone):
    _menu(phone, "Pro").focus()
    phone.keyboard.press("Enter")
    expect(_button(phone, "Pro")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(_button(phone, "Pro")).to_have_count(0)
    expect(_menu(phone, "Pro")).to_be_focused()
    _menu(phone, "Pro").tap()
    _menu(phone, "Box").tap()
    expect(phone.locator("details.rt-menu[open]")).to_have_count(1)


# ---- for everybody


def _expect_theme(page, theme):
    """Wait until the page has its colours and its fields their names."""
    html = expect(page.locator("html"))
    (html.to_contain_class if theme == "dark" else html.not_to_contain_class)("dark")
    expect(page.get_by_role("searchbox", name="Tags")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["desk", "phone"])
def test_nothing_on_the_page_or_in_the_panel_hinders_anybody(store, sign_in, barriers, theme, window):
    page = sign_in("anna", **window, reduced_motion="reduce")
    page.add_init_script(f"localStorage.setItem('adminTheme', '\"{theme}\"')")
    page.goto(_address())
    _expect_theme(page, theme)
    assert barriers(page) == []
    page.goto(_address(payment=stored(store, "sub_2").pk))
    _expect_open(page, "Pro", "sub_2", store)
    _panel(page).get_by_role("checkbox").check()
    assert barriers(page) == []


@pytest.fixture
def plain(store: Store, sign_in) -> Page:
    """Ada's page in a browser that runs no scripts."""
    page = sign_in("anna", **WIDE, java_script_enabled=False)
    page.goto(_address())
    return page


def test_without_scripts_details_leads_to_the_open_panel(plain, store):
    _button(plain, "Pro").click()
    expect(plain).to_have_url(re.compile(rf"\?payment={stored(store, 'sub_2').pk}$"))
    expect(_panel(plain).get_by_role("heading", name="Pro")).to_be_visible()
    expect(_panel(plain).locator("[data-field=billing_city]")).to_be_visible()
    _panel(plain).get_by_role("link", name="Older recurring payment").click()
    expect(_panel(plain).get_by_role("heading", name="Basic")).to_be_visible()
    _panel(plain).get_by_role("button", name="Close").click()
    expect(_panel(plain)).to_be_hidden()


def test_without_scripts_every_field_of_the_panel_is_seen(plain, store):
    plain.goto(_address(payment=stored(store, "sub_2").pk))
    assert "anchor_date" not in _shown(plain)
    _panel(plain).get_by_role("checkbox").check()
    assert len(_shown(plain)) == 60
    expect(_panel(plain).get_by_role("searchbox")).to_have_count(0)


def test_without_scripts_one_can_sign_in(browser, live_server):
    User.objects.create_superuser("anna", password="correct horse")
    window = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = window.new_page()
    page.goto(reverse("admin:index"))
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name="Contacts").first).to_be_visible()
    window.close()


def test_without_scripts_pages_are_turned(plain, store):
    tell(
        store,
        *(report(f"many_{n}", name=f"Plan {n}", store_created_date=after(-n), **VALUES) for n in range(PAGE_SIZE)),
    )
    plain.reload()
    plain.get_by_role("link", name="Older").click()
    expect(plain.locator("[data-widget] tbody tr")).to_have_count(3)


def test_a_payment_without_a_contact_has_a_page_that_hinders_nobody(store, sign_in, barriers):
    payment = told(store, sub="sub_9", name="Nobody's")
    page = sign_in("anna", **WIDE)
    page.goto(reverse("admin:subscriptions_recurringpayment_change", args=[payment.pk]))
    expect(page.get_by_text("has no contact yet")).to_be_visible()
    assert barriers(page) == []


def test_the_list_of_all_payments_leads_to_the_panel(store, sign_in):
    page = sign_in("anna", **WIDE)
    page.goto(reverse("admin:subscriptions_recurringpayment_changelist"))
    page.get_by_role("link", name="Pro").click()
    _expect_open(page, "Pro", "sub_2", store)
    assert RecurringPayment.objects.count() == 3
