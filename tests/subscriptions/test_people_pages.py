"""The people of a segment as a list, and doing something to all of them from there."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.audit.models import Entry
from contacts.models import Contact, ContactList
from subscriptions.models import PeopleAction, Store
from subscriptions.people_actions import work
from subscriptions.segments import saved
from tests import html
from tests.integrations.conftest import person, signed_in
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db
PAUSED: dict[str, Any] = {"recurring_payment": {"field": "status", "op": "is", "value": "paused"}, "match": "any"}
PEOPLE = reverse("people")


@pytest.fixture
def marketers(db: None) -> Client:
    """A marketer's browser."""
    return signed_in(person("grace", "Marketer"))


@pytest.fixture
def crowd(store: Store) -> None:
    """Sixty people with a paused payment and one with an active one."""
    tell(store, *(report(f"s{one}", email=f"p{one}@example.com", status="paused", name="Box") for one in range(60)))
    tell(store, report("a", email="ada@example.com", status="active"))


def meant(tree: Any = PAUSED, **more: str) -> dict[str, str]:
    return {"tree": json.dumps(tree), **more}


def test_people_are_shown_a_page_at_a_time_with_the_widgets_fields(marketers: Client, crowd: None) -> None:
    with CaptureQueriesContext(connection) as first:
        shown = marketers.get(PEOPLE, meant())
    page = shown.content.decode()
    assert ("60 people" in page, page.count("data-person="), page.count(">Box<")) == (True, 50, 50)
    assert "People with a recurring payment whose Recurring payment status is Paused" in page
    second = marketers.get(PEOPLE, meant(page="2")).content.decode()
    assert second.count("data-person=") == 10
    with CaptureQueriesContext(connection) as few:
        marketers.get(PEOPLE, meant(page="2"))
    assert len(first) == len(few)


def test_the_payment_that_is_meant_is_shown_and_else_the_newest(marketers: Client, store: Store) -> None:
    for sub, status, day in (("old", "paused", "2025-01-01"), ("new", "active", "2026-01-01")):
        created = f"{day}T00:00:00Z"
        tell(store, report(sub, email="ada@example.com", status=status, name=sub, store_created_date=created))
    assert ">old<" in marketers.get(PEOPLE, meant({"all": [PAUSED]})).content.decode()
    assert ">new<" in marketers.get(PEOPLE).content.decode()
    none = {"recurring_payment": {"field": "status", "op": "is", "value": "expired"}, "match": "none"}
    assert ">new<" in marketers.get(PEOPLE, meant(none)).content.decode()


def test_a_posted_segment_gets_an_address_unless_it_is_too_long(marketers: Client, crowd: None) -> None:
    answer = marketers.post(PEOPLE, meant())
    assert answer.status_code == 302
    assert marketers.get(answer["Location"]).content.decode().count("data-person=") == 50
    long = {"contact": "email", "op": "is_none_of", "value": [f"{'x' * 100}{number}" for number in range(30)]}
    shown = marketers.post(PEOPLE, meant(long))
    assert (shown.status_code, shown.content.decode().count("data-person=")) == (200, 50)
    assert marketers.post(PEOPLE, meant(long, page="2")).content.decode().count("data-person=") == 11


def test_a_saved_segment_and_everybody_are_shown_too(marketers: Client, crowd: None) -> None:
    segment = saved.create(PAUSED, name="On hold")
    assert "On hold" in marketers.get(PEOPLE, {"segment": segment.pk}).content.decode()
    assert "61 people" in marketers.get(PEOPLE).content.decode()
    assert marketers.get(PEOPLE, {"segment": "4711"}).status_code == 404
    assert marketers.get(PEOPLE, {"segment": "x" * 30}).status_code == 404


def test_nobody_and_a_segment_that_is_none_are_said(marketers: Client) -> None:
    assert "Nobody matches" in marketers.get(PEOPLE, meant()).content.decode()
    shown = marketers.get(PEOPLE, {"tree": '{"tag": "", "op": "has"}'})
    assert (shown.status_code, "must name a tag" in shown.content.decode()) == (422, True)


def test_all_of_them_are_tagged_once_it_was_agreed_to(marketers: Client, crowd: None) -> None:
    asked = marketers.post(reverse("people_act"), meant(kind="tag", tag="vip")).content.decode()
    assert ("60 people" in asked, PeopleAction.objects.exists()) == (True, False)
    begun = marketers.post(reverse("people_act"), meant(kind="tag", tag="vip", agreed="yes"))
    action = PeopleAction.objects.get()
    assert begun["Location"] == reverse("people_action", args=[action.pk])
    assert "Finding the people" in marketers.get(begun["Location"]).content.decode()
    work.run(action.pk)
    assert "60 of 60 people" in marketers.get(reverse("people_action_progress", args=[action.pk])).content.decode()
    assert Contact.objects.filter(tags__name="vip").count() == 60
    assert "Add a tag: vip" in marketers.get(reverse("people_actions")).content.decode()
    assert Entry.objects.filter(action="people.action_started").count() == 1


def test_an_export_is_downloaded_and_written_down(marketers: Client, crowd: None) -> None:
    marketers.post(reverse("people_act"), meant(kind="export", agreed="yes"))
    action = PeopleAction.objects.get()
    place = reverse("people_action_download", args=[action.pk])
    assert marketers.get(place).status_code == 404
    work.run(action.pk)
    answer = marketers.get(place)
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("\r\n") == 61
    assert Entry.objects.get(action="people.downloaded").detail["count"] == 60


def test_an_action_is_stopped(marketers: Client, crowd: None) -> None:
    marketers.post(reverse("people_act"), meant(kind="tag", tag="vip", agreed="yes"))
    action = PeopleAction.objects.get()
    shown = marketers.post(reverse("people_action_cancel", args=[action.pk]), follow=True).content.decode()
    assert "The action is stopped" in shown
    action.refresh_from_db()
    assert action.state == "cancelled"


@pytest.mark.parametrize(
    ("form", "words"),
    [({"kind": "tag"}, "Name a tag"), ({"kind": "subscribe", "contact_list": "x"}, "Choose a list"),
     ({"kind": "sing"}, "Choose what is to be done"), ({"kind": "tag", "tag": "x", "tree": "{"}, "not valid JSON")],
)  # fmt: skip
def test_what_is_missing_is_said(marketers: Client, form: dict[str, str], words: str) -> None:
    shown = marketers.post(reverse("people_act"), meant() | form)
    assert (shown.status_code, words in shown.content.decode()) == (422, True)


def test_what_is_refused_leads_back_to_the_same_people(marketers: Client) -> None:
    segment = saved.create(PAUSED, name="Paused")
    form = {"segment": str(segment.pk), "kind": "tag", "tag": ""}
    back = html.read(marketers.post(reverse("people_act"), form).content).one("form", action=PEOPLE)
    assert back.one("input", name="segment").attributes["value"] == str(segment.pk)
    unreadable = marketers.post(reverse("people_act"), {"tree": "{", "kind": "tag", "tag": "x"})
    assert html.read(unreadable.content).every("form", action=PEOPLE) == []


def test_numbers_stand_under_a_heading_at_their_own_side(marketers: Client, crowd: None) -> None:
    page = html.read(marketers.get(PEOPLE, meant()).content)
    at_the_right = [one.text for one in page.every("th") if one.attributes.get("class") == "rt-number"]
    assert at_the_right == ["Payment amount"]


def test_people_belong_to_contacts_in_the_menu(marketers: Client) -> None:
    page = html.read(marketers.get(PEOPLE).content)
    marked = [one.text for one in page.every("a") if "active" in one.attributes.get("class", "").split()]
    assert [one for one in marked if "Contacts" in one] == marked != []


def test_what_is_done_is_named_as_the_language_writes_it(marketers: Client, crowd: None) -> None:
    marketers.cookies["django_language"] = "fr"
    asked = marketers.post(reverse("people_act"), meant(kind="tag", tag="vip")).content.decode()
    assert "Ajouter une étiquette\N{NO-BREAK SPACE}: vip" in asked


def test_whoever_may_only_look_sees_people_and_can_do_nothing(crowd: None) -> None:
    viewers = signed_in(person("vera", "Viewer"))
    page = viewers.get(PEOPLE, meant()).content.decode()
    assert (page.count("data-person="), "data-act" in page) == (50, False)
    assert viewers.post(reverse("people_act"), meant(kind="tag", tag="vip")).status_code == 403


def test_a_list_can_be_chosen(marketers: Client, crowd: None) -> None:
    letter = ContactList.objects.create(name="Letter")
    asked = marketers.post(reverse("people_act"), meant(kind="subscribe", contact_list=str(letter.pk)))
    assert "who have agreed to it" in asked.content.decode()
