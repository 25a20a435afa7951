"""The builder of automations as people use it: by mouse, by keyboard alone, by finger, with mistakes and company."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from automations import publishing
from automations.campaigns import keeping
from automations.models import Automation, Campaign
from contacts.models import Contact, ContactList
from subscriptions.models import Store
from tests.automations.flows import ACTIVE, CREATED, FAILED, days, flow, go, pay, publish, step, tag
from tests.browser.width import fits
from tests.people import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"viewport": {"width": 1400, "height": 1000}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DUNNING = flow(
    step("email", subject="Your payment failed", text="Please look.", about="service"),
    days(3),
    step("if", where=ACTIVE, yes=[tag("paid")], no=[tag("unpaid"), days(1, "second")]),
    on=[FAILED],
    runs="once_a_payment",
)


@pytest.fixture
def anna(live_server: object) -> User:
    """Anna, who may do everything; recurring payments have come."""
    ContactList.objects.create(name="Letter")
    pay(Store.objects.create(name="Shop", provider="stripe"))
    return User.objects.create_superuser("anna", first_name="Anna", email="anna@example.com")


@pytest.fixture
def page(anna: User, sign_in: Any) -> Page:
    """Anna's window."""
    window: Page = sign_in("anna", **WIDE)
    return window


def made(draft: Any = None, name: str = "Flow") -> Automation:
    """Save a draft."""
    return publishing.create(name=name, draft=draft)


def opened(page: Page, one: Automation) -> Page:
    """Open an automation's flow."""
    page.goto(reverse("automation", args=[one.pk]))
    expect(page.locator("[data-undo]")).to_be_visible()
    return page


def draft(one: Automation) -> Any:
    """Return what is saved, without the ids that the builder makes."""
    one.refresh_from_db()
    return _plain(one.draft)


def _plain(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _plain(value) for key, value in part.items() if key != "id"}
    return [_plain(one) for one in part] if isinstance(part, list) else part


def card(page: Page, words: str) -> Locator:
    """Find a card by what it says."""
    return page.locator(".fl-card", has_text=words)


def panel(page: Page) -> Locator:
    """The panel of the chosen step."""
    return page.locator("[data-panel]")


def save(page: Page) -> None:
    """Save, and wait until it is."""
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("[data-said]")).to_have_text("Saved")


def add(page: Page, words: str, *, at: int = -1) -> None:
    """Add a step by mouse at the plus of that number."""
    page.get_by_role("button", name="Add a step here").nth(at).click()
    page.get_by_role("option", name=words, exact=True).click()


def shown(page: Page) -> list[str]:
    """Read the cards from top to bottom."""
    return [" ".join(words.split()) for words in page.locator(".fl-card[data-k] .fl-card-words").all_inner_texts()]


def test_a_flow_is_built_by_mouse_from_nothing_and_published(page, anna):
    page.goto(reverse("automation_new"))
    page.get_by_label("Name").fill("Welcome")
    page.get_by_role("button", name="Build").click()
    page.get_by_role("button", name="What starts it").click()
    page.get_by_role("option", name="A recurring payment is created").click()
    panel(page).get_by_role("button", name="Condition").click()
    page.get_by_role("option", name="Recurring payment status", exact=True).click()
    panel(page).get_by_label("Recurring payment status: value").select_option(label="Active")
    page.get_by_label("Each person runs through it").select_option(label="Once for each recurring payment")
    add(page, "Send an e-mail")
    panel(page).get_by_role("button", name="Write a new e-mail").click()
    expect(panel(page).get_by_role("link", name="Open this e-mail")).to_be_visible()
    add(page, "Notify a colleague")
    panel(page).get_by_label("Colleague").select_option("anna@example.com")
    panel(page).get_by_label("Subject").fill("Welcome ")
    panel(page).get_by_role("button", name="Insert a tag").first.click()
    page.keyboard.type("first name")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_label("Subject")).to_have_value("Welcome {{ contact.first_name }}")
    panel(page).get_by_label("Text", exact=True).fill("Hello.")
    add(page, "Wait")
    panel(page).get_by_label("For: value").fill("2")
    panel(page).get_by_label("For: unit").select_option("hours")
    add(page, "Wait until a date of the recurring payment")
    panel(page).get_by_label("Date", exact=True).select_option("next_payment_date")
    panel(page).get_by_label("Day: value").fill("3")
    add(page, "If / else")
    panel(page).get_by_role("button", name="Recurring payment", exact=True).click()
    panel(page).get_by_role("button", name="Condition").first.click()
    page.get_by_role("option", name="Recurring payment status", exact=True).click()
    panel(page).get_by_label("Recurring payment status: value").select_option(label="Active")
    page.get_by_role("region", name="Yes").get_by_role("button", name="Add a step here").click()
    page.get_by_role("option", name="Add a tag").click()
    panel(page).get_by_label("Tag").fill("happy")
    save(page)
    one = Automation.objects.get(name="Welcome")
    assert draft(one) == {
        "triggers": [{"on": "created", "where": {"all": [{"field": "status", "op": "is", "value": "active"}]}}],
        "runs": "once_a_payment",
        "steps": [
            {"do": "email", "campaign": Campaign.objects.get(name="Welcome").pk},
            {"do": "notify", "to": "anna@example.com", "subject": "Welcome {{ contact.first_name }}", "text": "Hello."},
            {"do": "wait", "for": {"n": 2, "unit": "hours"}},
            {"do": "wait_date", "field": "next_payment_date", "days": -3},
            {
                "do": "if",
                "where": {
                    "all": [
                        {
                            "recurring_payment": {"all": [{"field": "status", "op": "is", "value": "active"}]},
                            "match": "this",
                        }
                    ]
                },
                "yes": [{"do": "tag", "tag": "happy"}],
                "no": [],
            },
        ],
    }
    written = keeping.save(Campaign.objects.get(), draft={"subject": "Welcome", "body": "<p>Hello.</p>"})
    page.reload()
    page.get_by_role("link", name="Publish…").click()
    expect(page.get_by_role("link", name=written.name)).to_be_visible()  # is put into use with it
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published. People enter by this flow from now on.")).to_be_visible()
    one.refresh_from_db()
    assert one.is_active


def test_a_flow_is_built_by_keyboard_alone(page, anna):
    one = made()
    opened(page, one)
    page.locator("[data-k=add-trigger]").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("tag is")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_label("Tag")).to_be_focused()
    page.keyboard.type("vip")
    page.keyboard.press("Escape")
    expect(card(page, "The tag “vip” is added")).to_be_focused()
    page.keyboard.press("Tab")  # its menu
    page.keyboard.press("Tab")  # another trigger
    page.keyboard.press("Tab")  # runs
    page.keyboard.press("Tab")  # the first plus
    page.keyboard.press("Enter")
    page.keyboard.type("wait")
    page.keyboard.press("Enter")
    page.keyboard.type("5")
    page.keyboard.press("Escape")
    expect(card(page, "Wait for 5 days")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the menu, which begins with adding
    page.keyboard.press("Enter")
    page.keyboard.type("end")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(card(page, "End")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-announce]")).to_have_text("End moved")
    save(page)
    assert [part["do"] for part in draft(one)["steps"]] == ["end", "wait"]
    card(page, "End").focus()
    page.keyboard.press("ArrowDown")
    expect(card(page, "Wait for 5 days")).to_be_focused()
    page.keyboard.press("Delete")
    assert shown(page) == ["The tag “vip” is added", "End"]
    page.keyboard.press("Control+z")
    expect(card(page, "Wait for 5 days")).to_be_visible()  # once the server has said how it is called
    assert shown(page)[2] == "Wait for 5 days"
    page.keyboard.press("Control+Shift+Z")
    assert len(shown(page)) == 2


def test_steps_move_into_and_out_of_branches_by_keys(page, anna):
    opened(page, made(flow(tag("a"), step("if", where=ACTIVE, yes=[tag("b")], no=[]), on=[CREATED])))
    card(page, "“a”").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.get_by_role("region", name="Yes").locator(".fl-card")).to_have_count(2)
    page.keyboard.press("Alt+ArrowRight")
    expect(page.get_by_role("region", name="No").locator(".fl-card")).to_have_count(1)
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.get_by_role("region", name="No").locator(".fl-card")).to_have_count(0)
    expect(card(page, "“a”")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[data-announce]")).to_have_text("It cannot be moved there.")


def test_a_card_is_dragged_to_another_place(page, anna):
    one = made(flow(tag("a"), tag("b"), step("if", where=ACTIVE, yes=[], no=[]), on=[CREATED]))
    opened(page, one)
    card(page, "“a”").drag_to(page.get_by_role("region", name="No").get_by_role("button", name="Add a step here"))
    save(page)
    steps = draft(one)["steps"]
    assert [part["do"] for part in steps] == ["tag", "if"]
    assert steps[1]["no"] == [{"do": "tag", "tag": "a"}]


def test_undo_goes_back_over_the_drawing_and_the_panel(page, anna):
    opened(page, made(flow(days(3), on=[CREATED], runs="once_a_payment")))
    card(page, "Wait for 3 days").click()
    panel(page).get_by_label("For: value").press("End")
    page.keyboard.type("45")
    expect(card(page, "Wait for 345 days")).to_be_visible()
    page.get_by_label("Each person runs through it").select_option("every_time")
    page.locator("[data-undo]").click()
    expect(page.get_by_label("Each person runs through it")).to_have_value("once_a_payment")
    page.locator("[data-undo]").click()
    expect(card(page, "Wait for 3 days")).to_be_visible()
    expect(panel(page).get_by_label("For: value")).to_have_value("3")
    expect(page.locator("[data-undo]")).to_be_disabled()
    page.locator("[data-redo]").click()
    expect(panel(page).get_by_label("For: value")).to_have_value("345")


def test_a_copy_of_a_step_with_branches_has_ids_of_its_own(page, anna):
    one = made(flow(step("if", where=ACTIVE, yes=[tag("a")], no=[]), on=[CREATED]))
    opened(page, one)
    card(page, "this recurring payment").click()
    panel(page).get_by_role("button", name="Duplicate", exact=True).click()
    save(page)
    one.refresh_from_db()
    ids = [part["id"] for part in one.draft["steps"]] + [part["yes"][0]["id"] for part in one.draft["steps"]]
    assert len(set(ids)) == 4


def test_mistakes_stand_at_their_place_and_above_and_nothing_is_published(page, anna):
    told = step("notify", to="anna@example.com", subject="{{ nobody }}", text="Hello")
    one = made(flow(told, step("tag", tag="x"), on=[CREATED]))
    opened(page, one)
    mistakes = page.get_by_role("list", name="What is to be mended")
    expect(mistakes.get_by_role("button")).to_have_text(
        ["Notify a colleague – Subject: there is no tag “nobody” (line 1)"]
    )
    page.get_by_role("link", name="Publish…").click()
    expect(page.locator("[data-said]")).to_have_text("Mend what is marked first.")
    expect(mistakes.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel(page).get_by_text("there is no tag “nobody” (line 1)")).to_be_visible()
    panel(page).get_by_label("Subject").fill("Hello {{ contact.first_name }}")
    expect(mistakes).to_be_hidden()
    page.get_by_role("link", name="Publish…").click()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible()
    assert draft(one)["steps"][0]["subject"] == "Hello {{ contact.first_name }}"  # it was saved first


def test_what_is_wrong_within_conditions_stands_there(page, anna):
    condition = {"field": "payment_amount", "op": "more_than", "value": "much"}
    opened(page, made(flow(tag("a"), on=[CREATED | {"where": {"all": [condition]}}])))
    page.locator(".fl-is-trigger[data-k]").click()
    expect(panel(page).locator("[data-error]:not([hidden])")).to_have_count(1)
    panel(page).get_by_label("Payment amount: value").fill("50")
    expect(panel(page).locator("[data-error]:not([hidden])")).to_have_count(0)
    expect(page.locator(".fl-is-trigger[data-k]")).to_contain_text("50")


def test_two_who_work_on_it_at_once_are_told(page, anna, complaints):
    one = made(DUNNING)
    opened(page, one)
    publishing.save(one, draft=flow(days(9), on=[CREATED]), by=anna)
    card(page, "Wait for 3 days").click()
    panel(page).get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("[data-said]")).to_contain_text("Anna saved this automation")
    assert draft(one)["steps"][0]["for"] == {"n": 9, "unit": "days"}
    save(page)
    assert draft(one)["steps"][0]["do"] == "email"
    complaints.clear()


def test_what_cannot_be_saved_just_now_stays(page, anna, complaints):
    one = made(DUNNING)
    opened(page, one)
    card(page, "“paid”").click()
    panel(page).get_by_label("Tag").fill("settled")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("[data-said]")).to_contain_text("It could not be saved.")
    page.context.set_offline(False)
    save(page)
    assert draft(one)["steps"][2]["yes"] == [{"do": "tag", "tag": "settled"}]
    complaints.clear()


def test_people_are_counted_where_they_are(page, anna):
    one = publish(*DUNNING["steps"][1:], on=[FAILED])
    opened(page, one)
    expect(page.locator(".fl-people:visible")).to_have_count(0)
    pay(Store.objects.get(), at=10, status="payment_failed")
    go()
    expect(page.locator(".fl-people:visible")).to_have_text(["person1 person here now 1"], timeout=15_000)
    page.locator(".fl-people:visible").click()
    expect(page.get_by_role("cell", name="Wait for 3 days")).to_be_visible()


def test_the_whole_flow_fits_and_the_list_says_the_same(page, anna):
    deep = step("if", "i2", where=ACTIVE, yes=[tag("x")], no=[tag("y")])
    wide = step("if", where=ACTIVE, yes=[deep, days(1)], no=[days(2, "w2")])
    opened(page, made(flow(wide, *[days(n, f"d{n}") for n in range(1, 8)], on=[CREATED])))
    words = shown(page)
    page.get_by_role("button", name="Fit the whole flow").click()
    canvas = page.locator("[data-drawing] .fl-canvas")
    assert canvas.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    expect(page.locator("[data-zoom-now]")).not_to_have_text("100 %")
    page.keyboard.press("+")
    page.get_by_role("button", name="As a list").click()
    assert shown(page) == words
    lefts = [page.locator(".fl-card[data-k]").nth(index).bounding_box()["x"] for index in (1, 2, 3)]
    assert lefts == sorted(set(lefts))


def test_on_a_phone_it_is_a_list_with_the_panel_below(anna, sign_in, barriers):
    one = made(DUNNING)
    page = opened(sign_in("anna", **PHONE), one)
    assert fits(page)
    assert barriers(page) == []
    card(page, "Wait for 3 days").tap()
    box = panel(page).bounding_box()
    assert box["x"] == 0
    assert box["y"] + box["height"] >= 843
    panel(page).get_by_label("For: value").fill("6")
    panel(page).get_by_role("button", name="Close").tap()
    save(page)
    assert draft(one)["steps"][1]["for"] == {"n": 6, "unit": "days"}
    assert fits(page)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_hinders_anybody(anna, sign_in, barriers, colours):
    one = publish(*DUNNING["steps"], on=[FAILED])
    publishing.save(one, draft=DUNNING | {"steps": [*DUNNING["steps"], {"id": "bad", "do": "webhook"}]})
    page = opened(sign_in("anna", color_scheme=colours, **WIDE), one)
    for words in (
        "status changes to Payment failed",
        "Your payment failed",
        "this recurring payment",
        "Call a webhook",
    ):
        card(page, words).click()
        assert barriers(page) == []
    for name in ("automations", "automation_new"):
        page.goto(reverse(name))
        assert barriers(page) == []
    publishing.save(one, draft=DUNNING)
    person = Contact.objects.get().pk
    for name in ("people", "versions", "settings", "archive", "delete", "publish", "dry_run", "from_before"):
        page.goto(reverse(f"automation_{name}", args=[one.pk]))
        assert barriers(page) == []
    for name in ("test", "why", "enter"):
        page.goto(f"{reverse(f'automation_{name}', args=[one.pk])}?contact={person}")
        assert barriers(page) == []


def test_every_page_fits_a_phone(anna, sign_in):
    one = publish(*DUNNING["steps"], on=[FAILED])
    pay(Store.objects.get(), at=10, status="payment_failed")
    go()
    page = sign_in("anna", locale="fr-FR", **PHONE)
    person, way = Contact.objects.get().pk, one.enrolments.get().pk
    names = ("people", "versions", "settings", "archive", "delete", "publish", "dry_run", "from_before")
    asked = [reverse(f"automation_{name}", args=[one.pk]) for name in names]
    asked += [f"{reverse(f'automation_{name}', args=[one.pk])}?contact={person}" for name in ("test", "why", "enter")]
    asked += [reverse("automations"), reverse("automation_new"), reverse("automation_path", args=[one.pk, way])]
    for address in asked:
        page.goto(address)
        assert fits(page), address


def test_a_draft_is_tried_before_it_is_published(page, anna):
    one = made(DUNNING)
    pay(Store.objects.get(), at=10, status="payment_failed")
    opened(page, one)
    page.get_by_role("link", name="Dry run").click()
    page.get_by_role("link", name="would have got").click()
    expect(page.get_by_text("They would be here now")).to_be_visible()
    page.get_by_text("The e-mail to ada@example.com").click()
    expect(page.frame_locator("iframe:visible").get_by_text("Please look.")).to_be_visible()


def test_who_may_only_look_sees_everything_and_changes_nothing(anna, sign_in):
    one = made(DUNNING)
    viewer = member("Viewer")
    page = opened_by_viewer(sign_in(viewer.username, **WIDE), one)
    assert shown(page)[1] == "Send the e-mail “Your payment failed”"
    for name in ("Add a step here", "Save the draft", "What starts it"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    card(page, "Wait for 3 days").click()
    expect(panel(page).get_by_label("For: value")).to_be_disabled()


def opened_by_viewer(page: Page, one: Automation) -> Page:
    """Open the flow as somebody who cannot change it."""
    page.goto(reverse("automation", args=[one.pk]))
    expect(card(page, "Wait for 3 days")).to_be_visible()
    return page


def test_without_a_script_the_flow_is_read_and_changed_as_text(anna, sign_in):
    one = made(DUNNING)
    page = sign_in("anna", java_script_enabled=False, **WIDE)
    page.goto(reverse("automation", args=[one.pk]))
    expect(page.get_by_text("Send the e-mail “Your payment failed”")).to_be_visible()
    page.locator("noscript summary").click()  # in which nothing is found by its text
    page.locator("[name=draft]").fill(json.dumps(flow(days(1), on=[CREATED])))
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Wait for 1 day")).to_be_visible()


def test_a_broken_answer_of_the_check_breaks_nothing(page, anna, complaints):
    one = made(DUNNING)
    opened(page, one)
    page.route("**/check/", lambda route: route.fulfill(status=500, body="broken"))
    card(page, "“paid”").click()
    panel(page).get_by_label("Tag").fill("settled")
    page.wait_for_timeout(500)
    save(page)
    assert draft(one)["steps"][2]["yes"][0]["tag"] == "settled"
    complaints.clear()
