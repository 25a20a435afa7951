"""The editor of conditions in the panel of another page: two beside each other, on people and on a payment."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.templatetags.static import static
from playwright.sync_api import Locator, Page, expect

from contacts.models import ContactList
from subscriptions.models import Store
from subscriptions.segments import reading
from subscriptions.segments.description import description
from tests.subscriptions.reports import report, tell
from tests.subscriptions.segments.conftest import field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAUSED, LYON = field("status", "is", "paused"), field("billing_city", "is", "Lyon")
SOON = field("next_payment_date", "in_the_next", {"n": 3, "unit": "days"})
PAYMENT = {"all": [PAUSED, LYON]}
PEOPLE = {"all": [{"recurring_payment": PAYMENT, "match": "this"}, {"tag": "vip", "op": "has"}]}
PANEL = {"width": 1000, "height": 700}
Edit = Callable[..., Locator]
# A panel of 320 pixels that scrolls, over the page; what the editors tell is kept as `told`.
_OPEN = """async ([script, style, words, editors]) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
  document.head.append(link);
  await new Promise((done) => link.addEventListener("load", done));
  document.body.insertAdjacentHTML("beforeend", `<dialog class="rt-panel" aria-label="Panel">${words}</dialog>`);
  const panel = document.querySelector("dialog[aria-label=Panel]");
  panel.style.width = "320px";
  panel.showModal();
  const { Editor } = await import(script);
  window.told = [];
  window.editors = editors.map((options) => {
    const place = panel.appendChild(document.createElement("div"));
    const onChange = (json, how) => told.push({ json, ...how });
    return new Editor(place, { words: panel.querySelector("[data-words]").dataset, onChange, ...options });
  });
}"""
_IDS = "[...document.querySelectorAll('[id]')].map((one) => one.id)"


@pytest.fixture
def page(live_server: object, sign_in: Any) -> Page:
    """A page that has no editor of its own."""
    User.objects.create_superuser("anna")
    tell(Store.objects.create(name="Shop", provider="stripe"), report("Ada", email="ada@example.com", status="paused"))
    page: Page = sign_in("anna", viewport=PANEL)
    page.goto("/admin/segments/")
    return page


@pytest.fixture
def edit(page: Page) -> Edit:
    """Open a panel with editors: `edit({"tree": …}, …)`; return the first of them."""

    def open_panel(*editors: dict[str, Any]) -> Locator:
        told = [{"description": description([one.get("tree")]), **one} for one in editors]
        words = render_to_string("subscriptions/segments/_editor_words.html")
        files = [static(f"ritournelle/segment_editor.{kind}") for kind in ("js", "css")]
        page.evaluate(_OPEN, [*files, words, told])
        return page.locator(".sb-editor").first

    return open_panel


def _add(page: Page, within: Locator, name: str) -> None:
    within.get_by_role("button", name="Condition", exact=True).last.click()
    page.get_by_role("combobox", name="Search the fields").fill(name)
    page.get_by_role("option", name=name, exact=True).click()


def _json(page: Page, nth: int = 0) -> Any:
    return page.evaluate(f"editors[{nth}].json")


def _last(page: Page) -> Any:
    return page.evaluate("told.at(-1)")


# ---- several in one panel


def test_two_editors_of_a_panel_keep_their_own_conditions(page: Page, edit: Edit, barriers: Any) -> None:
    edit({"tree": PEOPLE, "hasThis": True}, {"tree": PAYMENT, "insidePayment": True})
    people, payment = (page.locator(".sb-editor").nth(number) for number in (0, 1))
    _add(page, people, "Company")
    people.get_by_label("Company: value").fill("Acme")
    _add(page, payment, "Currency")
    payment.get_by_label("Currency: value").fill("EUR")
    assert _json(page, 0)["all"][2] == {"contact": "company", "op": "is", "value": "Acme"}
    assert _json(page, 1)["all"][2] == field("currency", "is", "EUR")
    page.evaluate("editors.forEach((one) => one.tellErrors({ '': 'wrong' }))")
    ids = page.evaluate(_IDS)
    assert sorted(ids) == sorted(set(ids))
    assert page.evaluate("document.querySelector('dialog').scrollWidth") <= 320
    assert barriers(page) == []


def test_an_editor_that_is_gone_leaves_nothing_behind(page: Page, edit: Edit) -> None:
    editor = edit({"tree": PEOPLE})
    editor.get_by_role("button", name="Move or copy: Tag").click()
    expect(page.get_by_role("menu")).to_be_visible()
    page.evaluate("editors[0].destroy()")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.locator(".sb-editor")).to_have_count(0)


# ---- on one and the same payment


def test_conditions_on_a_payment_offer_its_fields_alone(page: Page, edit: Edit) -> None:
    editor = edit({"insidePayment": True})
    expect(editor).to_contain_text("Recurring payments that match")
    expect(editor.get_by_role("button", name="Recurring payment", exact=True)).to_have_count(0)
    editor.get_by_role("button", name="Condition", exact=True).click()
    expect(page.get_by_role("option", name="Recurring payment status", exact=True)).to_be_visible()
    expect(page.get_by_role("option", name="Tag", exact=True)).to_have_count(0)
    page.keyboard.type("payment amount")
    page.keyboard.press("Enter")
    editor.get_by_label("Payment amount: value").fill("50")
    editor.get_by_role("button", name="in any currency: choose one").click()
    page.keyboard.type("EUR")
    assert _json(page) == {"all": [field("payment_amount", "equals", "50"), field("currency", "is", "EUR")]}
    reading.read(_json(page), inside_payment=True)


@pytest.mark.parametrize(
    "tree",
    [
        {"all": []},
        PAUSED,
        {"not": PAUSED},
        {"not": {"not": PAUSED}},
        {"not": {"all": [PAUSED, SOON]}},
        {"any": [PAUSED, {"not": {"any": [LYON, SOON]}}, {"all": [LYON, {"any": [SOON]}]}]},
    ],
)
def test_whatever_is_asked_of_a_payment_survives_the_editor(page: Page, edit: Edit, tree: Any) -> None:
    edit({"tree": tree, "insidePayment": True})
    before, after = (reading.read(one, inside_payment=True) for one in (tree, _json(page)))
    assert reading.write(before) == reading.write(after)
    assert page.evaluate("editors[0].isComplete")


def test_without_payments_the_reason_is_told_where_a_field_would_be_chosen(page: Page, edit: Edit) -> None:
    told = description() | {"available": False}
    editor = edit({"insidePayment": True, "description": told})
    editor.get_by_role("button", name="Condition", exact=True).click()
    expect(page.locator(".sb-chooser")).to_contain_text("as soon as a connected app brings the first one")
    page.keyboard.press("Escape")
    expect(editor.get_by_role("button", name="Condition", exact=True)).to_be_focused()


# ---- "this" recurring payment


def test_this_recurring_payment_is_what_is_meant_where_one_has_started_it_all(page: Page, edit: Edit) -> None:
    editor = edit({"hasThis": True})
    _add(page, editor, "Recurring payment status")
    editor.get_by_label("Recurring payment status: value").select_option(label="Paused")
    assert _json(page) == {"all": [{"recurring_payment": {"all": [PAUSED]}, "match": "this"}]}
    editor.get_by_label("Which recurring payments").select_option(label="The latest recurring payment")
    assert _json(page)["all"][0]["match"] == "latest"


def test_this_recurring_payment_stays_where_it_stands_and_is_offered_nowhere_else(page: Page, edit: Edit) -> None:
    editor = edit({"tree": PEOPLE})
    editor.get_by_role("button", name="Recurring payment", exact=True).click()
    scopes = editor.get_by_label("Which recurring payments")
    expect(scopes.nth(0)).to_have_value("this")
    expect(scopes.nth(1)).to_have_value("any")
    assert "This recurring payment" not in scopes.nth(1).locator("option").all_inner_texts()
    page.evaluate("editors[0].tellErrors({ 'all[0].match': 'no recurring payment has started this' })")
    expect(editor.locator(".sb-frame").nth(0).locator("> .sb-error")).to_contain_text(
        "has started this", ignore_case=True
    )


# ---- its owner


def test_the_owner_of_undo_is_told_what_is_one_step(page: Page, edit: Edit) -> None:
    editor = edit({"tree": PEOPLE, "hasThis": True, "history": False})
    editor.get_by_label("Tag: value").press_sequentially("s!")
    editor.get_by_label("Billing address city: value").fill("Nice")
    editor.get_by_role("button", name="Remove: Billing address city").click()
    keys = page.evaluate("told.map((one) => one.key)")
    assert (keys[0] == keys[1] != keys[2], keys[3]) == (True, None)
    page.keyboard.press("Control+z")
    assert len(page.evaluate("told")) == 4


def test_another_tree_is_shown_and_the_focus_stays_where_it_is_the_same(page: Page, edit: Edit) -> None:
    editor = edit({"tree": PEOPLE, "hasThis": True, "history": False})
    editor.get_by_role("button", name="Remove: Recurring payment status").click()
    city = editor.get_by_label("Billing address city: comparison")
    city.focus()
    page.evaluate("(tree) => editors[0].set(tree)", PEOPLE)
    expect(city).to_be_focused()
    assert _json(page) == PEOPLE
    assert len(page.evaluate("told")) == 1


def test_what_is_open_over_conditions_closes_when_another_tree_is_shown(page: Page, edit: Edit) -> None:
    editor = edit({"tree": PEOPLE, "hasThis": True, "history": False})
    editor.get_by_role("button", name="Move or copy: Tag").click()
    page.evaluate("editors[0].set({ all: [{ tag: 'vip', op: 'has' }] })")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(editor.get_by_role("button", name="Move or copy: Tag")).to_be_focused()


def test_what_waits_for_its_value_is_told_and_left_out_of_what_is_asked(page: Page, edit: Edit) -> None:
    editor = edit({"tree": {"tag": "vip", "op": "has"}})
    _add(page, editor, "Company")
    assert _last(page)["isComplete"] is False
    asked = page.evaluate("(({ json, waiting }) => ({ json, waiting }))(editors[0].asked())")
    assert asked == {"json": {"tag": "vip", "op": "has"}, "waiting": 1}
    editor.get_by_label("Company: value").fill("Acme")
    assert _last(page)["isComplete"] is True


def test_errors_and_dates_are_told_at_their_conditions(page: Page, edit: Edit) -> None:
    editor = edit({"tree": {"all": [PAUSED, SOON]}, "insidePayment": True})
    page.evaluate("editors[0].tellErrors({ 'all[1].value.n': 'must be smaller' })")
    page.evaluate("editors[0].tellSpans({ 'all[1]': 'until Sunday' })")
    row = editor.locator(".sb-is-condition").nth(1)
    expect(row.locator(".sb-error")).to_have_text("must be smaller")
    expect(row.locator(".sb-span")).to_have_text("until Sunday")
    assert page.evaluate("editors[0].focusFirstError()") is True
    expect(editor.get_by_label("how many")).to_be_focused()


# ---- alone, it has all that the page of a segment has


def test_an_editor_alone_moves_undoes_and_says_so(page: Page, edit: Edit) -> None:
    editor = edit({"tree": PAYMENT, "insidePayment": True})
    editor.get_by_role("button", name="Billing address city", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    assert _json(page) == {"all": [LYON, PAUSED]}
    expect(editor.get_by_role("status")).to_have_text("Billing address city, now 1 of 2 in the outermost group")
    page.keyboard.press("Control+z")
    assert _json(page) == PAYMENT
    page.keyboard.press("Control+Shift+z")
    assert _json(page) == {"all": [LYON, PAUSED]}


def test_a_part_is_dragged_while_the_panel_scrolls_along(page: Page, edit: Edit) -> None:
    many = [field("billing_city", "is", f"City {number}") for number in range(15)]
    editor = edit({"tree": {"all": [PAUSED, *many]}, "insidePayment": True})
    editor.locator("[data-handle]").first.hover()
    page.mouse.down()
    page.mouse.move(800, 690, steps=8)
    page.wait_for_function("document.querySelector('dialog').scrollTop > 600")
    page.mouse.move(800, 500, steps=3)
    page.mouse.up()
    assert _json(page)["all"].index(PAUSED) > 5
    assert page.evaluate("scrollY") == 0


def test_lists_and_segments_that_are_named_are_offered_by_name(page: Page, edit: Edit) -> None:
    news = ContactList.objects.create(name="News")
    editor = edit({"tree": {"list": news.pk, "op": "subscribed"}})
    expect(editor.get_by_label("List: value").locator("option:checked")).to_have_text("News")
