"""The pages on which a campaign is sent to lists: the form, the number to be confirmed, how far it is, stopping it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from automations.campaigns import keeping
from automations.mailings.planning import Trial
from automations.models import Campaign, Engagement, Mailing, Message
from config.audit.models import Entry
from contacts.models import Contact, ContactList
from subscriptions.segments import saved
from tests.automations.mailings.people import campaign, crowd, plan, work
from tests.contacts.mail_server import MailServer
from tests.people import allowed, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer(client: Client) -> Client:
    client.force_login(member("Marketer"))
    return client


@pytest.fixture
def news() -> ContactList:
    return crowd(3)


def at(name: str, *ids: Any) -> str:
    return reverse(name, args=ids)


def page(client: Client, one: Campaign) -> str:
    return client.get(at("campaign_sending", one.pk)).content.decode()


def acts() -> list[str]:
    return list(Entry.objects.exclude(action="signed_in").order_by("pk").values_list("action", flat=True))


def test_one_for_lists_is_made_written_and_led_to_whom(marketer: Client) -> None:
    marketer.post(at("campaign_new"), {"name": "Spring", "kind": "direct"})
    one = Campaign.objects.get()
    assert not one.is_automated
    typed = {"name": "Spring", "subject": "Hi", "other_subject": "Ho", "body": "<p>Text</p>", "use": "1"}
    answer = marketer.post(at("campaign", one.pk), typed)
    assert answer.headers["Location"] == at("campaign_sending", one.pk)
    one.refresh_from_db()
    assert (one.draft["other_subject"], one.draft["purpose"], one.version) == ("Ho", "marketing", 0)


def test_the_number_is_confirmed_before_anything_is_sent(marketer: Client, news: ContactList, post: MailServer) -> None:
    one = campaign()
    asked = {"list": [news.pk], "when": "now"}
    shown = marketer.post(at("campaign_sending", one.pk), asked | {"ask": "1"})
    assert shown.status_code == 200
    assert "It goes to 3 people now." in shown.content.decode()
    assert not Mailing.objects.exists()
    crowd(4)
    again = marketer.post(at("campaign_sending", one.pk), asked | {"confirmed": "3"})
    assert (again.status_code, Mailing.objects.exists()) == (409, False)
    assert "It goes to 4 people now." in again.content.decode()
    assert marketer.post(at("campaign_sending", one.pk), asked | {"confirmed": "4"}).status_code == 302
    work()
    assert len(post.inbox) == 4
    told = marketer.get(at("campaign_progress", one.pk)).content.decode()
    assert "4 sent of 4" in told
    assert "data-goes-on" not in told
    assert acts() == ["campaign.planned"]


def test_asking_once_more_confirms_nothing(marketer: Client, news: ContactList) -> None:
    one = campaign()
    marketer.post(at("campaign_sending", one.pk), {"list": [news.pk], "confirmed": "3", "ask": "1"})
    assert not Mailing.objects.exists()


def test_the_number_is_counted_while_somebody_chooses(marketer: Client, news: ContactList) -> None:
    one = campaign()
    told = marketer.post(at("campaign_count", one.pk), {"list": [news.pk]}).json()
    assert told == {"said": "It goes to 3 people."}
    segment = saved.create({"contact": "first_name", "op": "is", "value": "Ada"}, name="Adas")
    assert marketer.post(at("campaign_count", one.pk), {"list": [news.pk], "segment": segment.pk}).json() == {
        "said": "It goes to 0 people."
    }
    assert marketer.post(at("campaign_count", one.pk), {"list": ["x", "-1"]}).json() == {"said": ""}
    assert "gone" in marketer.post(at("campaign_sending", one.pk), {"list": [news.pk], "segment": 99}).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"list": []}, "Choose a list."),
        ({"when": "later"}, "Say on which day"),
        ({"when": "later", "at": "soon"}, "Say on which day"),
        ({"when": "later", "at": "2020-01-01T10:00"}, "That moment is past."),
        ({"when": "later", "at": "0001-01-01T00:00"}, "past"),
        ({"list": [4711]}, "gone"),
        ({"list": ["9" * 30]}, "Choose a list."),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    marketer: Client, news: ContactList, typed: dict[str, Any], said: str
) -> None:
    one = campaign()
    answer = marketer.post(at("campaign_sending", one.pk), {"list": [news.pk], "confirmed": "3", **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Mailing.objects.exists()


def test_a_payment_tag_is_refused_with_the_reason_and_its_place(marketer: Client, news: ContactList) -> None:
    one = campaign(body="<p>{{ recurring_payment.payment_amount }}</p>")
    shown = page(marketer, one)
    assert "recurring_payment.payment_amount" in shown
    assert "it goes to lists" in shown
    assert 'name="ask"' not in shown
    answer = marketer.post(at("campaign_sending", one.pk), {"list": [news.pk], "confirmed": "3"})
    assert (answer.status_code, Mailing.objects.exists()) == (422, False)


def test_it_is_planned_for_a_moment_of_the_accounts_zone_and_taken_back(marketer: Client, news: ContactList) -> None:
    one = campaign()
    moment = timezone.localtime() + timedelta(days=2)
    typed = {"list": [news.pk], "when": "later", "at": moment.strftime("%Y-%m-%dT%H:%M"), "confirmed": "3"}
    marketer.post(at("campaign_sending", one.pk), typed)
    assert Mailing.objects.get().starts_at == moment.replace(second=0, microsecond=0)
    assert "Take the plan back" in page(marketer, one)
    assert "stays as it is" in marketer.get(at("campaign", one.pk)).content.decode()
    refused = marketer.post(at("campaign", one.pk), {"name": "X", "subject": "Y", "body": "<p>z</p>"}, follow=True)
    assert "A copy can be changed" in refused.content.decode()
    marketer.post(at("campaign_cancel", one.pk))
    assert not Mailing.objects.exists()
    assert acts() == ["campaign.planned", "campaign.cancelled"]


def test_it_is_held_goes_on_and_is_cancelled(marketer: Client, news: ContactList, post: MailServer) -> None:
    one = campaign()
    plan(one, news)
    marketer.post(at("campaign_hold", one.pk))
    assert "Paused" in page(marketer, one)
    answer = marketer.post(at("campaign_hold", one.pk), follow=True)
    assert "Nothing was left to be done" in answer.content.decode()
    work()
    assert post.inbox == []
    marketer.post(at("campaign_go_on", one.pk))
    work()
    assert len(post.inbox) == 3
    assert acts() == ["campaign.held", "campaign.went_on"]


def test_the_subjects_are_compared_and_one_is_chosen(marketer: Client, post: MailServer) -> None:
    one = campaign(subject="First", other_subject="Second")
    plan(one, crowd(40), trial=Trial(share=50))
    work()
    shown = page(marketer, one)
    assert "First" in shown
    assert "Second" in shown
    marketer.post(at("campaign_choose", one.pk), {"subject": "x"})
    assert Mailing.objects.get().winner == ""
    marketer.post(at("campaign_choose", one.pk), {"subject": "b"})
    work()
    assert len(post.inbox) == 40
    assert "Chosen for the others" in page(marketer, one)


def test_the_list_says_how_each_stands(marketer: Client, news: ContactList, post: MailServer) -> None:
    one = campaign()
    assert "Not sent yet" in marketer.get(at("campaigns")).content.decode()
    plan(one, news)
    work()
    shown = marketer.get(at("campaigns")).content.decode()
    assert ">Sent</span>" in shown
    results = marketer.get(at("campaign_results", one.pk)).content.decode()
    assert "p1@example.com" in results


def test_the_contacts_page_shows_it(client: Client, news: ContactList, post: MailServer) -> None:
    client.force_login(member("Manager"))
    plan(campaign(), news)
    work()
    contact = news.standings.order_by("pk")[0].contact
    shown = client.get(reverse("admin:contacts_contact_change", args=[contact.pk])).content.decode()
    assert "News for you" in shown


def test_an_e_mail_of_automations_has_no_such_page(marketer: Client) -> None:
    one = keeping.create(name="Step", draft={"subject": "a", "body": "<p>b</p>"})
    assert marketer.get(at("campaign_sending", one.pk)).status_code == 404
    assert marketer.post(at("campaign_cancel", one.pk)).status_code == 404


def test_what_somebody_got_is_shown_as_it_was_sent_with_what_they_did(
    marketer: Client, news: ContactList, post: MailServer
) -> None:
    one = campaign(body='<p>Look <a href="https://x.example/a">here</a></p>')
    plan(one, news)
    work()
    row = Message.objects.order_by("pk")[0]
    Engagement.objects.create(message=row, kind="clicked", target="https://x.example/a", at=timezone.now())
    Contact.objects.update(first_name="Somebody else")
    shown = marketer.get(at("campaign_message", row.pk)).content.decode()
    assert "News for you" in shown
    assert "https://x.example/a" in shown
    assert "/e/c/" not in shown  # nobody who looks is measured
    assert "/e/o/" not in shown
    assert at("campaign_message", row.pk) in marketer.get(at("campaign_results", one.pk)).content.decode()
    assert marketer.get(at("campaign_message", 4711)).status_code == 404


def test_what_a_person_got_is_for_those_who_may_see_people(client: Client, news: ContactList, post: MailServer) -> None:
    plan(campaign(), news)
    work()
    client.force_login(allowed("view_campaign"))
    assert client.get(at("campaign_message", Message.objects.order_by("pk")[0].pk)).status_code == 403
