"""People from before are let in when somebody asks for it and confirms the number, each once, whoever dies."""

from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from automations import by_hand, past, publishing
from automations.models import Enrolment, Intake
from contacts.models import MARKETER, Contact, ContactList
from contacts.services import give_tags, subscribe
from tests.automations.flows import ACTIVE, CREATED, FAILED, days, flow, go, only, path, pay, publish, step, tag, tags

pytestmark = pytest.mark.django_db


def before(store: Any) -> None:
    """Three people with payments whom nobody has let in anywhere."""
    pay(store, "ada")
    pay(store, "ada", "sub_2")
    pay(store, "bob", "sub_3", status="payment_failed")
    pay(store, "cleo", "sub_4", status="cancelled")
    go()


def let_in(one: Any) -> None:
    """Ask, confirm, and do it."""
    past.start(one, confirmed=past.count(one).entries)
    past.work(seconds=60)
    go(timezone.now())


@pytest.mark.parametrize(
    ("runs", "counts"), [("once_a_contact", (3, 3)), ("once_a_payment", (4, 3)), ("every_time", (4, 3))]
)
def test_everybody_whom_a_trigger_means_is_counted_and_let_in_once(store, runs, counts):
    before(store)
    one = publish(tag("x"), runs=runs)
    counted = past.count(one)
    assert (counted.entries, counted.people) == counts
    let_in(one)
    assert one.enrolments.count() == counts[0]
    assert all(tags(person) == {"x"} for person in ("ada", "bob", "cleo"))
    intake = one.intakes.get()
    assert (intake.state, intake.size) == ("finished", counts[0])
    assert past.count(one).entries == 0


def test_conditions_and_the_value_that_a_change_leads_to_are_asked(store):
    before(store)
    assert past.count(publish(tag("x"), on=[FAILED], name="Failed")).entries == 1
    where = CREATED | {"where": {"all": [{"field": "status", "op": "is", "value": "active"}]}}
    assert past.count(publish(tag("x"), on=[where], name="Active")).entries == 2


def test_two_triggers_that_mean_the_same_let_in_once(store):
    before(store)
    one = publish(tag("x"), on=[CREATED, FAILED | {"id": "t2"}])
    assert [part.entries for part in past.count(one).parts] == [4, 1]
    assert past.count(one).entries == 4
    let_in(one)
    assert one.enrolments.count() == 4


def test_tags_and_lists_mean_who_has_them_now(store):
    before(store)
    letter = ContactList.objects.create(name="Letter")
    ada, bob = (Contact.objects.get(email=f"{name}@example.com").pk for name in ("ada", "bob"))
    subscribe([ada], letter.pk, source=MARKETER)
    give_tags({bob: ["VIP"]})
    on = [{"id": "t1", "on": "subscribed", "list": letter.pk}, {"id": "t2", "on": "tagged", "tag": "vip"}]
    one = publish(tag("x"), on=on, runs="once_a_contact")
    assert past.count(one).entries == 2
    let_in(one)
    assert {way.contact_id for way in one.enrolments.all()} == {ada, bob}


def test_what_cannot_be_told_from_before_says_why(store):
    before(store)
    on = [
        {"id": "t1", "on": "updated", "field": "status"},
        {"id": "t2", "on": "date", "field": "next_payment_date", "days": 0},
    ]
    counted = past.count(publish(tag("x"), on=on))
    assert counted.entries == 0
    assert all(part.why_not for part in counted.parts)


def test_another_number_than_the_one_confirmed_starts_nobody(store):
    before(store)
    one = publish(tag("x"))
    counted = past.count(one).entries
    with pytest.raises(past.Changed) as changed:
        past.start(one, confirmed=counted + 1)
    assert changed.value.count.entries == counted
    assert not Intake.objects.exists()


def test_a_paused_automation_lets_in_nobody(store):
    before(store)
    one = publish(tag("x"))
    publishing.pause(one)
    with pytest.raises(past.NotPossible):
        past.start(one, confirmed=4)


def test_pausing_in_the_middle_holds_it_and_archiving_ends_it(store, monkeypatch):
    before(store)
    one = publish(tag("x"))
    past.start(one, confirmed=4)
    publishing.pause(one)
    past.work(seconds=60)
    assert one.intakes.get().state == "running"
    assert not one.enrolments.exists()
    publishing.archive(one)
    Intake.objects.update(claimed_until="2026-01-01T00:00Z")
    past.work(seconds=60)
    assert one.intakes.get().state == "cancelled"


def test_it_can_be_stopped_and_two_do_not_run_at_once(store):
    before(store)
    one = publish(tag("x"))
    past.start(one, confirmed=4)
    with pytest.raises(past.NotPossible):
        past.start(one, confirmed=4)
    assert past.cancel(one)
    assert not past.cancel(one)
    past.work(seconds=60)
    assert not one.enrolments.exists()


def test_whoever_dies_between_slices_leaves_nothing_undone_and_nothing_twice(store, monkeypatch):
    before(store)
    one = publish(tag("x"), on=[CREATED, FAILED | {"id": "t2"}])
    monkeypatch.setattr(past, "SLICE", 1)
    past.start(one, confirmed=4)
    calls = 0
    enter = past.entering.enter

    def dies(*values: Any, **named: Any) -> None:
        nonlocal calls
        calls += 1
        enter(*values, **named)
        if calls % 2:
            raise SystemExit

    monkeypatch.setattr(past.entering, "enter", dies)
    for _attempt in range(20):
        Intake.objects.filter(state="running").update(claimed_until="2026-01-01T00:00Z")
        try:
            past.work(seconds=60)
            break
        except SystemExit:
            continue
    assert one.intakes.get().state == "finished"
    assert one.enrolments.count() == 4


def test_a_wait_is_skipped_by_hand_once_and_told(store):
    publish(days(3), tag("after"))
    pay(store)
    go()
    assert by_hand.skip(only())
    go(timezone.now())
    assert path() == [("wait", "skipped"), ("after", "done")]
    assert not by_hand.skip(only())


def test_what_is_no_wait_is_not_skipped(store):
    publish(step("goal", where={"not": ACTIVE}, unmet="wait"), tag("after"))
    pay(store)
    go()
    assert not by_hand.skip(only())
    assert Enrolment.objects.get().step == "goal"


def test_who_is_let_in_twice_by_hand_and_from_before_runs_once(store):
    before(store)
    one = publish(tag("x"), runs="once_a_contact")
    by_hand.enter(one, Contact.objects.get(email="ada@example.com"))
    assert past.count(one).entries == 2
    let_in(one)
    assert one.enrolments.count() == 3


@pytest.mark.parametrize("runs", ["once_a_contact", "once_a_payment", "every_time"])
def test_whom_an_event_has_let_in_is_none_of_those_from_before(store, runs):
    before(store)
    one = publish(tag("x"), on=[CREATED, FAILED | {"id": "t2"}], runs=runs)
    pay(store, "cleo", "sub_4", status="payment_failed")
    go()
    counted = past.count(one)
    assert counted.people == 2
    past.start(one, confirmed=counted.entries)
    pay(store, "ada", "sub_2", status="payment_failed")  # between being counted and being let in
    go()
    past.work(seconds=60)
    go(timezone.now())
    counts = Counter(name.partition("@")[0] for name in one.enrolments.values_list("contact__email", flat=True))
    assert counts == {"ada": 1 if runs == "once_a_contact" else 2, "bob": 1, "cleo": 1}


def test_a_draft_counts_nobody(store):
    before(store)
    assert past.count(publishing.create(name="Draft", draft=flow(tag("x")))).entries == 0
