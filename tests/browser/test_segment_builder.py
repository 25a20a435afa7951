"""The builder of segments as people use it: by mouse, by keyboard alone, by finger, with mistakes and with company."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.models import Contact, ContactList
from contacts.services import give_tags, subscribe
from subscriptions.models import Segment, Store
from subscriptions.segments import saved
from tests.browser.width import fits
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
    give_tags({Contact.objects.get(email="vera@example.com").pk: ["VIP"]})
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
    page.get_by_role("button", name="in any currency: choose one").click()
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
    assert fits(page)
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


def test_how_many_can_be_mailed_follows_the_count(page: Page) -> None:
    reach = page.locator("[data-reach]")
    expect(page.locator("[data-count]")).to_have_text("9 people")
    expect(reach).to_have_text("0 can be mailed")
    news = ContactList.objects.create(name="News")
    some = Contact.objects.filter(first_name__in=["Ada", "Bob"])
    subscribe(list(some.values_list("pk", flat=True)), news.pk, source="marketer")
    _add(page, page.locator(".sb-root"), "First name")
    page.get_by_label("First name: value").fill("Ada")
    expect(page.locator("[data-count]")).to_have_text("1 person")
    expect(reach).to_have_text("1 can be mailed")
    page.get_by_label("First name: value").fill("Nobody")
    expect(page.locator("[data-count]")).to_have_text("0 people")
    expect(reach).to_be_hidden()


def test_a_segment_asks_for_another_which_then_says_so_and_stays(page: Page) -> None:
    paused = _saved({"recurring_payment": PAUSED}, name="On hold")
    page.reload()
    _add(page, page.locator(".sb-root"), "Segment")
    _ask(page, "Segment", "is not")
    expect(page.locator("[data-left-out]")).to_be_visible()
    page.get_by_label("Segment: value").select_option(label="On hold")
    expect(page.locator("[data-count]")).to_have_text("1 person")
    expect(page.locator("[data-sentence]")).to_have_text("People not in the segment “On hold”")
    page.get_by_label("Name", exact=True).fill("Not on hold")
    page.get_by_role("button", name="Save segment").click()
    page.wait_for_url(re.compile(r"/admin/segments/\d+/$"))
    assert Segment.objects.get(name="Not on hold").tree == {"all": [{"segment": paused.pk, "op": "not_in"}]}
    page.goto(f"/admin/segments/{paused.pk}/")
    expect(page.get_by_role("region", name="Where it is used").get_by_role("link")).to_have_text("Not on hold")
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be deleted while it is used")
    expect(page.get_by_role("button", name="Delete this segment")).to_have_count(0)


# ---- changing what stands there


def _names(page: Page) -> list[str]:
    return page.locator(".sb-subject > span:first-child").all_inner_texts()


def _tree(page: Page) -> Any:
    """What would be saved now, as the server has it after saving."""
    page.get_by_role("button", name="Save segment").click()
    expect(page.locator("[data-said]")).to_have_text("The segment has been saved.")
    return Segment.objects.get().tree


@pytest.fixture
def example(store: Store, sign_in: Any) -> Page:
    """The example, saved and opened."""
    return _open(sign_in("anna", **WIDE), f"/admin/segments/{_saved().pk}/")


def test_a_saved_segment_opens_as_it_was_and_saving_it_changes_nothing(example: Page) -> None:
    expect(example.locator("[data-count]")).to_have_text("2 people")
    assert _tree(example) == EXAMPLE
    assert Segment.objects.get().version == 1


@pytest.mark.parametrize(
    "tree",
    [
        {"tag": "vip", "op": "has"},
        {"recurring_payment": PAUSED, "match": {"at_least": 3}},
        {"not": {"all": [{"tag": "a", "op": "has"}, {"tag": "b", "op": "has"}]}},
        {"recurring_payment": {"not": {"any": [PAUSED, LYON]}}, "match": "none"},
        {"all": [{"not": {"not": {"tag": "vip", "op": "has"}}}]},
        {"any": [{"contact": "created_at", "op": "between", "value": ["2026-01-01", "2026-02-01"]},
                 {"recurring_payment": {"all": [{"field": "status", "op": "is_any_of", "value": ["paused", "active"]},
                                                {"field": "is_trial", "op": "is", "value": False},
                                                {"field": "billing_interval_count", "op": "equals", "value": 3},
                                                {"field": "name", "op": "is_any_of", "value": ["A, b", "C"]},
                                                {"field": "notes", "op": "is_empty"}]}, "match": "every"}]},
    ],
)  # fmt: skip
def test_whatever_the_language_says_survives_the_builder(store: Store, sign_in: Any, tree: Any) -> None:
    page = _open(sign_in("anna", **WIDE), f"/admin/segments/{_saved(tree).pk}/")
    assert _tree(page) == tree
    assert Segment.objects.get().version == 1


def test_undo_and_redo_go_back_and_forth_by_steps(example: Page) -> None:
    example.get_by_role("button", name="Remove: Currency").click()
    expect(example.locator("[data-announce]")).to_have_text("Currency removed")
    amount = example.get_by_label("Payment amount: value")
    amount.fill("")
    amount.press_sequentially("5000")
    expect(example.locator("[data-count]")).to_have_text("0 people")
    example.keyboard.press("Control+z")
    expect(amount).to_have_value("50")
    expect(example.locator("[data-count]")).to_have_text("3 people")
    example.get_by_role("button", name="Undo").click()
    assert "Currency" in _names(example)
    expect(example.locator("[data-count]")).to_have_text("2 people")
    example.get_by_role("button", name="Redo").click()
    assert "Currency" not in _names(example)
    example.keyboard.press("Control+Shift+z")


def test_undo_and_redo_go_on_where_the_focused_row_is_gone(example: Page) -> None:
    _add(example, example.locator(".sb-root"), "Last name")
    _press(example, "Control+z")
    assert "Last name" not in _names(example)
    _press(example, "Control+Shift+z")
    assert "Last name" in _names(example)


def _shape(page: Page) -> list[list[str]]:
    """The names of conditions, list by list, outermost first."""
    return page.locator("[data-parts]").evaluate_all(
        """lists => lists.map(list => [...list.children].map(row =>
             row.querySelector(":scope > .sb-condition .sb-subject span")?.textContent
             ?? (row.querySelector(":scope > .sb-frame") ? "FRAME" : "GROUP")))"""
    )


INNER = ["Billing address city", "Billing address city"]
FRAME = ["Recurring payment status", "Billing interval", "Payment amount", "Currency", "Payment method expiration"]


def test_parts_are_moved_by_keys_and_it_is_said_where_they_are(example: Page) -> None:
    assert _shape(example) == [["FRAME", "Tag"], [*FRAME, "GROUP"], INNER]
    expiration = example.locator("[data-k$=':subject']", has_text="Payment method expiration")
    expiration.focus()
    _press(example, "Alt+ArrowUp")
    expect(example.locator("[data-announce]")).to_have_text(
        "Payment method expiration, now 4 of 6 in Recurring payment"
    )
    _press(example, "Alt+ArrowDown", "Alt+ArrowRight")
    assert _shape(example)[2] == ["Payment method expiration", *INNER]
    expect(expiration).to_be_focused()
    _press(example, "Alt+ArrowLeft")
    assert _shape(example)[1:] == [[*FRAME[:4], "GROUP", "Payment method expiration"], INNER]
    _press(example, "Alt+ArrowDown")
    expect(example.locator("[data-announce]")).to_have_text("It cannot be moved there.")


def test_a_menu_moves_wraps_duplicates_and_removes(example: Page) -> None:
    example.get_by_role("button", name="Move or copy: Currency").click()
    expect(example.get_by_role("menuitem", name="Move up")).to_be_focused()
    _press(example, "End", "ArrowUp", "Enter")
    assert _names(example).count("Currency") == 2
    example.get_by_role("button", name="Move or copy: Tag").click()
    expect(example.get_by_role("menuitem", name="Move into")).to_be_disabled()
    example.get_by_role("menuitem", name="Put into a new group").click()
    assert _shape(example)[0] == ["FRAME", "GROUP"]
    example.get_by_role("button", name="Move or copy: Tag").press("Enter")
    _press(example, "Escape")
    expect(example.get_by_role("button", name="Move or copy: Tag")).to_be_focused()


def _drag(page: Page, handle: Any, to: Any, *, share: float = 0.8) -> None:
    # away from the window's edges, where the page scrolls along under the pointer, for as long as a machine takes
    to.evaluate("part => part.scrollIntoView({ block: 'center', behavior: 'instant' })")
    handle.hover()
    page.mouse.down()
    box = to.bounding_box()
    page.mouse.move(box["x"] + 80, box["y"] + box["height"] * share, steps=8)
    page.mouse.up()


def _part(page: Page, name: str) -> Any:
    return page.locator(".sb-is-condition", has=page.get_by_role("button", name=f"Remove: {name}", exact=True))


def test_parts_are_dragged_into_groups_and_no_contact_s_condition_into_a_frame(example: Page) -> None:
    lyon = _part(example, "Billing address city").nth(1)
    _drag(example, _part(example, "Currency").locator("[data-handle]"), lyon)
    assert _shape(example)[2] == [*INNER, "Currency"]
    _drag(example, _part(example, "Tag").locator("[data-handle]"), lyon)
    assert _shape(example)[0] in (["FRAME", "Tag"], ["Tag", "FRAME"])
    example.get_by_role("button", name="Undo").click()
    assert _shape(example)[1:] == [[*FRAME, "GROUP"], INNER] or _shape(example)[2] == [*INNER, "Currency"]


def test_escape_gives_up_a_drag(example: Page) -> None:
    before = _shape(example)
    _part(example, "Currency").locator("[data-handle]").hover()
    example.mouse.down()
    box = _part(example, "Tag").bounding_box()
    example.mouse.move(box["x"] + 80, box["y"], steps=5)
    _press(example, "Escape")
    example.mouse.up()
    assert _shape(example) == before


# ---- what is wrong, and who was quicker


def test_an_error_stands_at_its_condition_and_nothing_is_lost(example: Page, complaints: list[str]) -> None:
    example.get_by_label("Payment amount: value").fill("a lot")
    wrong = _part(example, "Payment amount").locator(".sb-error")
    expect(wrong).to_contain_text("must be an amount")
    expect(example.locator("[data-count]")).to_have_text("Mend the marked conditions to see who matches.")
    example.get_by_role("button", name="Save segment").click()
    expect(example.locator("[data-said]")).to_have_text("Not saved: mend what is marked.")
    expect(example.get_by_label("Payment amount: value")).to_be_focused()
    expect(example.get_by_label("Payment amount: value")).to_have_attribute("aria-invalid", "true")
    assert Segment.objects.get().tree == EXAMPLE
    example.get_by_label("Payment amount: value").fill("1,5")
    expect(wrong).to_be_hidden()
    assert _tree(example)["all"][0]["recurring_payment"]["all"][2]["value"] == "1.5"
    complaints.clear()  # the console names what was refused


def test_conditions_without_a_value_do_not_count_and_cannot_be_saved(page: Page, complaints: list[str]) -> None:
    _add(page, page.locator(".sb-root"), "Last name")
    expect(page.locator("[data-left-out]")).to_have_text("1 condition waits for its value and does not count yet.")
    expect(page.locator("[data-count]")).to_have_text("9 people")
    page.get_by_label("Name", exact=True).fill("Nameless")
    page.get_by_role("button", name="Save segment").click()
    expect(_part(page, "Last name").locator(".sb-error")).to_contain_text("must not be blank")
    expect(page.get_by_label("Last name: value")).to_be_focused()
    complaints.clear()  # the console names what was refused


def test_a_name_that_is_taken_is_said_at_the_name(page: Page, complaints: list[str]) -> None:
    _saved(name="Lovers")
    page.get_by_label("Name", exact=True).fill("LOVERS")
    page.get_by_role("button", name="Save segment").click()
    expect(page.locator("[data-field-error=name]")).to_have_text("There is a segment of this name already.")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    complaints.clear()  # the console names what was refused


def test_whoever_saves_second_is_told_and_loses_nothing(example: Page, complaints: list[str]) -> None:
    segment = Segment.objects.get()
    saved.change(segment, {"tag": "other", "op": "has"}, name=segment.name, by=User.objects.create(username="bert"))
    example.get_by_label("Tag: value").fill("gold")
    example.get_by_role("button", name="Save segment").click()
    notice = example.locator("[data-notice]")
    expect(notice).to_contain_text("bert saved this segment")
    expect(example.get_by_label("Tag: value")).to_have_value("gold")
    assert Segment.objects.get().version == 2
    notice.get_by_role("button", name="Save mine as the newest version").click()
    expect(example.locator("[data-said]")).to_have_text("The segment has been saved.")
    assert (Segment.objects.get().version, Segment.objects.get().tree["all"][1]["tag"]) == (3, "gold")
    expect(example.locator("[data-versions] li")).to_have_count(3)
    complaints.clear()  # the console names what was refused


def test_without_a_network_nothing_is_lost(example: Page, complaints: list[str]) -> None:
    example.context.set_offline(True)
    example.get_by_label("Tag: value").fill("gold")
    expect(example.locator("[data-count]")).to_contain_text("The count could not be fetched.")
    example.get_by_role("button", name="Save segment").click()
    expect(example.locator("[data-notice]")).to_contain_text("The server does not answer")
    example.context.set_offline(False)
    example.get_by_role("button", name="Try again").click()
    expect(example.locator("[data-count]")).to_have_text("3 people")
    assert _tree(example)["all"][1]["tag"] == "gold"
    complaints.clear()


# ---- live


# The first question is answered late, and although it was given up.
_LATE = """() => {
  const ask = window.fetch;
  window.fetch = (address, options) => {
    if (window.answerLate || !String(address).includes("preview")) return ask(address, options);
    window.asked = options.signal;
    const told = { sentence: "Late", count: 7, words: "7 people", is_estimate: false, people: [] };
    return new Promise((resolve) => (window.answerLate = () => resolve(new Response(JSON.stringify(told)))));
  };
}"""


def test_only_the_answer_to_the_last_question_is_shown(example: Page) -> None:
    expect(example.locator("[data-count]")).to_have_text("2 people")
    example.evaluate(_LATE)
    example.get_by_label("Tag: value").fill("gold")
    example.wait_for_function("() => Boolean(window.answerLate)")
    example.get_by_label("Payment amount: value").fill("1000")
    assert example.evaluate("asked.aborted")
    example.evaluate("answerLate()")
    expect(example.locator("[data-count]")).to_have_text("0 people")
    assert example.locator("[data-sentence]").inner_text() != "Late"


# Types letters so that no time passes between them, however busy the machine is.
_TYPED_AT_ONCE = """(field, letters) => {
  for (const letter of letters) {
    field.value += letter;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}"""


def test_letters_typed_at_once_are_one_question(example: Page) -> None:
    expect(example.locator("[data-count]")).to_have_text("2 people")
    asked: list[str] = []
    example.on("request", lambda request: "preview" in request.url and asked.append(request.url))
    example.get_by_label("Tag: value").evaluate(_TYPED_AT_ONCE, "-and-more")
    expect(example.locator("[data-sentence]")).to_contain_text("vip-and-more")
    assert len(asked) == 1


def test_an_estimate_is_called_one(page: Page) -> None:
    told = {
        "sentence": "Everybody",
        "count": 120000,
        "is_estimate": True,
        "words": "about 120,000 people",
        "people": [],
    }
    page.route("**/segments/preview/", lambda route: route.fulfill(json=told))
    _add(page, page.locator(".sb-root"), "Tag")
    page.get_by_label("Tag: value").fill("x")
    expect(page.locator("[data-count]")).to_have_text("about 120,000 people")
    expect(page.locator("[data-count]")).to_have_attribute("title", re.compile("An estimate"))


def test_values_are_suggested_from_the_data(example: Page) -> None:
    field = example.get_by_label("Billing address city: value").first
    field.fill("ly")
    suggested = example.locator("datalist option")
    expect(suggested).to_have_count(1)
    expect(suggested).to_have_attribute("value", "Lyon")


def test_several_values_are_typed_one_after_the_other(page: Page) -> None:
    _add(page, page.locator(".sb-root"), "Company")
    _ask(page, "Company", "is any of")
    field = page.get_by_label("Company: value")
    for name in ("Acme, Inc.", "Initech"):
        field.fill(name)
        _press(page, "Enter")
        expect(field).to_be_focused()
    page.get_by_role("button", name="Remove the value Acme, Inc.").click()
    page.get_by_label("Name", exact=True).fill("Companies")
    page.get_by_role("button", name="Save segment").click()
    page.wait_for_url(re.compile(r"/admin/segments/\d+/$"))
    assert Segment.objects.get().tree == {"all": [{"contact": "company", "op": "is_any_of", "value": ["Initech"]}]}


def test_what_was_typed_goes_along_to_another_comparison(example: Page) -> None:
    _ask(example, "Payment amount", "is between")
    expect(example.get_by_label("Payment amount: from")).to_have_value("50")
    _ask(example, "Payment amount", "is more than")
    expect(example.get_by_label("Payment amount: value")).to_have_value("50")


def test_the_scope_is_chosen_in_words_and_asks_for_its_number(example: Page) -> None:
    scope = example.get_by_label("Which recurring payments")
    assert "This" not in scope.locator("option").all_inner_texts()
    scope.select_option(label="Recurring payments: at least")
    example.get_by_label("How many recurring payments").fill("2")
    expect(example.locator("[data-sentence]")).to_contain_text("with at least 2 recurring payments")
    assert _tree(example)["all"][0]["match"] == {"at_least": 2}


def test_why_somebody_is_in_or_not_is_asked_of_what_stands_there_now(example: Page, barriers: Any) -> None:
    example.get_by_role("button", name="Why is Ada in?").click()
    answer = example.locator("[data-why-answer]")
    expect(answer).to_contain_text("is in")
    example.get_by_label("Search a person by name or e-mail").fill("cleo")
    answer.get_by_role("link", name="Cleo").click()
    expect(answer).to_contain_text("is not in")
    expect(answer.locator(".sb-why-line", has_text="Payment amount is more than 50")).to_contain_text("seen: €50.00")
    assert barriers(example) == []


# ---- what there is not yet


def test_without_payments_only_people_are_asked_about_and_the_reason_is_told(live_server: Any, sign_in: Any) -> None:
    User.objects.create_superuser("anna")
    page = _open(sign_in("anna", **WIDE))
    expect(page.locator("[data-unavailable]")).to_contain_text("as soon as a connected app brings the first one")
    expect(page.get_by_role("button", name="Recurring payment", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Condition", exact=True).click()
    expect(page.locator(".sb-options [role=option]")).to_have_count(7)


def test_a_long_segment_has_no_barriers(store: Store, sign_in: Any, barriers: Any) -> None:
    many = {"all": [EXAMPLE, {"any": [{"contact": "last_name", "op": "is", "value": f"N{n}"} for n in range(20)]}]}
    page = _open(sign_in("anna", **PHONE), f"/admin/segments/{_saved(many).pk}/")
    assert fits(page)
    assert barriers(page) == []


def test_a_wrong_number_of_payments_is_told_at_its_frame(example: Page, complaints: list[str]) -> None:
    example.get_by_label("Which recurring payments").select_option(label="Recurring payments: at most")
    number = example.get_by_label("How many recurring payments")
    number.fill("few")
    expect(_frame(example).locator("> .sb-error")).to_contain_text("must be a whole number")
    example.get_by_role("button", name="Save segment").click()
    expect(number).to_be_focused()
    number.fill("0")
    expect(_frame(example).locator("> .sb-error")).to_be_hidden()
    expect(example.locator("[data-sentence]")).to_contain_text("with at most 0 recurring payments")
    complaints.clear()  # the console names what was refused


def test_what_asks_nothing_new_is_not_asked(example: Page) -> None:
    expect(example.locator("[data-count]")).to_have_text("2 people")
    asked: list[str] = []
    example.on("request", lambda request: "preview" in request.url and asked.append(request.url))
    _add(example, example.locator(".sb-root"), "Last name")
    expect(example.locator("[data-left-out]")).to_be_visible()
    example.get_by_label("Last name: value").fill("X")
    expect(example.locator("[data-count]")).to_have_text("0 people")
    assert len(asked) == 1


@pytest.mark.parametrize("typed", ["1 234,50", "1234.50"])
def test_amounts_are_typed_as_people_write_them(example: Page, typed: str) -> None:
    example.get_by_label("Payment amount: value").fill(typed)
    assert _tree(example)["all"][0]["recurring_payment"]["all"][2]["value"] == "1234.5"


def test_without_scripts_the_conditions_are_text_that_is_saved(store: Store, browser: Any, live_server: Any) -> None:
    anna, client = User.objects.get(), Client()
    client.force_login(anna)
    window = browser.new_context(java_script_enabled=False, **PHONE)
    name = settings.SESSION_COOKIE_NAME
    window.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = window.new_page()
    page.goto(f"{live_server.url}/admin/segments/{_saved().pk}/")
    expect(page.locator("[data-sentence]")).to_contain_text("People with a recurring payment")
    page.get_by_label("Conditions as JSON").fill('{"tag": "vip", "op": "has"}')
    page.get_by_role("button", name="Save segment").click()
    expect(page.locator("[data-sentence]")).to_have_text("People with the tag “vip”")
    window.close()


def test_why_leaves_out_what_waits_for_its_value(example: Page) -> None:
    _add(example, example.locator(".sb-root"), "Last name")
    example.get_by_role("button", name="Why is Ada in?").click()
    expect(example.locator("[data-why-answer]")).to_contain_text("is in")


@pytest.mark.parametrize("window", [WIDE, PHONE])
def test_the_list_counts_the_rows_that_are_seen(store: Store, sign_in: Any, barriers: Any, window: Any) -> None:
    for number in range(60):
        _saved(name=f"Segment {number:02} {'with a long name ' * 9}{'w' * 20}")
    page = sign_in("anna", **window)
    asked: list[str] = []
    page.on("request", lambda request: "/count/" in request.url and asked.append(request.url))
    page.goto("/admin/segments/")
    expect(page.locator("[data-count-url]").first).to_have_text("2")
    assert len(asked) < 50
    page.locator("[data-count-url]").last.scroll_into_view_if_needed()
    expect(page.locator("[data-count-url]").last).to_have_text("2", timeout=15_000)
    assert fits(page)
    assert barriers(page) == []


def test_the_builder_speaks_french(store: Store, sign_in: Any, barriers: Any) -> None:
    page = sign_in("anna", locale="fr", **PHONE)
    _open(page, f"/admin/segments/{_saved().pk}/")
    expect(page.locator("[data-count]")).to_have_text("2 personnes")
    expect(page.locator("[data-sentence]")).to_contain_text("Personnes")
    page.get_by_role("button", name="Condition", exact=True).last.click()
    page.get_by_role("combobox", name="Chercher dans les champs").fill("echeancier")
    expect(page.get_by_role("option", name="Intervalle de facturation")).to_be_visible()
    assert fits(page)
    assert barriers(page) == []


def test_a_relative_date_says_what_it_means_today(example: Page) -> None:
    said = _part(example, "Payment method expiration").locator(".sb-span")
    expect(said).to_contain_text(re.compile(r"\d{4} – .*\d{4} \(UTC\)"))
    _ask(example, "Payment method expiration", "is further ahead than")
    expect(said).to_contain_text("after")
    _ask(example, "Payment method expiration", "is empty")
    expect(said).to_be_hidden()


# ---- the focus is never lost


def test_whoever_undoes_by_key_goes_on_beside_what_is_gone(example: Page) -> None:
    tag = _part(example, "Tag").locator("[data-act=subject]")
    _add(example, example.locator(".sb-root"), "Last name")
    expect(example.get_by_label("Last name: comparison")).to_be_focused()
    _press(example, "Control+z")
    expect(tag).to_be_focused()


def test_whoever_undoes_the_last_step_by_button_goes_on_at_redo(example: Page) -> None:
    undo, redo = (example.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    _add(example, example.locator(".sb-root"), "Last name")
    undo.click()
    expect(redo).to_be_focused()
    redo.click()
    expect(undo).to_be_focused()


def test_whoever_chooses_a_person_goes_on_in_the_answer(example: Page) -> None:
    example.get_by_label("Search a person by name or e-mail").fill("cleo")
    example.locator("[data-why-answer]").get_by_role("link", name="Cleo").click()
    expect(example.locator(".sb-why-verdict").get_by_role("link", name="Cleo")).to_be_focused()


def test_whoever_closes_the_notice_goes_on_at_saving(example: Page, complaints: list[str]) -> None:
    example.context.set_offline(True)
    example.get_by_role("button", name="Save segment").click()
    example.get_by_role("button", name="Close", exact=True).click()
    expect(example.get_by_role("button", name="Save segment")).to_be_focused()
    complaints.clear()


def test_what_is_wrong_hides_the_sentence_of_what_was_right(example: Page, complaints: list[str]) -> None:
    expect(example.locator("[data-sentence]")).to_be_visible()
    example.get_by_label("Payment amount: value").fill("lots")
    expect(example.locator("[data-sentence]")).to_be_hidden()
    complaints.clear()  # the console names what was refused
