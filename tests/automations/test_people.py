"""What becomes of people's ways when they are merged, exported or erased; and which segments automations ask for."""

import pytest

from automations.models import Enrolment, Message, Passage
from contacts import merging, privacy
from contacts.models import Contact
from subscriptions.models import Store
from subscriptions.segments import saved, uses
from tests.automations.flows import CREATED, days, go, later, pay, publish, step, tag, tags

pytestmark = pytest.mark.django_db


def two(store: Store, runs: str) -> tuple[Contact, Contact]:
    """Have two people wait in an automation."""
    publish(tag("a"), days(1), tag("b"), runs=runs)
    pay(store, "ada", "sub_1")
    pay(store, "eve", "sub_2")
    go()
    first, second = Contact.objects.order_by("pk")
    return first, second


@pytest.mark.parametrize(
    ("runs", "expected"), [("once_a_contact", ["active", "ended"]), ("every_time", ["active", "active"])]
)
def test_the_ways_of_two_who_are_one_are_theirs(store: Store, runs: str, expected: list[str]) -> None:
    ada, eve = two(store, runs)
    merging.merge(ada.pk, eve.pk)
    assert sorted(Enrolment.objects.filter(contact=ada).values_list("state", flat=True)) == expected
    pay(store, "ada", "sub_3")
    go()
    assert Enrolment.objects.count() == (2 if runs == "once_a_contact" else 3)


def test_who_is_merged_does_not_run_again_where_the_other_has(store: Store) -> None:
    publish(tag("a"), runs="once_a_contact")
    pay(store, "eve", "sub_1")
    go()
    eve = Contact.objects.get()
    ada = Contact.objects.create(email="ada@example.com", email_key="ada@example.com")
    merging.merge(ada.pk, eve.pk)
    pay(store, "ada", "sub_2")
    go()
    assert Enrolment.objects.get().contact == ada


def test_a_person_is_told_their_ways_and_they_go_with_them(store: Store) -> None:
    publish(tag("a"), step("email", subject="Hello", text="Text", about="service"))
    pay(store)
    go()
    ada = Contact.objects.get()
    [told] = privacy.export(ada)["automations"]
    assert (told["automation"], told["steps"][0]["step"], told["messages"][0]["state"]) == ("Flow", "a", "waiting")
    privacy.erase(ada)
    assert not Enrolment.objects.exists()
    assert not Passage.objects.exists()
    assert not Message.objects.exists()


def test_segments_that_automations_ask_for_stay(store: Store) -> None:
    other = saved.create({"tag": "vip", "op": "has"}, name="Other")
    publish(step("if", where={"segment": other.pk, "op": "in"}), on=CREATED)
    assert [(str(use.kind), use.name) for use in uses.of([other.pk])[other.pk]] == [("Automation", "Flow")]
    with pytest.raises(saved.InUse):
        saved.delete(other)


def test_a_payment_that_is_gone_leaves_the_way(store: Store) -> None:
    publish(days(1), tag("a"))
    pay(store)
    go()
    store.recurring_payments.all().delete()
    go(later(days=1))
    assert (tags(), Enrolment.objects.get().payment) == ({"a"}, None)
