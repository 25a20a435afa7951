"""Why somebody matches or not: each condition's answer with what it saw."""

from typing import Any

import pytest

from contacts.models import Contact, ContactList
from subscriptions.segments import compiler, reading
from subscriptions.segments.compiler import World
from subscriptions.segments.why import Answer, why
from tests.subscriptions.segments.conftest import CLOCK, field, paying

pytestmark = pytest.mark.django_db


def asked(segment: Any, contact: Contact) -> Answer:
    return why(reading.read(segment), contact, World(clock=CLOCK))


def flat(answer: Answer) -> list[tuple[str, str, bool, str]]:
    about = answer.about.store_recurring_payment_id if answer.about else ""
    below = [row for part in answer.parts for row in flat(part)]
    return [(answer.path, about, answer.holds, answer.saw), *below]


def test_each_condition_answers_for_each_payment_with_what_it_saw(people: dict[str, Contact]) -> None:
    answer = asked(paying(field("status", "is", "paused"), field("payment_amount", "more_than", 20)), people["Ada"])
    inside = "recurring_payment.all"
    assert flat(answer) == [
        ("", "", False, ""),
        ("recurring_payment", "a2", False, ""),
        (f"{inside}[0]", "a2", True, "Paused"),
        (f"{inside}[1]", "a2", False, "£15.50"),
        ("recurring_payment", "a1", False, ""),
        (f"{inside}[0]", "a1", False, "Active"),
        (f"{inside}[1]", "a1", True, "€49.90"),
    ]


def test_what_is_known_of_a_person_is_shown_too(people: dict[str, Contact], newsletter: ContactList) -> None:
    segment = {
        "any": [
            {"not": {"tag": "vip", "op": "has"}},
            {"list": newsletter.pk, "op": "subscribed"},
            {"contact": "first_name", "op": "is", "value": "bob"},
            {"contact": "company", "op": "is_not_empty"},
        ]
    }
    assert flat(asked(segment, people["Bob"])) == [
        ("", "", True, ""),
        ("any[0]", "", False, ""),
        ("any[0].not", "", True, "VIP"),
        ("any[1]", "", False, "Unsubscribed"),
        ("any[2]", "", True, "Bob"),
        ("any[3]", "", False, "–"),
    ]


def test_somebody_without_payments_has_an_empty_frame(people: dict[str, Contact]) -> None:
    answer = asked(paying(field("status", "is", "paused"), match="none"), people["Dora"])
    assert (answer.holds, answer.parts, answer.words) == (True, (), "without any recurring payment")


def test_the_answer_is_what_the_segment_itself_says(people: dict[str, Contact]) -> None:
    segment = {"any": [paying(field("is_trial", "is", True)), {"tag": "vip", "op": "has"}]}
    found = set(compiler.people(reading.read(segment), World(clock=CLOCK)))
    assert {person for person in people.values() if asked(segment, person).holds} == found
