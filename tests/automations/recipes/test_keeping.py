"""The recipes for those who go as people live through them: who gets in, who does not, and what they get when."""

import pytest

from subscriptions.models import Store
from tests.automations.recipes.life import Life
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db


def test_who_cancels_for_the_end_of_the_period_may_stay(store: Store, post: MailServer) -> None:
    life = Life("cancelling", store, post)
    going = {"cancel_at_period_end": True, "renewal_date": life.day(20)}
    people = ("ada", "bob", "cy", "dan")
    for person in people:
        life.tell(person, renewal_date=life.day(20))
    life.subscribe("ada", "bob", "dan")
    for person in people:
        life.tell(person, **going | ({"renewal_date": life.day(2)} if person == "dan" else {}))
    assert [life.mails(person) for person in people] == [["confirmed"]] * 4
    life.live(5)
    life.tell("bob", cancel_at_period_end=False)
    assert life.mails("bob") == ["confirmed", "thanks"]
    life.live(13)
    assert [life.mails(person)[1:] for person in people] == [["reminder"], ["thanks"], [], []]
    life.live(2)
    life.tell("ada", status="cancelled", **going)
    life.live(20)
    assert [life.mails(person)[1:] for person in people] == [["reminder"], ["thanks"], [], []]
    assert life.inside() == 0


def test_a_pause_of_an_hour_is_confirmed_and_who_comes_back_is_welcomed(store: Store, post: MailServer) -> None:
    life = Life("paused", store, post)
    people = ("ada", "bob", "cy", "dan")
    for person in people:
        life.tell(person)
    life.subscribe(*people)
    for person in people:
        life.tell(person, status="paused")
    life.live(minutes=10)
    life.tell("dan", status="active")
    life.live(1)
    assert [life.mails(person) for person in people] == [["paused"], ["paused"], ["paused"], []]
    life.tell("bob", status="active")
    assert life.mails("bob") == ["paused", "back"]
    life.tell("cy", status="payment_failed")
    life.live(31)
    assert life.mails("ada") == ["paused", "reminder"]
    life.live(40)
    life.tell("ada", status="active")
    assert life.mails("ada") == ["paused", "reminder", "back"]
    life.tell("cy", status="active")
    assert (life.mails("cy"), life.inside()) == (["paused"], 0)


def test_what_expires_is_said_and_people_are_invited_once(store: Store, post: MailServer) -> None:
    life = Life("expired", store, post)
    for person in ("ada", "bob", "cy"):
        life.tell(person)
    life.tell("dan", status="pending")
    life.subscribe("ada", "bob")
    for person in ("ada", "bob", "cy", "dan"):
        life.tell(person, status="expired")
    life.live(5)
    life.tell("bob", "new")
    life.live(80)
    got = [life.mails(person) for person in ("ada", "bob", "cy", "dan")]
    assert got == [["ended", "again"], ["ended"], ["ended"], []]
    assert life.inside() == 0


def test_who_has_left_is_invited_twice_and_who_has_only_switched_never(store: Store, post: MailServer) -> None:
    life = Life("win_back", store, post)
    people = ("ada", "bob", "cy", "dan", "eve")
    for person in people:
        life.tell(person, status="pending" if person == "eve" else "active")
    life.tell("dan", "second")
    life.subscribe(*people)
    for person in people:
        life.tell(person, status="cancelled", store_status="switched" if person == "cy" else "cancelled")
    life.live(13)
    assert post.inbox == []
    life.live(2)
    life.tell("bob", "new")
    life.live(120)
    got = [life.mails(person) for person in people]
    assert got == [["first", "second"], ["first"], [], [], []]
    assert life.inside() == 0
