"""The pages of dry runs and test runs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from automations import publishing
from automations.models import Call, Enrolment, Message
from config.audit.models import Entry
from contacts.models import Contact
from subscriptions.models import Change
from tests.automations.flows import ACTIVE, FAILED, days, flow, pay, step, tag
from tests.contacts.mail_server import mail_server
from tests.people import member

pytestmark = pytest.mark.django_db
MAIL = step("email", subject="Hello {{ contact.email }}", text="It is {{ recurring_payment.status }}.")
DRAFT = flow(
    MAIL,
    days(3),
    step("if", where=ACTIVE, yes=[tag("paid")], no=[step("email", "late", subject="Late", text="!", about="service")]),
    step("webhook", url="https://example.com/hook"),
    on=[FAILED],
)


@pytest.fixture
def marketer(client: Client) -> Client:
    """A marketer's browser."""
    anna = member("Marketer")
    anna.email = "anna@example.com"
    anna.save()
    client.force_login(anna)
    return client


def at(name: str, *ids: Any) -> str:
    """Return an address by its name."""
    return reverse(f"automation_{name}", args=ids)


def fail(store: Any, person: str = "ada", sub: str = "sub_1") -> None:
    """Have a payment fail."""
    pay(store, person, sub)
    pay(store, person, sub, at=10, status="payment_failed")


def test_a_dry_run_names_people_and_what_each_would_have_got(marketer, store):
    one = publishing.create(name="Flow", draft=DRAFT)
    fail(store)
    page = marketer.get(at("dry_run", one.pk)).content.decode()
    assert "ada@example.com" in page
    assert "Recurring payment status changes to Payment failed" in page
    run = re.search(r"dry-run/way/\?run=([^\"]+)", page)
    assert run
    page = marketer.get(f"{at('dry_way', one.pk)}?run={run[1]}").content.decode()
    assert "Hello ada@example.com" in page
    assert "It is Payment failed." in page
    assert "They are subscribed to no list" in page
    assert "They would be here now" in page
    assert not Message.objects.exists()


def test_a_dry_run_without_anybody_says_so(marketer, store):
    one = publishing.create(name="Flow", draft=DRAFT)
    assert "Nobody would have entered" in marketer.get(at("dry_run", one.pk)).content.decode()
    assert marketer.get(f"{at('dry_way', one.pk)}?run=nobody").status_code == 404


def test_many_are_paged_and_asked_for_at_once(marketer, store, django_assert_max_num_queries):
    one = publishing.create(name="Flow", draft=flow(tag("x")))
    for number in range(60):
        pay(store, f"person{number}", f"sub_{number}")
    with django_assert_max_num_queries(30):
        page = marketer.get(at("dry_run", one.pk)).content.decode()
    assert "Page 1 of 2" in page
    assert "60 times" in page


@pytest.mark.parametrize("page", ["dry_run", "dry_way", "test"])
def test_a_draft_with_mistakes_is_mended_first(marketer, page):
    one = publishing.create(name="Flow", draft=flow(step("tag")))
    assert marketer.get(at(page, one.pk)).url == reverse("automation", args=[one.pk])


def form(page: str, **values: Any) -> dict[str, Any]:
    """Fill the form of the test as the page has it."""
    token = re.search(r'name="token" value="([^"]+)"', page)
    return {"token": token[1] if token else "", "contact": Contact.objects.get().pk, **values}


def test_a_test_mails_the_tester_alone_and_changes_nothing(marketer, store, post):
    one = publishing.create(name="Flow", draft=DRAFT)
    fail(store)
    before = Contact.objects.values().get()
    page = marketer.get(f"{at('test', one.pk)}?contact={Contact.objects.get().pk}").content.decode()
    page = marketer.post(at("test", one.pk), form(page)).content.decode()
    [(to, subject)] = [(message["To"], message["Subject"]) for message in post.inbox[:1]]
    assert (to, subject) == ("anna@example.com", "[Test] Hello ada@example.com")
    assert len(post.inbox) == 2  # the payment is not active, so the late one too
    for words in (
        "Sent to you",
        "The person would not get it",
        "they would wait until",
        "What the webhook would be sent",
    ):
        assert words in page
    assert Contact.objects.values().get() == before
    assert not (Enrolment.objects.exists() or Message.objects.exists() or Call.objects.exists())
    assert Entry.objects.filter(action="automation.tested").count() == 1


def test_a_branch_can_be_chosen(marketer, store, post):
    one = publishing.create(name="Flow", draft=DRAFT)
    fail(store)
    page = marketer.get(f"{at('test', one.pk)}?contact={Contact.objects.get().pk}").content.decode()
    page = marketer.post(at("test", one.pk), form(page, **{"branch-if": "yes"})).content.decode()
    assert "Add the tag “paid”" in page
    assert "Not done in a test" in page
    assert len(post.inbox) == 1
    assert not Contact.objects.get().tags.exists()


def test_the_same_form_mails_once_however_often_it_is_sent(marketer, store, post):
    one = publishing.create(name="Flow", draft=DRAFT)
    fail(store)
    filled = form(marketer.get(f"{at('test', one.pk)}?contact={Contact.objects.get().pk}").content.decode())
    marketer.post(at("test", one.pk), filled)
    assert "has been run already" in marketer.post(at("test", one.pk), filled).content.decode()
    assert len(post.inbox) == 2


def test_a_mail_server_that_is_away_is_told(marketer, store, settings):
    one = publishing.create(name="Flow", draft=DRAFT)
    fail(store)
    page = marketer.get(f"{at('test', one.pk)}?contact={Contact.objects.get().pk}").content.decode()
    with mail_server() as gone:
        settings.MAILERS = gone.mailers
    gone.server_close()
    assert "It cannot be reached just now" in marketer.post(at("test", one.pk), form(page)).content.decode()


def test_a_tester_without_an_address_is_told(client, store):
    one = publishing.create(name="Flow", draft=DRAFT)
    client.force_login(member("Marketer"))
    fail(store)
    page = client.get(f"{at('test', one.pk)}?q=ada").content.decode()
    assert "Your account has no e-mail address" in page
    assert "ada@example.com" in page


def test_nothing_of_it_depends_on_the_clock_of_today(marketer, store):
    one = publishing.create(name="Flow", draft=flow(tag("x")))
    pay(store)
    Change.objects.update(recorded_at=timezone.now() - timedelta(days=31))
    assert "Nobody would have entered" in marketer.get(at("dry_run", one.pk)).content.decode()
