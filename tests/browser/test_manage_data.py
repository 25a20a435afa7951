"""Manage data as people use it: mouse, finger, keyboard, two at once, and no network."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from contacts.services import Profile
from subscriptions import field_order
from subscriptions.catalogue import BY_NAME, DEFAULT_ORDER
from subscriptions.models import Store
from tests.browser.width import fits
from tests.subscriptions.reports import report, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/admin/manage-data/recurring-payments/"
FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH = DEFAULT_ORDER[:6]
LAST = DEFAULT_ORDER[-1]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 1400, "height": 1000}}


@pytest.fixture
def people(live_server: object) -> None:
    """Anna, who orders the fields, and Ada, whose two payments stand beside the list."""
    User.objects.create_superuser("anna", first_name="Anna")
    store = Store.objects.create(name="Shop", provider="stripe")
    ada = Profile(email="ada@example.com", first_name="Ada", last_name="Lovelace")
    values = {"email": ada.email, "profile": ada, "currency": "EUR", "payment_amount": "49", "tax_amount": "8"}
    tell(store, report("sub_1", name="Pro", status="active", **values), report("sub_2", status="paused", **values))


@pytest.fixture
def page(people: None, sign_in) -> Page:
    """The page as Anna sees it."""
    return _open(sign_in("anna", **WIDE))


def _open(page, address=PAGE):
    page.goto(address)
    expect(page.locator("[data-order] > li")).to_have_count(60)
    return page


def _row(page, name):
    return page.locator(f"#field-{name}")


def _handle(page, name):
    return page.locator(f"#field-{name} [data-handle]")


def _columns(page):
    return page.locator("[data-preview] th:visible").evaluate_all("cells => cells.map(cell => cell.dataset.field)")


def _rows(page):
    return page.locator("[data-order] > li").evaluate_all("rows => rows.map(row => row.dataset.field)")


def _expect_saved(page, *start):
    """The move is announced, stored, and shown alike by list and preview."""
    expect(page.locator("[data-manage]")).not_to_have_attribute("data-saving", re.compile(""))
    order = list(field_order.current().names)
    assert order[: len(start)] == list(start)
    assert (_rows(page), _columns(page)) == (order, order[:5])
    expect(page.locator("[data-number]")).to_have_text([str(number) for number in range(1, 61)])


def _announced(page):
    return page.locator("[data-announce]")


# ---- mouse and finger


def test_dragging_to_the_top_changes_the_preview_at_once_and_survives_a_reload(page):
    _handle(page, SIXTH).hover()
    page.mouse.down()
    _hover_row(page, SECOND)
    assert _columns(page) == [FIRST, SIXTH, SECOND, THIRD, FOURTH]
    _hover_row(page, FIRST)
    assert _columns(page) == [SIXTH, FIRST, SECOND, THIRD, FOURTH]
    assert field_order.current().version == 0
    page.mouse.up()
    expect(_announced(page)).to_have_text(f"{BY_NAME[SIXTH].label}, now 1 of 60, shown on the contact's page")
    _expect_saved(page, SIXTH, FIRST)
    _open(page)
    _expect_saved(page, SIXTH, FIRST)


def _hover_row(page, name):
    box = _row(page, name).bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2, steps=8)


def test_drag_to_of_a_test_tool_works_downwards_too(page):
    _handle(page, FIRST).drag_to(_row(page, THIRD))
    expect(_announced(page)).to_contain_text("now 3 of 60")
    _expect_saved(page, SECOND, THIRD, FIRST)


def test_escape_puts_a_dragged_row_back(page):
    _handle(page, SIXTH).hover()
    page.mouse.down()
    _hover_row(page, FIRST)
    page.keyboard.press("Escape")
    page.mouse.up()
    _expect_saved(page, *DEFAULT_ORDER)
    assert field_order.current().version == 0


def test_a_drag_to_the_edge_scrolls_the_page_along(page):
    _handle(page, FIRST).hover()
    page.mouse.down()
    page.mouse.move(600, 995, steps=10)
    page.wait_for_function("scrollY > 600")
    page.mouse.up()
    expect(_announced(page)).to_contain_text("of 60")
    assert field_order.current().position(FIRST) > 20


def test_a_finger_drags_by_the_handle(people, sign_in):
    phone = _open(sign_in("anna", **PHONE))
    start, end = (_handle(phone, name).bounding_box() for name in (THIRD, FIRST))
    touch = phone.context.new_cdp_session(phone)
    x, y, goal = start["x"] + 15, start["y"] + 15, end["y"] + 10
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        point = {"x": x, "y": y + (goal - y) * step / 10}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(_announced(phone)).to_contain_text("now 1 of 60")
    assert field_order.current().names[:2] == (THIRD, FIRST)


def test_the_buttons_move_without_a_reload_and_keep_the_focus(page):
    page.evaluate("window.sameDocument = true")
    up = page.get_by_role("button", name=f"Move {BY_NAME[THIRD].label} up")
    up.click()
    expect(_announced(page)).to_contain_text("now 2 of 60")
    expect(up).to_be_focused()
    up.click()
    expect(_announced(page)).to_contain_text("now 1 of 60")
    expect(up).to_be_disabled()
    expect(_handle(page, THIRD)).to_be_focused()
    page.get_by_role("button", name=f"Move {BY_NAME[LAST].label} to the top").click()
    expect(_announced(page)).to_contain_text(f"{BY_NAME[LAST].label}, now 1 of 60")
    _expect_saved(page, LAST, THIRD, FIRST, SECOND)
    assert page.evaluate("window.sameDocument")


# ---- keyboard


def test_the_keyboard_moves_the_focused_row(page):
    _handle(page, SIXTH).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(_announced(page)).to_have_text(f"{BY_NAME[SIXTH].label}, now 5 of 60, shown on the contact's page")
    page.keyboard.press("Alt+ArrowDown")
    expect(_announced(page)).to_have_text(f"{BY_NAME[SIXTH].label}, now 6 of 60")
    page.keyboard.press("Alt+Home")
    expect(_announced(page)).to_contain_text("now 1 of 60")
    expect(_handle(page, SIXTH)).to_be_focused()
    _expect_saved(page, SIXTH, FIRST)


def test_keys_pressed_faster_than_the_server_answers_all_count(page):
    _handle(page, LAST).focus()
    for _ in range(12):
        page.keyboard.press("Alt+ArrowUp")
    expect(_announced(page)).to_contain_text("now 48 of 60")
    expect(_handle(page, LAST)).to_be_focused()
    _expect_saved(page)
    assert field_order.current().position(LAST) == 48


def test_arrows_walk_from_row_to_row(page):
    _handle(page, FIRST).focus()
    page.keyboard.press("ArrowDown")
    expect(_handle(page, SECOND)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(_handle(page, FIRST)).to_be_focused()


def test_a_position_can_be_typed(page):
    _handle(page, "notes").press("Enter")
    page.keyboard.press("Escape")
    scrolled = page.evaluate("scrollY")
    _handle(page, "notes").press("Enter")
    dialog = page.get_by_role("dialog", name=f"Move {BY_NAME['notes'].label}")
    expect(dialog.get_by_label("To position")).to_be_focused()
    assert page.evaluate("scrollY") == scrolled > 0
    page.keyboard.type("33")
    page.keyboard.press("Enter")
    expect(_announced(page)).to_contain_text("now 33 of 60")
    expect(_handle(page, "notes")).to_be_focused()
    assert field_order.current().position("notes") == 33


def test_no_other_position_can_be_typed(page):
    _handle(page, FIRST).click()
    dialog = page.get_by_role("dialog")
    page.keyboard.type("61")
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert field_order.current().version == 0


# ---- undo and reset


def test_undo_and_redo(page):
    page.get_by_role("button", name=f"Move {BY_NAME[SIXTH].label} to the top").click()
    expect(page.get_by_text("Changed by Anna")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(_announced(page)).to_contain_text("Undone")
    _expect_saved(page, *DEFAULT_ORDER)
    page.get_by_role("button", name="Redo").click()
    expect(_announced(page)).to_contain_text("Made again")
    _expect_saved(page, SIXTH, FIRST)


def test_a_reset_asks_first_and_can_be_undone(page):
    page.get_by_role("button", name=f"Move {BY_NAME[SIXTH].label} to the top").click()
    question = page.get_by_text("Put all fields back in the default order?")
    page.get_by_text("Reset to default").click()
    expect(question).to_be_visible()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    page.get_by_text("Reset to default").click()
    page.get_by_role("button", name="Reset the order").click()
    expect(_announced(page)).to_have_text("All fields are in the default order")
    _expect_saved(page, *DEFAULT_ORDER)
    page.get_by_role("button", name="Undo").click()
    expect(_announced(page)).to_contain_text("as it was before the reset")
    _expect_saved(page, SIXTH, FIRST)


def test_how_long_ago_stays_true(people, sign_in):
    window = sign_in("anna", is_changed=True, **WIDE)
    window.clock.install()
    _open(window).get_by_role("button", name=f"Move {BY_NAME[SIXTH].label} up").click()
    expect(window.locator("[data-age]")).to_contain_text(re.compile("just now|second"))
    window.clock.fast_forward("05:30")
    expect(window.locator("[data-age]")).to_contain_text(re.compile("[56] minutes ago"))


# ---- searching


def test_typing_filters_and_numbers_stay_true(page):
    search = page.get_by_label("Search the fields")
    search.fill("CITY")
    shown = page.locator("[data-order] > li:visible")
    expect(shown).to_have_count(2)
    expect(page.locator("[data-count]")).to_have_text("2 of 60")
    expect(_row(page, "shipping_city").locator("[data-number]")).to_have_text(
        str(DEFAULT_ORDER.index("shipping_city") + 1)
    )
    page.get_by_role("button", name="Move Billing address city up").click()
    expect(_announced(page)).to_contain_text(f"now {DEFAULT_ORDER.index('billing_city')} of 60")
    search.fill("nothing of the kind")
    expect(page.get_by_text("No field matches.")).to_be_visible()
    page.get_by_role("button", name="Show all fields").click()
    expect(shown).to_have_count(60)


def test_the_filter_stands_in_the_address(page):
    page.get_by_label("Search the fields").fill("postal")
    page.reload()
    expect(page.locator("[data-order] > li:visible")).to_have_count(2)
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.locator("[data-order] > li:visible")).to_have_count(60)


# ---- two at once, and trouble


def test_two_administrators_keep_both_changes_and_hear_of_it(page, sign_in):
    User.objects.create_superuser("bert")
    other = _open(sign_in("bert", **WIDE))
    other.get_by_role("button", name="Move Shipping address city to the top").click()
    expect(_announced(other)).to_contain_text("now 1 of 60")
    page.get_by_role("button", name=f"Move {BY_NAME[SIXTH].label} up").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "bert moved Shipping address city meanwhile; both changes are kept."
    )
    _expect_saved(page, "shipping_city", FIRST, SECOND, THIRD, FOURTH, SIXTH, FIFTH)


def test_an_outdated_undo_is_refused_and_the_newest_order_shown(page, sign_in, complaints):
    User.objects.create_superuser("bert")
    page.get_by_role("button", name=f"Move {BY_NAME[SIXTH].label} to the top").click()
    expect(_announced(page)).to_contain_text("now 1 of 60")
    other = _open(sign_in("bert", **WIDE))
    other.get_by_role("button", name="Move Shipping address city to the top").click()
    expect(_announced(other)).to_contain_text("now 1 of 60")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was overwritten")
    _expect_saved(page, "shipping_city", SIXTH, FIRST)
    assert "409" in complaints.pop()
    page.get_by_role("alert").get_by_role("button", name="Close").click()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_without_a_server_the_true_order_comes_back(page, complaints):
    page.context.set_offline(True)
    page.get_by_role("button", name=f"Move {BY_NAME[SIXTH].label} to the top").click()
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    assert _rows(page) == list(DEFAULT_ORDER)
    assert "ERR_INTERNET_DISCONNECTED" in complaints.pop()
    page.context.set_offline(False)
    page.get_by_role("button", name=f"Move {BY_NAME[SIXTH].label} to the top").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    _expect_saved(page, SIXTH, FIRST)


def test_a_lost_session_is_said_with_a_way_back(page):
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name=f"Move {BY_NAME[SIXTH].label} to the top").click()
    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    assert _rows(page) == list(DEFAULT_ORDER)
    page.get_by_role("link", name="Load the page again").click()
    expect(page).to_have_url(re.compile("/admin/login/"))


def test_without_scripts_the_buttons_work_all_the_same(people, sign_in):
    plain = sign_in("anna", java_script_enabled=False, **WIDE)
    plain.goto(PAGE)
    plain.get_by_role("button", name="Move Email up").click()
    expect(plain).to_have_url(re.compile("#field-email$"))
    expect(plain.get_by_text("Email, now 7 of 60")).to_be_visible()
    plain.get_by_role("button", name="Undo").click()
    expect(plain.get_by_text("Undone: Email, now 8 of 60")).to_be_visible()


# ---- for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "narrow"])
def test_axe_finds_no_barrier(people, sign_in, barriers, scheme, size):
    window = _open(sign_in("anna", color_scheme=scheme, **size))
    window.get_by_role("button", name=f"Move {BY_NAME[SIXTH].label} up").click()
    expect(window.get_by_text("Changed by Anna")).to_be_visible()
    window.locator(".is-moved").evaluate("row => Promise.all(row.getAnimations().map(one => one.finished))")
    assert barriers(window) == []
    _handle(window, FIRST).click()
    assert barriers(window) == []


def test_axe_finds_no_barrier_in_the_refusal(people, sign_in, barriers, complaints):
    User.objects.create_user("mark", is_staff=True)
    window = sign_in("mark")
    window.goto(PAGE)
    expect(window.get_by_role("heading", name="Only administrators may order the fields")).to_be_visible()
    assert barriers(window) == []
    assert "403" in complaints.pop()


@pytest.mark.parametrize("width", [320, 390, 700, 1024, 1400])
def test_nothing_hangs_over_the_edge(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert fits(page)


def test_on_a_phone_the_preview_stands_below_as_cards(people, sign_in):
    phone = _open(sign_in("anna", **PHONE))
    list_box, preview_box = (phone.locator(part).bounding_box() for part in ("[data-order]", "[data-preview]"))
    assert preview_box["y"] > list_box["y"] + list_box["height"]
    phone.get_by_role("link", name="See the preview").click()
    expect(phone.locator("[data-preview] td:visible .rt-label").first).to_have_text(str(BY_NAME[FIRST].label))
    expect(phone.locator("[data-preview] td:visible")).to_have_count(10)


def test_in_french(people, sign_in):
    window = _open(sign_in("anna", locale="fr-FR", **WIDE))
    expect(_row(window, "name").locator("[data-label]")).to_have_text("Nom")
    window.locator("#searchbar").fill("prenom")
    expect(window.locator("[data-order] > li:visible")).to_have_count(2)
