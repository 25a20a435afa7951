"""What stands around every page: menus, lists with nothing in them, and what is said when something is wrong."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from contacts.models import Contact, Tag
from contacts.services import email_key
from integrations.connecting import Credentials, connect
from tests.browser.width import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONTACTS, TAGS = "/admin/contacts/contact/", "/admin/contacts/tag/"
WIDE = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}}
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 4


@pytest.fixture(autouse=True)
def people(live_server: object) -> None:
    """Anna, who may do everything, and a contact whose words have no end."""
    User.objects.create_superuser("anna", password="a-password-of-hers", email="anna@example.com")
    email = f"{'long' * 12}@{'domain' * 8}.example.com"
    contact = Contact.objects.create(
        first_name=LONG, last_name="Ada", email=email, email_key=email_key(email), company=LONG
    )
    contact.tags.add(Tag.objects.create(name=LONG[:100]))


def test_the_account_menu_is_opened_and_closed_by_keyboard(sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna", **WIDE)
    page.goto(CONTACTS)
    opener = page.get_by_role("button", name="anna@example.com")
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="Light")).to_be_visible()  # or there is nothing yet to go to
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Light")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_appearance_is_chosen_by_keyboard(sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna", color_scheme="light", **WIDE)
    page.goto(CONTACTS)
    page.get_by_role("button", name="anna@example.com").press("Enter")
    page.get_by_role("button", name="Dark").press("Enter")
    expect(page.locator("html.dark")).to_have_count(1)
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


def test_on_a_phone_the_menu_is_opened_and_closed_by_keyboard(sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna", **PHONE)
    page.goto(CONTACTS)
    entry = page.locator("#nav-sidebar").get_by_role("link", name="Connected apps")
    expect(entry).not_to_be_in_viewport()
    page.get_by_role("button", name="Menu").press("Enter")
    expect(entry).to_be_in_viewport()
    page.get_by_role("button", name="Close").press("Enter")
    expect(entry).not_to_be_in_viewport()


def test_filters_are_opened_used_and_closed_by_keyboard(sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna")
    page.goto(CONTACTS)
    opener = page.get_by_role("button", name="Filters")
    opener.press("Enter")
    panel = page.locator("#changelist-filter")
    expect(panel.locator("a:focus")).to_have_text("All")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(opener).to_be_focused()
    opener.press("Enter")
    expect(panel.locator("a:focus")).to_have_text("All")  # or opening would take the focus away again
    panel.get_by_role("link", name="Today").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 of 1")


def test_a_search_without_a_match_says_so_and_leads_back(sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna")
    page.goto(f"{CONTACTS}?q=nobody-has-this-name")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("0 of 1")
    page.get_by_role("link", name="Show all").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (CONTACTS, "People arrive with their recurring payments"),
        (TAGS, "A tag is a word"),
        ("/admin/subscriptions/recurringpayment/", "arrive by themselves from the connected stores"),
        ("/admin/integrations/connection/", "Connect a store"),
        ("/admin/integrations/delivery/", "appears here"),
    ],
)
def test_an_empty_list_says_what_will_fill_it(sign_in: Callable[..., Page], address: str, says: str) -> None:
    Contact.objects.all().delete()
    Tag.objects.all().delete()
    page = sign_in("anna")
    page.goto(address)
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    expect(page.get_by_text(says)).to_be_visible()


def test_a_page_is_named_once_and_a_page_that_adds_says_so(sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna")
    page.goto(CONTACTS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Contacts")
    page.get_by_role("link", name="Add contact").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Contacts\s*chevron_right\s*Add contact"))
    expect(page.get_by_role("link", name="Add contact")).to_have_count(0)


def test_what_is_wrong_in_a_folded_part_of_a_form_is_in_sight(sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna")
    made, _ = connect("stripe", name="Shop", credentials=Credentials())
    page.goto(f"/admin/integrations/connection/{made.pk}/change/")
    page.get_by_text("Further settings").click()
    page.get_by_label("Requests per second").fill("0")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("Please correct the error below"))
    expect(page.get_by_text("greater than or equal to 1")).to_be_visible()


def test_on_a_phone_no_long_word_widens_a_page(sign_in: Callable[..., Page]) -> None:
    page = sign_in("anna", **PHONE, locale="fr")
    contact, anna = Contact.objects.get(), User.objects.get()
    for address in (CONTACTS, f"{CONTACTS}{contact.pk}/change/", TAGS, f"/admin/auth/user/{anna.pk}/change/"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert fits(page), address


def test_a_page_that_is_not_there_leads_back(sign_in: Callable[..., Page], complaints: list[str]) -> None:
    page = sign_in("anna", locale="fr")
    page.goto("/admin/nothing/")
    expect(page.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible()
    page.get_by_role("link", name="Retour à l’accueil").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accueil")
    complaints.clear()


def test_a_role_that_may_not_is_told_so(
    sign_in: Callable[..., Page], complaints: list[str], barriers: Callable[[Page], list[str]]
) -> None:
    User.objects.create_user("mark", is_staff=True).groups.add(Group.objects.get(name="Marketer"))
    page = sign_in("mark")
    page.goto("/admin/integrations/connection/add/")
    expect(page.get_by_role("heading", name="Your role does not allow this")).to_be_visible()
    assert barriers(page) == []
    complaints.clear()
