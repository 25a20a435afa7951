"""The recipes for the first days as people live through them: who gets in, who does not, and what they get when."""

from typing import Any

import pytest

from subscriptions.models import Store
from tests.automations.mails import words
from tests.automations.recipes.life import Life
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db


def test_newcomers_are_welcomed_once_and_asked_after_four_days(store: Store, post: MailServer) -> None:
    life = Life("welcome", store, post)
    life.tell("ada")
    life.tell("bob", status="pending")
    life.tell("cy", is_trial=True)
    assert (life.mails("ada"), life.mails("bob"), life.mails("cy")) == (["welcome"], [], ["welcome"])
    assert "Your trial has begun" in words(post.inbox[1])
    life.tell("bob", status="active")
    life.tell("cy", status="cancelled")
    life.live(3)
    assert life.mails("ada") == ["welcome"]
    life.live(2)
    assert life.mails("ada") == life.mails("bob") == ["welcome", "settled"]
    assert life.mails("cy") == ["welcome"]
    life.tell("ada", "another")
    life.live(10)
    assert (life.mails("ada"), life.inside()) == (["welcome", "settled"], 0)


def test_who_did_not_finish_signing_up_is_written_to_once(store: Store, post: MailServer) -> None:
    life = Life("unfinished", store, post)
    for person in ("ada", "bob", "cy"):
        life.tell(person, status="pending")
    life.tell("dan")
    life.live(hours=2)
    life.tell("bob", status="active")
    life.tell("cy", "second_try")
    assert life.mails("ada") == []
    life.live(hours=2)
    life.tell("ada", "second_try", status="pending")
    life.live(3)
    assert [life.mails(person) for person in ("ada", "bob", "cy", "dan")] == [["unfinished"], [], [], []]


def test_a_trial_is_told_its_end_and_who_stays_is_thanked(store: Store, post: MailServer) -> None:
    life = Life("trial_ending", store, post)
    trial: dict[str, Any] = {"is_trial": True, "next_payment_date": life.day(10)}
    for person in ("ada", "bob", "cy"):
        life.tell(person, **trial)
    life.tell("dan", next_payment_date=life.day(10))
    life.tell("eve", cancel_at_period_end=True, **trial)
    life.live(6)
    assert life.mails("ada") == []
    life.live(2)
    assert life.mails("ada") == life.mails("bob") == ["ending"]
    life.tell("bob", status="cancelled", is_trial=False)
    life.tell("cy", status="payment_failed", is_trial=False)
    life.live(2)
    life.tell("ada", is_trial=False, next_payment_date=life.day(40))
    assert life.mails("ada") == ["ending", "thanks"]
    life.live(30)
    assert [life.mails(person) for person in ("bob", "cy", "dan", "eve")] == [["ending"], ["ending"], [], []]
    assert life.inside() == 0
