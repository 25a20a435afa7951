"""Who is on a list, who said so, and whose word stands."""

from datetime import timedelta

import pytest

from contacts.models import MARKETER, Contact, ContactList, Standing
from contacts.services import subscribe, unsubscribe
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    return ContactList.objects.create(name="Letter")


def _people(count):
    return [contact.pk for contact in Contact.objects.bulk_create(Contact(first_name=f"P{n}") for n in range(count))]


def _told(letter):
    rows = Standing.objects.filter(contact_list=letter).order_by("contact")
    return list(rows.values_list("contact", "state", "source"))


def test_people_are_subscribed_and_unsubscribed_by_their_source(letter):
    ada, bob = _people(2)
    subscribe([ada, bob, ada], letter.pk, source="Shop")
    assert _told(letter) == [(ada, "subscribed", "Shop"), (bob, "subscribed", "Shop")]
    unsubscribe([bob], letter.pk, source=MARKETER)
    assert _told(letter) == [(ada, "subscribed", "Shop"), (bob, "unsubscribed", "marketer")]


def test_who_is_subscribed_already_stays_so_since_then(letter):
    people = _people(1)
    subscribe(people, letter.pk, source="Shop")
    Standing.objects.update(changed_at=Standing.objects.get().changed_at - timedelta(days=9))
    before = Standing.objects.values().get()
    subscribe(people, letter.pk, source=MARKETER)
    assert Standing.objects.values().get() == before


def test_who_was_never_subscribed_is_not_unsubscribed(letter):
    unsubscribe(_people(1), letter.pk, source=MARKETER)
    assert _told(letter) == []


@pytest.mark.parametrize(
    ("source", "overrules", "state"),
    [
        (MARKETER, True, "subscribed"),
        ("Shop", True, "subscribed"),
        ("Shop", False, "unsubscribed"),
        ("Boutique", False, "subscribed"),
    ],
)
def test_whose_word_does_not_overrule_takes_back_only_their_own(letter, source, overrules, state):
    [ada] = _people(1)
    subscribe([ada], letter.pk, source="Shop")
    unsubscribe([ada], letter.pk, source="Boutique")
    subscribe([ada], letter.pk, source=source, overrules=overrules)
    assert Standing.objects.get().state == state


def test_one_list_is_not_the_other(letter):
    people = _people(1)
    other = ContactList.objects.create(name="Other")
    for one in (letter, other):
        subscribe(people, one.pk, source=MARKETER)
    unsubscribe(people, other.pk, source=MARKETER)
    assert [state for _, state, _ in _told(letter)] == ["subscribed"]


@pytest.mark.parametrize("verb", [subscribe, unsubscribe])
def test_five_hundred_people_take_as_many_statements_as_two(letter, verb):
    counts = []
    for size in (2, 500):
        people = _people(size)
        with statements() as found:
            verb(people, letter.pk, source=MARKETER)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 7  # with the history, who has changed, and whether anybody waits for that
