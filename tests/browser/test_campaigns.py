"""Writing an e-mail in the browser: its editor, tags, the preview beside it, a test; and what its readers open."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from automations.campaigns import keeping
from automations.email import addresses
from automations.models import Campaign, Message
from contacts.models import Contact, ContactList, Standing
from contacts.services import subscribe
from subscriptions.models import Store
from tests.automations.flows import go, pay, publish
from tests.automations.mailings.people import crowd, work
from tests.automations.mails import mail, send
from tests.browser.width import fits
from tests.contacts.mail_server import MailServer, mail_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "fr"}
DRAFT = {
    "subject": "Due soon",
    "body": "<p>Hello {{ contact.first_name | default: &quot;you&quot; }}</p><p>Amount</p>",
    "purpose": "service",
}


@pytest.fixture
def anna(live_server: object) -> User:
    """Somebody who may do everything."""
    return User.objects.create_superuser("anna", first_name="Anna", email="anna@example.com")


@pytest.fixture
def post(settings: Any) -> Any:
    with mail_server() as server:
        settings.MAILERS = server.mailers
        yield server


@pytest.fixture
def ada() -> Contact:
    """A French person with a recurring payment."""
    store = Store.objects.create(name="Shop", provider="stripe")
    pay(store, "ada", payment_amount="49", currency="EUR", name="Pro", next_payment_date="2031-12-03T09:00:00Z")
    Contact.objects.update(first_name="Ada")
    return Contact.objects.get()


def opened(page: Page, one: Campaign) -> None:
    page.goto(reverse("campaign", args=[one.pk]))
    expect(page.locator("trix-editor").first).to_be_visible()
    expect(page.locator("[data-head-of=subject]")).not_to_be_empty()


def shown(page: Page) -> Locator:
    """Return what the preview shows."""
    return page.frame_locator("[data-frame]").locator("body")


def test_an_e_mail_is_written_with_tags_and_read_beside_as_somebody_gets_it(
    anna: User, sign_in: Any, ada: Contact
) -> None:
    one = keeping.create(name="Reminder", draft=DRAFT)
    page: Page = sign_in("anna", locale="en")
    opened(page, one)
    expect(shown(page)).to_contain_text("Hello Camille")
    editor = page.locator("trix-editor").first
    editor.focus()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Insert a tag").click()
    page.keyboard.type("payment amount")
    page.keyboard.press("Enter")
    expect(editor).to_contain_text("{{ recurring_payment.payment_amount }}")
    expect(shown(page)).to_contain_text("Amount€29.00")
    page.get_by_label("As this person gets it: name or e-mail").fill("ada")
    page.wait_for_selector("#cm-people option", state="attached")
    page.get_by_label("As this person gets it: name or e-mail").fill("Ada · ada@example.com")
    expect(shown(page)).to_contain_text("Amount€49.00")
    page.locator("select[name=language]").select_option("fr")
    expect(shown(page)).to_contain_text("49,00 €")
    page.get_by_role("button", name="Save and put into use").click()
    expect(page.get_by_text("From now on it is sent like this.")).to_be_visible()
    one.refresh_from_db()
    assert one.version == 1
    assert "Amount{{ recurring_payment.payment_amount }}" in one.draft["body"]


def test_what_is_wrong_stands_at_its_place_while_one_types(anna: User, sign_in: Any) -> None:
    page: Page = sign_in("anna", locale="en")
    opened(page, keeping.create(name="Reminder", draft=DRAFT))
    findings = page.get_by_role("region", name="Before it is sent")
    expect(findings).to_contain_text("It can be sent like this.")
    page.get_by_label("Subject", exact=True).first.fill("{{ contact.nme }}")
    expect(findings).to_contain_text("Subject: there is no tag “contact.nme”")
    expect(page.locator("#cm-subject-error")).to_contain_text("there is no tag")
    page.get_by_label("Subject", exact=True).first.fill("Hello")
    expect(findings).to_contain_text("It can be sent like this.")
    expect(page.locator("#cm-subject-error")).to_be_empty()


def test_text_is_formatted_by_keyboard_and_links_are_added(anna: User, sign_in: Any) -> None:
    one = keeping.create(name="Reminder", draft=DRAFT | {"body": "<p>Pay now</p>"})
    page: Page = sign_in("anna", locale="en")
    opened(page, one)
    page.locator("trix-editor").first.focus()
    page.keyboard.press("Control+a")
    page.wait_for_timeout(200)  # the editor hears of the selection a moment later
    page.keyboard.press("Control+b")
    expect(page.locator("trix-editor strong").first).to_be_visible()
    page.get_by_role("button", name="Link", exact=True).first.click()
    page.get_by_label("Address").first.fill("https://pay.example/?of={{ contact.email }}")
    page.keyboard.press("Enter")
    expect(shown(page).locator("a")).to_have_attribute("href", "https://pay.example/?of=camille%40example.com")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("The draft has been saved.")).to_be_visible()
    one.refresh_from_db()
    assert re.search(r'<a href="https://pay.example/\?of={{ contact.email }}"><strong>Pay now', one.draft["body"])


def test_what_the_editor_would_lose_is_written_as_html(anna: User, sign_in: Any) -> None:
    one = keeping.create(name="Table", draft=DRAFT | {"body": "<table><tbody><tr><td>Cell</td></tr></tbody></table>"})
    page: Page = sign_in("anna", locale="en")
    page.goto(reverse("campaign", args=[one.pk]))
    expect(page.locator("[name=body]")).to_be_visible()
    expect(shown(page)).to_contain_text("Cell")
    page.locator("[name=body]").fill("<p>Simple</p>")
    expect(shown(page)).to_contain_text("Simple")
    page.get_by_role("button", name="As text").first.click()
    expect(page.locator("trix-editor").first).to_contain_text("Simple")
    page.get_by_role("button", name="As HTML").first.click()
    expect(page.locator("[name=body]")).to_be_visible()


def test_a_test_arrives_at_whoever_asks(anna: User, sign_in: Any, post: MailServer) -> None:
    page: Page = sign_in("anna", locale="en")
    opened(page, keeping.create(name="Reminder", draft=DRAFT))
    page.get_by_role("button", name="Send a test to me").click()
    expect(page.locator("[data-said]")).to_have_text("It is on its way to anna@example.com.")
    assert [sent["To"] for sent in post.inbox] == ["anna@example.com"]


def test_what_was_changed_is_not_lost_by_leaving(anna: User, sign_in: Any) -> None:
    page: Page = sign_in("anna", locale="en")
    opened(page, keeping.create(name="Reminder", draft=DRAFT))
    page.get_by_label("Subject", exact=True).first.fill("Changed")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="All campaigns").click()
    page.wait_for_url("**/campaigns/")
    assert asked == ["beforeunload"]


def test_without_javascript_it_is_a_form(anna: User, sign_in: Any) -> None:
    one = keeping.create(name="Reminder", draft=DRAFT)
    page: Page = sign_in("anna", java_script_enabled=False, locale="en")
    page.goto(reverse("campaign", args=[one.pk]))
    page.locator("[name=subject]").fill("By hand")
    page.get_by_role("button", name="Save and put into use").click()
    expect(page.get_by_text("From now on it is sent like this.")).to_be_visible()
    one.refresh_from_db()
    assert (one.draft["subject"], one.version) == ("By hand", 1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_fit_a_phone_and_hinder_nobody(
    anna: User, sign_in: Any, barriers: Any, complaints: list[str], theme: str
) -> None:
    one = keeping.create(name="N" * 200, draft=DRAFT | {"subject": "{% if"})
    two = keeping.create(name="Used", draft=DRAFT)
    keeping.put_into_use(two)
    page: Page = sign_in("anna", **PHONE)
    page.add_init_script(f"if (self === top) localStorage.setItem('adminTheme', JSON.stringify('{theme}'))")
    names = [("campaigns",), ("campaign_new",), ("sender",), ("campaign", one.pk), ("campaign_delete", one.pk)]
    for name, *ids in [*names, ("campaign", two.pk), ("campaign_versions", one.pk), ("campaign_versions", two.pk)]:
        page.goto(reverse(name, args=ids))
        if name == "campaign":
            expect(page.locator("trix-editor").first).to_be_visible()
        assert (name, ids, fits(page), barriers(page)) == (name, ids, True, [])
    # axe speaks to frames, and the one that shows an e-mail belongs to nobody
    complaints[:] = [one for one in complaints if "postMessage" not in one]


def test_a_reader_unsubscribes_and_comes_back(
    anna: User, sign_in: Any, ada: Contact, post: MailServer, browser: Any, live_server: Any, barriers: Any
) -> None:
    publish(mail(about="marketing"))
    pay(Store.objects.get(), "ada", "sub_2")
    subscribe([ada.pk], ContactList.objects.create(name="News").pk, source="person")
    Contact.objects.update(language="fr")
    go()
    send()
    number = Message.objects.filter(state="sent").first().number
    token = addresses.token(addresses.UNSUBSCRIBE, number)
    window = browser.new_context(viewport={"width": 390, "height": 844}, locale="en")
    page: Page = window.new_page()
    page.goto(f"{live_server.url}/e/u/{token}")
    expect(page.get_by_role("heading")).to_have_text("Ne voulez-vous plus d’e-mails de notre part ?")
    assert (fits(page), barriers(page)) == (True, [])
    page.get_by_role("button", name="Me désabonner").click()
    expect(page.get_by_role("heading")).to_have_text("Vous êtes désabonné")
    assert Standing.objects.get().state == "unsubscribed"
    page.goto(f"{live_server.url}/e/p/{addresses.token(addresses.PREFERENCES, number)}")
    assert (fits(page), barriers(page)) == (True, [])
    page.get_by_label("News").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert Standing.objects.get().state == "subscribed"
    window.close()


def test_it_goes_to_a_list_once_the_number_is_confirmed(
    anna: User, sign_in: Any, post: MailServer, barriers: Any
) -> None:
    news = crowd(3)
    one = keeping.create(name="News", kind="direct", draft={"subject": "News", "body": "<p>Text</p>"})
    page: Page = sign_in("anna", locale="en")
    page.goto(reverse("campaign", args=[one.pk]))
    page.locator("#cm-other_subject").fill("Fresh news")
    page.get_by_role("button", name="Save and choose to whom").click()
    page.get_by_label(news.name).check()
    expect(page.locator("[data-counted]")).to_have_text("It goes to 3 people.")
    page.get_by_label("Try them with").select_option("100")
    assert barriers(page) == []
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Is that right?")).to_be_focused()
    assert barriers(page) == []
    page.get_by_role("button", name="Send it to 3 people").click()
    expect(page.get_by_text("It is on its way.")).to_be_visible()
    work()
    expect(page.get_by_text("3 sent of 3")).to_be_visible()
    assert barriers(page) == []
    assert len(post.inbox) == 3


def test_the_page_of_sending_fits_a_phone(anna: User, sign_in: Any) -> None:
    crowd(2, "A list with a name that is as long as names of lists become when somebody explains everything in them")
    one = keeping.create(name="News", kind="direct", draft={"subject": "a", "other_subject": "b", "body": "<p>c</p>"})
    page: Page = sign_in("anna", **PHONE)
    page.goto(reverse("campaign_sending", args=[one.pk]))
    expect(page.get_by_role("heading", name="À qui")).to_be_visible()
    assert fits(page)


def test_a_percent_sign_before_a_word_offers_the_tags(anna: User, sign_in: Any) -> None:
    one = keeping.create(name="Reminder", draft=DRAFT)
    page: Page = sign_in("anna", locale="en")
    opened(page, one)
    subject = page.locator("#cm-subject")
    subject.fill("")
    subject.press_sequentially("Save 20% %")
    search = page.get_by_role("combobox", name="Search tags")
    search.press_sequentially("first name")
    search.press("Enter")
    expect(subject).to_have_value("Save 20% {{ contact.first_name }}")
    expect(subject).to_be_focused()
    subject.press_sequentially(" %")
    search.press_sequentially("CONTACT_EMAIL%")
    search.press("Escape")
    expect(subject).to_have_value("Save 20% {{ contact.first_name }} %CONTACT_EMAIL%")
    body = page.locator("trix-editor").first
    body.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" %")
    search.press_sequentially("e-mail")
    search.press("Enter")
    expect(body).to_contain_text("Amount {{ contact.email }}")
    assert "%" not in body.inner_text()
