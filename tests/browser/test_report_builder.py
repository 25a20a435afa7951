"""The builder of reports as people use it: by mouse, by keyboard alone, by finger, with mistakes and with company."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import Page, expect

from contacts.models import Contact
from contacts.services import give_tags
from reports.custom import saved
from reports.custom.spans import days
from reports.models import Report
from reports.periods import begin, today
from subscriptions.models import Store
from subscriptions.segments import saved as segments
from tests.browser.width import fits
from tests.people import member
from tests.subscriptions.reports import report, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW, LIST = "/admin/reports/custom/new/", "/admin/reports/custom/"
WIDE = {"viewport": {"width": 1400, "height": 1000}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NAME = "Monthly revenue at risk by plan and city this quarter"
STATUSES = {"about": "payments", "groups": [{"by": "status"}], "measures": [{"of": "payments"}], "chart": "bar"}
BY_HAND = """
select lower(trim(name)), lower(trim(billing_city)), sum(payment_amount)
from subscriptions_recurringpayment
where status = 'payment_failed' and next_payment_date >= %s and next_payment_date < %s
group by 1, 2
"""


@pytest.fixture
def store(live_server: object) -> Store:
    """Anna, who works with reports, and monthly payments of which some failed and are due this quarter."""
    User.objects.create_superuser("anna", first_name="Anna")
    store = Store.objects.create(name="Shop", provider="stripe")
    first, last = days("this_quarter", today())
    due, later = begin(first) + timedelta(hours=30), begin(last) + timedelta(days=2)
    usual = {"status": "payment_failed", "billing_interval": "monthly", "currency": "EUR", "next_payment_date": due}
    others = [
        {"name": "Pro", "billing_city": "Lyon", "payment_amount": "49.90", "email": "pro@example.com"},
        {"name": "pro ", "billing_city": "LYON", "payment_amount": "0.10"},
        {"name": "Pro", "billing_city": "Chicago", "payment_amount": "20"},
        {"name": "Box", "billing_city": "Lyon", "payment_amount": "15"},
        {"name": "Box", "billing_city": "Lyon", "payment_amount": "99", "status": "active"},
        {"name": "Box", "billing_city": "Lyon", "payment_amount": "99", "next_payment_date": later},
    ]
    told = [report(f"sub_{number}", **usual | values) for number, values in enumerate(others)]
    tell(store, *told)
    return store


@pytest.fixture
def page(store: Store, sign_in: Any) -> Page:
    """An empty builder."""
    return _open(sign_in("anna", **WIDE))


def _open(page: Page, address: str = NEW) -> Page:
    page.goto(address)
    expect(page.locator(".sb-root")).to_be_visible()
    return page


def _saved(**parts: Any) -> Report:
    return saved.create(STATUSES | parts, name="By status", owner=User.objects.get(username="anna"))


def _by_hand() -> dict[tuple[str, str], Decimal]:
    first, last = days("this_quarter", today())
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [begin(first), begin(last + timedelta(days=1))])
        return {(name, city): round(Decimal(str(amount)), 2) for name, city, amount in cursor.fetchall()}


def _chips(page: Page, shelf: str) -> Any:
    return page.locator(f'[data-shelf="{shelf}"] .cr-chip-name')


def _rows(page: Page) -> list[list[str]]:
    return [[cell.inner_text() for cell in row.locator("td").all()] for row in page.locator(".cr-table tbody tr").all()]


def _take(page: Page, field: str, act: str = "put into the rows") -> None:
    page.get_by_label("Search the fields").first.fill(field)
    page.get_by_role("button", name=f"{field}: {act}", exact=True).click()


def _fail_only(page: Page) -> None:
    page.get_by_role("button", name="Condition").click()
    page.get_by_role("combobox", name="Search the fields").fill("Recurring payment status")
    page.get_by_role("option", name="Recurring payment status", exact=True).click()
    page.get_by_label("Recurring payment status: value").select_option(label="Payment failed")


def _expect_example(page: Page) -> None:
    """What stands there is what SQL says, written by hand."""
    told = _by_hand()
    assert told == {("pro", "lyon"): Decimal(50), ("pro", "chicago"): Decimal(20), ("box", "lyon"): Decimal(15)}
    expect(page.locator(".cr-table tfoot tr")).to_contain_text("€85.00")
    expect(page.locator(".cr-table tbody tr")).to_have_count(3)
    shown = {(name.lower(), city.lower()): amount for name, city, _currency, amount, *_ in _rows(page)}
    assert shown == {place: f"€{amount:.2f}" for place, amount in told.items()}


def test_revenue_at_risk_is_built_by_mouse_charted_saved_and_exported(page: Page, tmp_path: Any) -> None:
    page.get_by_role("textbox", name="Name").fill(NAME)
    _take(page, "Name")
    _take(page, "Billing address city")
    _take(page, "Monthly recurring revenue", "count or add up")
    page.get_by_role("button", name="Remove: Recurring payments").click()
    _fail_only(page)
    page.get_by_label("Days").select_option(label="Next payment date")
    page.get_by_label("When").select_option(label="This quarter")
    _expect_example(page)
    page.get_by_text("Stacked bars", exact=True).click()
    expect(page.locator(".rc-title")).to_have_text("Monthly recurring revenue: sum (EUR)")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig") as file:
        lines = list(csv.reader(file))
    assert {(name.lower(), city.lower()): Decimal(amount) for name, city, _code, amount in lines[1:-1]} == _by_hand()
    page.get_by_role("button", name="Save report").click()
    page.wait_for_url(re.compile(r"/admin/reports/custom/\d+/change/$"))
    kept = Report.objects.get()
    assert (kept.name, kept.definition["chart"]) == (NAME, "stacked")
    _expect_example(page)


def test_the_same_is_built_by_keyboard_alone(page: Page) -> None:
    keys = page.keyboard
    page.get_by_label("Search the fields").first.focus()
    for field in ("name", "billing city"):
        keys.type(field)
        keys.press("Enter")
        keys.press("Escape")
    expect(_chips(page, "groups")).to_have_text(["Name", "Billing address city"])
    keys.type("monthly recurring revenue")
    keys.press("ArrowDown")
    for _ in range(6):
        if "Monthly recurring revenue" in (page.evaluate("document.activeElement.ariaLabel") or ""):
            break
        keys.press("ArrowDown")
    keys.press("Enter")
    expect(_chips(page, "measures")).to_have_text(["Recurring payments", "Monthly recurring revenue"])
    page.get_by_role("button", name="Remove: Recurring payments").press("Enter")
    page.get_by_role("button", name="Condition").press("Enter")
    keys.type("recurring payment status")
    keys.press("Enter")
    page.get_by_label("Recurring payment status: value").press("P")
    page.get_by_label("Recurring payment status: value").select_option(label="Payment failed")
    page.get_by_label("Days").focus()
    keys.type("Next payment")
    page.get_by_label("When").focus()
    keys.type("This quarter")
    _expect_example(page)


def test_rows_are_moved_by_keyboard_and_every_step_is_undone(page: Page) -> None:
    _take(page, "Name")
    _take(page, "Billing address city")
    page.get_by_role("button", name="Remove: Name").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(_chips(page, "groups")).to_have_text(["Billing address city", "Name"])
    expect(page.locator("[data-announce]")).to_contain_text("Name, now 2 of 2")
    page.get_by_role("button", name="Put into the columns: Name").click()
    expect(_chips(page, "across")).to_have_text(["Name"])
    expect(page.locator(".cr-table thead th")).to_have_text(["Billing address city", "Box", "Pro", "All"])
    for _ in range(2):
        page.get_by_role("button", name="Undo").click()
    expect(_chips(page, "groups")).to_have_text(["Name", "Billing address city"])
    page.get_by_role("button", name="Redo").click()
    expect(_chips(page, "groups")).to_have_text(["Billing address city", "Name"])


def test_the_tree_opens_with_arrows_and_a_field_is_dragged(page: Page) -> None:
    branch = page.locator(".cr-branch > summary").first
    branch.press("ArrowDown")
    expect(page.locator('[data-section="counts"] > summary')).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Recurring payment status: put into the rows", exact=True)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('[data-section="status"] > summary')).to_be_focused()
    status = page.get_by_role("button", name="Recurring payment status: put into the rows", exact=True)
    status.drag_to(page.locator('[data-shelf="across"]'))
    expect(_chips(page, "across")).to_have_text(["Recurring payment status"])


def test_a_chart_that_does_not_fit_is_not_offered_and_it_says_why(page: Page) -> None:
    _take(page, "Name")
    expect(page.locator('input[value="line"]')).to_be_disabled()
    expect(page.locator("[data-charts]")).to_contain_text("A line needs a date as the first of the rows.")
    page.get_by_role("button", name="Remove: Name").click()
    _take(page, "Start date")
    expect(page.locator('input[value="line"]')).to_be_enabled()


def test_a_number_opens_the_payments_behind_it(page: Page) -> None:
    _take(page, "Recurring payment status")
    with page.context.expect_page() as opened:
        page.get_by_role("row", name="Payment failed").get_by_role("button", name="5").click()
    behind = opened.value
    expect(behind.get_by_role("heading", name="5 recurring payments")).to_be_visible()
    expect(behind.locator(".rt-people tbody tr")).to_have_count(5)
    assert "definition=" in behind.url


def test_an_answer_to_an_older_question_never_stands_over_a_newer_one(page: Page) -> None:
    held: list[Any] = []
    page.route("**/result/", lambda route: held.append(route))
    _take(page, "Name")
    page.wait_for_timeout(500)
    page.unroute("**/result/")
    _take(page, "Billing address city")
    expect(page.locator(".cr-table thead th").nth(1)).to_have_text("Billing address city")
    assert held  # what was on its way when the newer one was asked
    page.wait_for_timeout(300)
    expect(page.locator(".cr-table thead th").nth(1)).to_have_text("Billing address city")


def test_a_slow_answer_says_so_and_can_be_stopped(page: Page) -> None:
    held: list[Any] = []
    page.route("**/result/", lambda route: held.append(route))
    _take(page, "Name")
    expect(page.locator("[data-waiting]")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-answer]")).to_contain_text("Stopped.")
    page.unroute("**/result/")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".cr-table thead th").first).to_have_text("Name")


def test_what_is_wrong_is_said_at_its_place(page: Page, complaints: list[str]) -> None:
    page.get_by_role("button", name="Remove: Recurring payments").click()
    expect(page.locator('[data-error-of="measures"]')).to_have_text("Choose what is to be counted.")
    _take(page, "Recurring payments", "count or add up")
    page.get_by_label("Rows shown").or_(page.get_by_label("Name")).first.wait_for()
    _take(page, "Name")
    page.get_by_label("Rows shown").fill("5000")
    page.get_by_label("Rows shown").blur()
    expect(page.locator('[data-error-of="limit"]')).to_contain_text("from 1 to 1000")
    page.get_by_label("Rows shown").fill("10")
    page.get_by_label("Rows shown").blur()
    expect(page.locator('[data-error-of="limit"]')).to_be_hidden()
    page.get_by_role("button", name="Save report").click()
    expect(page.locator("[data-field-error=name]")).not_to_be_empty()
    complaints.clear()  # the browser tells of each answer that refuses


def test_whoever_saved_meanwhile_is_named_and_nothing_is_overwritten(
    store: Store, sign_in: Callable[..., Page], complaints: list[str]
) -> None:
    one = _saved()
    page = _open(sign_in("anna", **WIDE), f"/admin/reports/custom/{one.pk}/change/")
    bob = User.objects.create_user("bob", first_name="Bob")
    saved.save(one, STATUSES | {"limit": 7}, by=bob)
    _take(page, "Name")
    page.get_by_role("button", name="Save report").click()
    expect(page.locator("[data-notice]")).to_contain_text("Bob saved this report")
    assert Report.objects.get().definition["limit"] == 7
    page.get_by_role("button", name="Save mine as the newest version").click()
    expect(page.locator("[data-said]")).to_have_text("The report has been saved.")
    assert len(Report.objects.get().definition["groups"]) == 2
    complaints.clear()


def test_leaving_with_changes_is_warned_of(page: Page) -> None:
    _take(page, "Name")
    expect(page.locator("[data-said]")).to_have_text("Not saved yet")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="All reports").click()
    page.wait_for_url(f"**{LIST}")
    assert asked == ["beforeunload"]


def test_a_report_about_people_asks_by_segments_and_tags(page: Page) -> None:
    page.get_by_label("The report is about").select_option(label="Contacts")
    expect(_chips(page, "measures")).to_have_text(["Contacts"])
    page.get_by_role("button", name="Condition").click()
    page.get_by_role("combobox", name="Search the fields").fill("tag")
    expect(page.get_by_role("option", name="Tag", exact=True)).to_be_visible()


def test_a_report_about_payments_asks_whose_they_are_too(page: Page) -> None:
    give_tags({Contact.objects.get(email="pro@example.com").pk: ["vip"]})
    segments.create({"tag": "vip", "op": "has"}, name="Our best")
    page.reload()
    _fail_only(page)
    for field, value in (("Tag", "vip"), ("Segment", "Our best")):
        page.get_by_role("button", name="Condition").click()
        page.get_by_role("combobox", name="Search the fields").fill(field)
        page.get_by_role("option", name=field, exact=True).click()
        box = page.get_by_label(f"{field}: value")
        box.fill(value) if field == "Tag" else box.select_option(label=value)
    expect(page.locator(".rp-figure b")).to_have_text("1")
    page.get_by_role("textbox", name="Name").fill("Of the best")
    page.get_by_role("button", name="Save report").click()
    page.wait_for_url(re.compile(r"/admin/reports/custom/\d+/change/$"))
    expect(page.locator(".sb-condition")).to_have_count(3)


def test_a_viewer_tries_reports_and_cannot_save(store: Store, sign_in: Callable[..., Page]) -> None:
    member("Viewer")
    page = _open(sign_in("viewer", **WIDE))
    _take(page, "Name")
    expect(page.locator(".cr-table tbody tr")).to_have_count(2)
    expect(page.get_by_role("button", name="Save report")).to_have_count(0)
    expect(page.get_by_role("button", name="CSV")).to_have_count(0)


def test_a_saved_report_is_whole_without_script(store: Store, sign_in: Callable[..., Page]) -> None:
    one = _saved()
    page = sign_in("anna", java_script_enabled=False, **WIDE)
    page.goto(f"/admin/reports/custom/{one.pk}/")
    expect(page.locator(".rc-title")).to_have_text("Recurring payments")
    expect(page.locator(".cr-table tbody tr")).to_have_count(2)
    page.get_by_role("link", name="5", exact=True).click()
    expect(page.get_by_role("heading", name="5 recurring payments")).to_be_visible()
    page.goto(f"/admin/reports/custom/{one.pk}/change/")
    expect(page.locator(".cr-table tbody tr")).to_have_count(2)
    page.get_by_label("Name").fill("Renamed")
    page.get_by_role("button", name="Save report").click()
    assert Report.objects.get().name == "Renamed"


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_has_barriers_or_is_wider_than_its_window(
    store: Store, sign_in: Callable[..., Page], barriers: Callable[[Page], list[str]], window: dict[str, Any]
) -> None:
    one = _saved(across={"by": "name"})
    User.objects.filter(username="anna").update(email="anna@example.com")
    page = sign_in("anna", **window)
    below = f"/admin/reports/custom/{one.pk}/"
    pages = (LIST, NEW, f"{NEW}?start=risk", below, f"{below}change/", f"{below}behind/?place=%7B%7D")
    for address in (*pages, f"{below}delete/", f"{below}schedules/", f"{below}schedules/new/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert barriers(page) == [], address
        assert fits(page), address
