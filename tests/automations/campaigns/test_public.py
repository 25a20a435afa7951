"""The public pages behind the addresses of an e-mail."""

from typing import Any

import pytest
from django.test import Client

from automations.email import addresses
from automations.models import Message
from contacts.models import Contact, ContactList, Standing
from contacts.services import subscribe
from subscriptions.models import Store
from tests.automations.flows import go, pay, publish
from tests.automations.mails import mail, send
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(store: Store, post: MailServer) -> Message:
    """A marketing e-mail that Ada got, who is on two lists."""
    publish(mail(about="marketing"))
    pay(store)
    for name in ("News", "Offers"):
        subscribe([Contact.objects.get().pk], ContactList.objects.create(name=name).pk, source="person")
    go()
    send()
    return Message.objects.get()


def at(purpose: str, message: Message) -> str:
    return f"/e/{purpose}/{addresses.token(purpose, message.number)}"


def states() -> dict[str, str]:
    return dict(Standing.objects.values_list("contact_list__name", "state"))


def test_opening_the_address_changes_nothing(client: Client, message: Message) -> None:
    page = client.get(at("u", message))
    assert (page.status_code, set(states().values())) == (200, {"subscribed"})
    assert page["X-Robots-Tag"] == "noindex"
    assert "unsafe" not in page["Content-Security-Policy"]


@pytest.mark.parametrize("told", [{"List-Unsubscribe": "One-Click"}, {}])
def test_one_click_without_any_cookie_unsubscribes_from_everything(message: Message, told: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    for _time in range(2):
        answer = client.post(at("u", message), told)
        assert answer.status_code == 200
    assert states() == {"News": "unsubscribed", "Offers": "unsubscribed"}
    assert set(Standing.objects.values_list("source", flat=True)) == {"person"}


def test_nobody_else_is_unsubscribed(client: Client, message: Message) -> None:
    other = Contact.objects.create(email="bob@example.com", email_key="bob@example.com")
    subscribe([other.pk], ContactList.objects.get(name="News").pk, source="person")
    client.post(at("u", message))
    assert Standing.objects.get(contact=other).is_subscribed


def test_the_address_in_the_header_is_the_one_that_works(client: Client, message: Message, post: MailServer) -> None:
    leave = post.inbox[0]["List-Unsubscribe"].strip("<>")
    client.post(leave[leave.index("/e/") :], {"List-Unsubscribe": "One-Click"})
    assert set(states().values()) == {"unsubscribed"}


@pytest.mark.parametrize("purpose", ["u", "p", "b"])
def test_a_token_that_was_changed_cut_or_made_for_something_else_opens_nothing(
    client: Client, message: Message, purpose: str
) -> None:
    good = at(purpose, message)
    other = f"/e/{purpose}/{addresses.token('o', message.number)}"
    for bad in (good[:-3], good[:-2] + "AA", f"{good}x" * 3, other, f"/e/{purpose}/x", f"/e/{purpose}/%00"):
        answer = client.get(bad)
        assert answer.status_code == 404
        assert "style-src 'self'" in answer["Content-Security-Policy"], "the page has its style"
    assert client.get(good).status_code == 200
    message.enrolment.contact.delete()
    assert client.get(good).status_code == 404


def test_somebody_chooses_lists_and_a_language(client: Client, message: Message) -> None:
    news, hidden = ContactList.objects.get(name="News"), ContactList.objects.create(name="Hidden")
    page = client.get(at("p", message)).content.decode()
    assert "Offers" in page
    assert "Hidden" not in page
    client.post(at("p", message), {"list": [str(news.pk), str(hidden.pk), "x", "999999999"], "language": "fr"})
    assert states() == {"News": "subscribed", "Offers": "unsubscribed"}
    assert Contact.objects.get().language == "fr"
    assert "Enregistré" in client.post(at("p", message), {"list": [], "language": "xx"}).content.decode()
    assert states() == {"News": "unsubscribed", "Offers": "unsubscribed"}
    client.post(at("p", message), {"list": [str(news.pk)]})
    assert states()["News"] == "subscribed"


def test_somebody_says_that_nothing_is_to_be_measured(client: Client, message: Message) -> None:
    client.post(at("p", message), {"measure": "on"})
    assert Contact.objects.get().is_measured
    client.post(at("p", message), {})
    assert not Contact.objects.get().is_measured


def test_leaving_is_noted_once(client: Client, message: Message) -> None:
    for _time in range(2):
        client.post(at("u", message))
    assert [one.kind for one in message.engagements.all()] == ["unsubscribed"]


def test_a_list_that_asks_takes_the_word_of_who_reads_at_the_address(client: Client, message: Message) -> None:
    ContactList.objects.update(double_opt_in=True)
    Standing.objects.update(state="unsubscribed")
    client.post(at("p", message), {"list": [str(ContactList.objects.get(name="News").pk)]})
    assert states() == {"News": "subscribed", "Offers": "unsubscribed"}


def test_preferences_are_not_changed_from_another_site(message: Message) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(at("p", message), {}).status_code == 403
    assert set(states().values()) == {"subscribed"}


def test_it_is_read_in_a_browser_as_it_was_sent(client: Client, message: Message, post: MailServer) -> None:
    page = client.get(at("b", message))
    sent = post.inbox[0].get_body(("html",)).get_content().replace("\r\n", "\n").strip()
    assert page.content.decode().strip() == sent
    assert "default-src 'none'" in page["Content-Security-Policy"]
    Contact.objects.update(first_name="Changed")
    assert client.get(at("b", message)).content == page.content


def test_too_many_changes_from_one_address_wait(client: Client, message: Message, monkeypatch: Any) -> None:
    answers = [client.post(at("u", message)).status_code for _time in range(62)]
    assert (answers[0], answers[-1]) == (200, 429)
    assert "Retry-After" in client.post(at("u", message))
    assert client.get(at("u", message)).status_code == 200
