"""The pages that let people in: by hand, from before; and the one that says why somebody did not enter."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from automations import past, publishing, why
from automations.models import Enrolment, Intake
from config.audit.models import Entry
from contacts.models import Contact, ContactList
from subscriptions.models import Change, RecurringPayment
from tests.automations.flows import CREATED, FAILED, days, flow, go, only, pay, publish, step, tag
from tests.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer(client: Client) -> Client:
    """A marketer's browser."""
    client.force_login(member("Marketer"))
    return client


def at(name: str, *ids: Any) -> str:
    """Return an address by its name."""
    return reverse(f"automation_{name}", args=ids)


def ada() -> Contact:
    """The one person."""
    return Contact.objects.get(email="ada@example.com")


def test_somebody_is_let_in_by_hand_with_one_of_their_payments(marketer, store):
    pay(store)
    go()
    one = publish(days(3), on=[FAILED])
    page = marketer.get(f"{at('enter', one.pk)}?q=ada").content.decode()
    assert f"?contact={ada().pk}" in page
    payment = RecurringPayment.objects.get()
    answer = marketer.post(at("enter", one.pk), {"contact": ada().pk, "payment": payment.pk})
    assert answer.url == at("path", one.pk, only().pk)
    assert only().payment == payment
    [entry] = Entry.objects.filter(action="automation.person_entered")
    assert entry.detail["person"] == f"#{ada().pk}"  # a name would stay there when they are erased
    assert "Let in by hand" in marketer.get(answer.url).content.decode()


def test_who_may_not_enter_is_told_why(marketer, store):
    pay(store)
    go()
    one = publish(days(3), runs="once_a_contact")
    for _time in range(2):
        answer = marketer.post(at("enter", one.pk), {"contact": ada().pk}, follow=True)
    assert "They have run through it already" in answer.content.decode()
    assert Enrolment.objects.count() == 1


def test_people_from_before_are_counted_confirmed_and_let_in(marketer, store):
    pay(store)
    pay(store, "bob", "sub_2")
    go()
    one = publish(days(3))
    page = marketer.get(at("from_before", one.pk)).content.decode()
    assert "2 people enter" in page
    assert marketer.post(at("from_before", one.pk), {"confirmed": "1"}).status_code == 409
    assert not Intake.objects.exists()
    marketer.post(at("from_before", one.pk), {"confirmed": "2"})
    assert "data-goes-on" in marketer.get(at("intake", one.pk)).content.decode()
    past.work(seconds=60)
    page = marketer.get(at("from_before", one.pk)).content.decode()
    assert "2 of 2 looked at" in page
    assert one.enrolments.count() == 2
    assert Entry.objects.filter(action="automation.past_let_in").count() == 1


def test_letting_in_people_from_before_can_be_stopped(marketer, store):
    pay(store)
    go()
    one = publish(days(3), runs="once_a_payment")
    marketer.post(at("from_before", one.pk), {"confirmed": "1"})
    marketer.post(at("intake_cancel", one.pk))
    past.work(seconds=60)
    assert not one.enrolments.exists()


def test_a_wait_is_skipped_from_the_page(marketer, store):
    one = publish(days(3), tag("after"))
    pay(store)
    go()
    assert "Go on now" in marketer.get(at("path", one.pk, only().pk)).content.decode()
    marketer.post(at("skip", one.pk, only().pk))
    go(timezone.now())
    page = marketer.get(at("path", one.pk, only().pk)).content.decode()
    assert "Went on at once" in page
    assert only().state == "finished"


def said(one: Any, contact: Contact | None = None) -> str:
    """Return everything that is found, in words."""
    answer = why.why_not(one, contact or ada())
    found = [*answer.general, *(finding for trigger in answer.triggers for finding in trigger.findings)]
    return " | ".join(finding.words for finding in found)


def test_what_happened_before_it_listened_is_said(store):
    pay(store)
    one = publish(tag("x"))
    one.triggers.update(since=timezone.now() + timedelta(hours=1))
    assert "before the trigger began to listen" in said(one)


def test_history_is_said(store):
    pay(store)
    Change.objects.update(announce=False)
    assert "came with the history" in said(publish(tag("x")))


def test_a_condition_that_is_not_fulfilled_is_named(marketer, store):
    pay(store, status="paused")
    where = CREATED | {"where": {"all": [{"field": "status", "op": "is", "value": "active"}]}}
    one = publish(tag("x"), on=[where])
    assert "Its conditions were not fulfilled then." in said(one)
    page = marketer.get(f"{at('why', one.pk)}?contact={ada().pk}").content.decode()
    assert "Recurring payment status is Active" in page
    assert "seen: Paused" in page


def test_a_change_to_another_value_is_said(store):
    pay(store)
    pay(store, at=10, status="paused")
    one = publish(tag("x"), on=[FAILED])
    assert "It changed from Active to Paused, which is not what the trigger waits for." in said(one)


def test_what_has_to_stay_so_is_said(store):
    one = publish(tag("x"), on=[FAILED | {"minutes": 60}])
    pay(store)
    pay(store, at=10, status="payment_failed")
    assert "It has to stay so until" in said(one)
    Change.objects.filter(kind="updated").update(recorded_at=timezone.now() - timedelta(hours=3))
    pay(store, at=20, status="active")
    Change.objects.filter(fields__status__0="payment_failed").update(recorded_at=timezone.now() - timedelta(hours=2.5))
    assert "It did not stay so for long enough." in said(one)


def test_who_ran_through_it_once_is_said_with_the_way(marketer, store):
    one = publish(tag("x"), runs="once_a_contact")
    pay(store)
    go()
    assert "Each person runs through it once, and they have." in said(one)
    page = marketer.get(f"{at('why', one.pk)}?contact={ada().pk}").content.decode()
    assert at("path", one.pk, only().pk) in page


@pytest.mark.parametrize(
    ("act", "words"), [(publishing.pause, "It is paused"), (publishing.archive, "It is in the archive")]
)
def test_the_state_is_said(store, act, words):
    pay(store)
    one = publish(tag("x"))
    act(one)
    one.refresh_from_db()
    assert words in said(one)


def test_dates_tags_and_lists_are_said(store):
    letter = ContactList.objects.create(name="Letter")
    on = [
        {"id": "t1", "on": "date", "field": "next_payment_date", "days": 0},
        {"id": "t2", "on": "tagged", "tag": "vip"},
        {"id": "t3", "on": "subscribed", "list": letter.pk},
    ]
    one = publish(tag("x"), on=on, runs="once_a_contact")
    pay(store)
    found = said(one)
    for words in ("It has no date “Next payment date”", "They do not have the tag", "They are not on the list"):
        assert words in found
    pay(store, at=10, next_payment_date=timezone.now() + timedelta(days=9))
    assert "The day is still to come" in said(one)
    assert "They have no recurring payment." in said(one, Contact.objects.create(email="new@example.com"))


def test_an_e_mail_that_was_held_back_is_told(marketer, store):
    one = publish(step("email", subject="News", text="Hello"))
    pay(store)
    go()
    only().messages.update(state="suppressed", problem="not_subscribed")
    page = marketer.get(f"{at('why', one.pk)}?contact={ada().pk}").content.decode()
    assert "They are subscribed to no list" in page


def test_a_draft_says_that_it_is_one(marketer, store):
    pay(store)
    one = publishing.create(name="Draft", draft=flow(tag("x")))
    assert "It is a draft that was never published." in said(one)
    assert "Search a person" in marketer.get(at("why", one.pk)).content.decode()
