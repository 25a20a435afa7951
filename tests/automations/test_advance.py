"""Many people at once: who fails holds up nobody, who is moved between versions repeats nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from automations import advance, by_hand, plans, publishing, refusals
from automations.flow.mistakes import FlowError
from automations.models import Automation, Enrolment, Message
from automations.starting import changes
from automations.steps import people as people_steps
from contacts.models import Contact, ContactList
from subscriptions.models import Segment, Store
from subscriptions.segments import saved
from tests.automations.flows import (
    ACTIVE,
    FAILED,
    NOW,
    change,
    days,
    flow,
    go,
    later,
    only,
    path,
    pay,
    publish,
    step,
    tag,
    tags,
)
from tests.statements import statements

pytestmark = pytest.mark.django_db


def crowd(store: Store, size: int) -> list[str]:
    """Let so many people in."""
    names = [f"p{number:03}" for number in range(size)]
    for name in names:
        pay(store, name, f"sub_{name}")
    return names


def states() -> dict[str, str]:
    """Say how each person's way stands, by the name in the e-mail."""
    rows = Enrolment.objects.values_list("contact__email", "state")
    return {email.partition("@")[0]: state for email, state in rows}


def break_for(monkeypatch: pytest.MonkeyPatch, *names: str, times: int = 1000) -> None:
    """Let giving tags fail where these people are among those who get one."""
    broken = {Contact.objects.get(email_key=f"{name}@example.com").pk for name in names}
    real, left = people_steps.give_tags, [times]

    def give(wanted: Any, **rest: Any) -> Any:
        if broken & wanted.keys() and left[0]:
            left[0] -= 1
            real({pk: ["half"] for pk in wanted})
            raise RuntimeError("no tag today")
        return real(wanted, **rest)

    monkeypatch.setattr(people_steps, "give_tags", give)


def test_who_fails_is_tried_again_and_then_stopped_with_the_reason(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tag("a"), tag("b"))
    names = crowd(store, 5)
    break_for(monkeypatch, "p002")
    go()
    assert [tags(name) for name in names] == [{"a", "b"}, {"a", "b"}, set(), {"a", "b"}, {"a", "b"}]
    assert states()["p002"] == "active"
    for hours in range(1, 12):
        go(later(hours=hours))
    stopped = Enrolment.objects.get(state="parked")
    assert (stopped.reason, stopped.detail) == ("error", "RuntimeError: no tag today")
    monkeypatch.undo()
    assert by_hand.retry([stopped]) == 1
    go(later(days=300))
    assert tags("p002") == {"a", "b"}
    assert set(states().values()) == {"finished"}


def test_a_failure_that_passes_leaves_no_trace(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tag("a"), days(1))
    crowd(store, 2)
    break_for(monkeypatch, "p001", times=2)
    go()
    assert Enrolment.objects.get(contact__email="p001@example.com").reason == "error"
    go(later(minutes=1))
    assert tags("p001") == {"a"}
    found = Enrolment.objects.get(contact__email="p001@example.com")
    assert (found.step, found.failures, found.reason, found.detail) == ("wait", 0, "", "")


def test_a_problem_that_stays_stops_people_at_once(store: Store) -> None:
    news = ContactList.objects.create(name="News")
    publish(step("subscribe", list=news.pk))
    news.delete()
    pay(store)
    go()
    assert (only().state, only().reason) == ("parked", "no_list")


def test_a_crowd_at_one_step_costs_no_more_statements_than_one_person(store: Store) -> None:
    publish(step("if", where=ACTIVE, yes=[tag("yes")]), days(1))
    counts = []
    for size in (1, 40):
        Enrolment.objects.all().delete()
        for number in range(size):
            pay(store, f"p{size}-{number}", f"sub_{size}-{number}")
        changes.dispatch(now=NOW)
        with statements() as made:
            advance.advance(now=NOW)
        counts.append(len(made))
    assert counts[1] <= counts[0] + 1  # a person who is first to get a tag makes it


def test_pausing_holds_people_and_resuming_goes_on(store: Store) -> None:
    one = publish(days(1), tag("after"))
    pay(store)
    go()
    assert publishing.pause(one)
    assert only().state == "held"
    go(later(days=2))
    assert tags() == set()
    assert publishing.resume(one)
    go(later(days=2))
    assert tags() == {"after"}


def test_an_archived_automation_ends_its_people(store: Store) -> None:
    one = publish(days(1), tag("after"))
    pay(store)
    go()
    publishing.archive(one)
    go(later(days=2))
    assert (only().state, only().reason, tags()) == ("ended", "archived", set())


def inside(store: Store, *steps: dict[str, Any]) -> Automation:
    """Have somebody wait in a flow."""
    one = publish(*steps)
    pay(store)
    go()
    return one


def test_people_go_on_by_the_newest_version_where_they_are(store: Store) -> None:
    one = inside(store, tag("a"), days(5), tag("b"))
    change(one, tag("a"), tag("new"), days(2), tag("c"))
    go(later(days=1))
    assert tags() == {"a"}
    assert only().version.number == 2
    go(later(days=2))
    assert tags() == {"a", "c"}


def test_people_whose_step_is_gone_go_on_at_the_next_that_there_is(store: Store) -> None:
    one = inside(store, step("if", where=ACTIVE, yes=[days(5), tag("gone")]), tag("b"), tag("c"))
    change(one, tag("first"), tag("c"))
    go(later(minutes=1))
    assert tags() == {"c"}


def test_people_behind_whom_nothing_is_left_are_through(store: Store) -> None:
    one = inside(store, days(5), tag("b"))
    change(one, tag("first"))
    go(later(minutes=1))
    assert (tags(), only().state) == (set(), "finished")


def test_nobody_repeats_a_step_that_was_moved_behind_them(store: Store) -> None:
    one = inside(store, tag("a"), days(5), tag("b"))
    Contact.objects.get().tags.clear()
    change(one, days(5), tag("b"), tag("a"), tag("c"))
    go(later(days=5))
    assert tags() == {"b", "c"}
    assert path() == [("a", "done"), ("wait", "waited"), ("b", "done"), ("c", "done")]


def test_who_took_a_branch_takes_it_again_where_the_if_was_moved(store: Store) -> None:
    one = inside(store, step("if", where=ACTIVE, yes=[tag("yes")], no=[tag("no")]), days(5))
    pay(store, at=1, status="paused")
    change(one, days(5), step("if", where=ACTIVE, yes=[tag("more")], no=[tag("no")]))
    go(later(days=5))
    assert tags() == {"yes", "more"}


def test_what_becomes_of_people_is_said_before_publishing(store: Store) -> None:
    one = inside(store, days(5), tag("b"))
    publishing.save(one, draft=flow(tag("b")), name="Flow")
    one.refresh_from_db()
    told = publishing.movings(one)
    assert [(moving.step, moving.to, moving.people) for moving in told] == [("wait", "b", 1)]


def test_a_trigger_that_stays_as_it_is_goes_on_listening(store: Store) -> None:
    one = publish(tag("a"), on=FAILED)
    pay(store)
    pay(store, at=1, status="payment_failed")
    change(one, tag("b"), on=[FAILED, {"id": "t2", "on": "created"}])
    go()
    assert tags() == {"b"}


def test_what_cannot_be_read_is_not_published_and_changes_nothing(store: Store) -> None:
    one = publish(tag("a"))
    publishing.save(one, draft=flow(step("tag", tag="")), name="Flow")
    with pytest.raises(FlowError) as error:
        publishing.publish(one)
    assert error.value.errors == {"steps[0].tag": "must not be blank"}
    assert one.versions.count() == 1
    assert plans.load(one.versions.get().pk).route.first == "a"


def test_two_who_save_at_once_are_told(store: Store) -> None:
    one = publish(tag("a"))
    publishing.save(one, draft=flow(tag("b")), name="Flow", seen=one.revision)
    with pytest.raises(refusals.Stale):
        publishing.save(one, draft=flow(tag("c")), name="Flow", seen=one.revision)


def test_somebody_is_let_in_by_hand_as_often_as_the_rule_says(store: Store) -> None:
    one = publish(tag("a"), on=FAILED, runs="once_a_contact")
    ada = Contact.objects.create(email="ada@example.com", email_key="ada@example.com")
    by_hand.enter(one, ada)
    with pytest.raises(by_hand.NotLetIn) as error:
        by_hand.enter(one, ada)
    assert error.value.reason == "ran_already"
    with pytest.raises(by_hand.NotLetIn) as error:
        by_hand.enter(one, Contact(pk=ada.pk + 1))
    assert error.value.reason == "gone"
    publishing.pause(one)
    with pytest.raises(by_hand.NotLetIn) as error:
        by_hand.enter(one, Contact.objects.create())
    assert error.value.reason == "not_active"


def test_ending_by_hand_sends_nothing_more(store: Store) -> None:
    publish(step("email", subject="Hello", text="Hi", about="service"))
    pay(store)
    go()
    assert Message.objects.get().state == "waiting"
    assert by_hand.end(only())
    assert not by_hand.end(only())
    assert (only().state, only().reason) == ("ended", "by_hand")


def test_nobody_enters_a_flow_whose_conditions_can_no_longer_be_asked(store: Store) -> None:
    other = saved.create({"contact": "email", "op": "is_not_empty"}, name="Other")
    publish(step("if", where={"segment": other.pk, "op": "in"}, yes=[tag("yes")]))
    Segment.objects.all().delete()
    pay(store)
    go()
    assert (only().state, only().reason) == ("parked", "conditions")


def test_the_database_that_goes_away_is_no_fault_of_anybody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tag("a"))
    pay(store)

    def gone(*_: Any, **__: Any) -> Any:
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as patch:
        patch.setattr(people_steps, "give_tags", gone)
        with pytest.raises(OperationalError):
            go()
    assert (only().failures, only().state) == (0, "active")
    go()
    assert tags() == {"a"}


def test_a_long_flow_is_walked_to_its_end(store: Store) -> None:
    publish(*(tag(f"tag{number}") for number in range(60)))
    pay(store)
    go()
    assert len(tags()) == 60


def test_a_clock_that_goes_back_moves_nobody_twice(store: Store) -> None:
    publish(tag("a"), days(1), tag("b"))
    pay(store)
    for moment in (NOW, NOW - timedelta(hours=1), later(days=1), later(hours=23), later(days=1)):
        go(moment)
    assert path() == [("a", "done"), ("wait", "waited"), ("b", "done")]
