"""What each step does to people, and how long they wait."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from automations import publishing
from automations.models import Enrolment
from contacts.models import Contact, ContactList, Standing
from contacts.services import give_tags, subscribe, unsubscribe
from subscriptions.models import Store
from subscriptions.segments import saved
from tests.automations.flows import (
    ACTIVE,
    CREATED,
    FAILED,
    NOW,
    days,
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
from tests.subscriptions.reports import report, stored, tell

pytestmark = pytest.mark.django_db
VIP = {"tag": "vip", "op": "has"}


def ada() -> Contact:
    return Contact.objects.get(email_key="ada@example.com")


def test_people_go_through_all_steps_to_the_end(store: Store) -> None:
    publish(tag("a"), step("untag", "u", tag="a"), tag("b"))
    pay(store)
    go()
    assert tags() == {"b"}
    assert path() == [("a", "done"), ("u", "done"), ("b", "done")]
    assert (only().state, only().wake_at) == ("finished", None)


@pytest.mark.parametrize(("status", "expected"), [("active", {"yes", "after"}), ("paused", {"no", "after"})])
def test_an_if_asks_this_payment_and_both_branches_go_on_behind_it(
    store: Store, status: str, expected: set[str]
) -> None:
    publish(step("if", where=ACTIVE, yes=[tag("yes")], no=[tag("no")]), tag("after"))
    pay(store, status=status)
    go()
    assert tags() == expected


def test_an_if_asks_each_of_a_persons_payments_on_its_own(store: Store) -> None:
    publish(step("if", where=ACTIVE, yes=[tag("yes")], no=[tag("no")]))
    pay(store, sub="a", status="active")
    pay(store, sub="b", status="paused")
    go()
    taken = {one.payment_id: path(one)[0] for one in Enrolment.objects.all()}
    assert taken == {stored(store, "a").pk: ("if", "yes"), stored(store, "b").pk: ("if", "no")}


def test_an_end_in_a_branch_is_the_end(store: Store) -> None:
    publish(step("if", where=ACTIVE, yes=[step("end")]), tag("after"))
    pay(store)
    go()
    assert tags() == set()
    assert only().state == "finished"


@pytest.mark.parametrize(
    ("unit", "before", "then"),
    [
        ("minutes", timedelta(minutes=2, seconds=59), timedelta(minutes=3)),
        ("hours", timedelta(hours=2, minutes=59), timedelta(hours=3)),
        ("days", timedelta(days=2, hours=23), timedelta(days=3)),
        ("weeks", timedelta(days=20, hours=23), timedelta(days=21)),
        ("months", timedelta(days=91), timedelta(days=92)),  # from 2 March to 2 June
    ],
)
def test_a_wait_takes_as_long_as_it_says(store: Store, unit: str, before: timedelta, then: timedelta) -> None:
    publish(step("wait", **{"for": {"n": 3, "unit": unit}}), tag("after"))
    pay(store)
    go()
    go(NOW + before)
    assert tags() == set()
    go(NOW + then)
    assert tags() == {"after"}


@pytest.mark.parametrize(
    ("start", "options", "expected"),
    [
        # a day keeps the time of day, also when the clock is changed that night
        ("2026-03-28T11:00Z", {"for": {"n": 1, "unit": "days"}}, "2026-03-29T10:00Z"),
        ("2026-10-24T10:00Z", {"for": {"n": 1, "unit": "days"}}, "2026-10-25T11:00Z"),
        ("2026-03-28T11:00Z", {"for": {"n": 24, "unit": "hours"}}, "2026-03-29T11:00Z"),
    ],
)
def test_a_wait_of_days_keeps_the_time_of_day(
    store: Store, settings: Any, start: str, options: Any, expected: str
) -> None:
    settings.TIME_ZONE = "Europe/Paris"
    assert waits_until(store, datetime.fromisoformat(start), step("wait", **options)) == expected


@pytest.mark.parametrize(
    ("start", "days", "hour", "expected"),
    [
        ("2026-03-02T07:59Z", [], 9, "2026-03-02T08:00Z"),
        ("2026-03-02T08:00Z", [], 9, "2026-03-02T08:00Z"),
        ("2026-03-02T08:01Z", [], 9, "2026-03-03T08:00Z"),
        ("2026-03-02T08:01Z", ["mon"], 9, "2026-03-09T08:00Z"),
        ("2026-03-02T08:01Z", ["fri", "wed"], 9, "2026-03-04T08:00Z"),
        # two o'clock is left out that night, and is there twice in the other one
        ("2026-03-28T12:00Z", ["sun"], 2, "2026-03-29T01:00Z"),
        ("2026-10-24T12:00Z", ["sun"], 2, "2026-10-25T00:00Z"),
    ],
)
def test_a_wait_until_an_hour_goes_by_the_accounts_clock(
    store: Store, settings: Any, start: str, days: list[str], hour: int, expected: str
) -> None:
    settings.TIME_ZONE = "Europe/Paris"
    wait = step("wait_until", days=days, hour=hour)
    assert waits_until(store, datetime.fromisoformat(start), wait) == expected


def waits_until(store: Store, start: datetime, wait: dict[str, Any]) -> str:
    """Say when somebody goes on who comes to a wait at a moment."""
    publish(wait, days(1000, "stay"))
    pay(store)
    go(start)
    waited = only()
    moment = waited.until if waited.step == wait["id"] else start
    assert moment
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


DATED = step("wait_date", field="next_payment_date", days=-3, hour=9)


def test_a_wait_for_a_date_follows_the_date(store: Store) -> None:
    publish(DATED, tag("after"))
    pay(store, next_payment_date="2026-03-10T15:00:00Z")
    go()
    assert only().until == datetime(2026, 3, 7, 9, tzinfo=UTC)
    pay(store, at=1, next_payment_date="2026-03-20T15:00:00Z")
    go(later(minutes=1))
    assert only().until == datetime(2026, 3, 17, 9, tzinfo=UTC)
    go(datetime(2026, 3, 17, 9, tzinfo=UTC))
    assert tags() == {"after"}
    assert path() == [("wait_date", "waited"), ("after", "done")]


def test_a_wait_for_a_date_follows_a_date_that_history_tells(store: Store) -> None:
    publish(DATED, tag("after"))
    pay(store, next_payment_date="2026-03-20T15:00:00Z")
    go()
    moved = report(at=1, email="ada@example.com", next_payment_date="2026-03-10T15:00:00Z")
    tell(store, moved, announce=False)
    go(later(minutes=2))
    assert only().until == datetime(2026, 3, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize(("date", "outcome"), [(None, "no_date"), ("2026-03-01T15:00:00Z", "date_is_past")])
def test_a_date_that_is_past_or_unknown_is_not_waited_for(store: Store, date: str | None, outcome: str) -> None:
    publish(DATED)
    pay(store, next_payment_date=date)
    go()
    assert path() == [("wait_date", outcome)]


def test_a_wait_for_a_segment_ends_when_it_becomes_true_by_an_event(store: Store) -> None:
    publish(step("wait_segment", where=ACTIVE), tag("after"), on=FAILED)
    pay(store)
    pay(store, at=1, status="payment_failed")
    go()
    go(later(days=30))
    assert tags() == set()
    pay(store, at=2)
    go(later(days=30))
    assert tags() == {"after"}
    assert path()[0] == ("wait_segment", "true")


def test_a_wait_for_a_segment_ends_when_a_tag_makes_it_true(store: Store) -> None:
    publish(step("wait_segment", where=VIP), tag("after"))
    pay(store)
    go()
    give_tags({ada().pk: ["VIP"]})
    go()
    assert tags() == {"VIP", "after"}


def test_a_wait_for_a_segment_ends_by_the_clock(store: Store) -> None:
    """Nothing happens but the time: the date comes near."""
    soon = {"recurring_payment": {"field": "next_payment_date", "op": "in_the_next", "value": {"n": 3, "unit": "days"}}}
    publish(step("wait_segment", where=soon), tag("after"))
    pay(store, next_payment_date="2026-03-10T15:00:00Z")
    go()
    go(datetime(2026, 3, 7, 14, 59, tzinfo=UTC))
    assert tags() == set()
    go(datetime(2026, 3, 7, 15, 1, tzinfo=UTC))
    assert tags() == {"after"}


def test_a_wait_for_a_segment_may_time_out(store: Store) -> None:
    publish(step("wait_segment", where=VIP, at_most={"n": 2, "unit": "days"}), tag("after"))
    pay(store)
    go()
    go(later(days=1))
    assert tags() == set()
    go(later(days=2))
    assert path()[0] == ("wait_segment", "time_out")


def test_a_wait_asks_other_segments_as_they_are_now(store: Store) -> None:
    other = saved.create({"tag": "never", "op": "has"}, name="Other")
    publish(step("wait_segment", where={"segment": other.pk, "op": "in"}), tag("after"))
    pay(store)
    go()
    saved.change(other, {"contact": "email", "op": "is", "value": "ada@example.com"}, name="Other")
    go(later(minutes=2))
    assert tags() == {"after"}


def test_a_goal_takes_people_forward_before_their_next_step(store: Store) -> None:
    publish(days(3), tag("mailed"), step("goal", where=ACTIVE), tag("saved"), on=FAILED)
    pay(store)
    pay(store, at=1, status="payment_failed")
    go()
    pay(store, at=2)
    go(later(days=1))
    assert tags() == {"saved"}
    assert path() == [("goal", "reached"), ("saved", "done")]


def test_a_goal_is_seen_by_the_clock_too_and_before_each_step(store: Store) -> None:
    """History moves nobody, so only the minute sees it."""
    publish(days(3), tag("mailed"), step("goal", where=VIP), tag("saved"))
    pay(store)
    go()
    give_tags({ada().pk: ["vip"]}, announce=False)
    go(later(days=3))
    assert tags() == {"vip", "saved"}


def test_goals_in_branches_that_were_not_taken_take_nobody(store: Store) -> None:
    publish(
        days(1),
        step("if", where=VIP, yes=[step("goal", "inner", where=ACTIVE), tag("inside")], no=[tag("other")]),
        tag("after"),
    )
    pay(store)
    go()
    go(later(days=1))
    assert tags() == {"other", "after"}


@pytest.mark.parametrize(
    ("unmet", "expected", "state"),
    [("go_on", {"after"}, "finished"), ("wait", set(), "active"), ("end", set(), "ended")],
)
def test_who_comes_to_a_goal_without_it(store: Store, unmet: str, expected: set[str], state: str) -> None:
    publish(step("goal", where=VIP, unmet=unmet), tag("after"))
    pay(store)
    go()
    assert (tags(), only().state) == (expected, state)


def test_lists_are_subscribed_to_and_left(store: Store) -> None:
    news, old = (ContactList.objects.create(name=name) for name in ("News", "Old"))
    publish(step("subscribe", list=news.pk), step("unsubscribe", list=old.pk))
    pay(store)
    subscribe([ada().pk], old.pk, source="person")
    go()
    states = Standing.objects.values_list("contact_list__name", "state", "source")
    assert set(states) == {("News", "subscribed", "automation"), ("Old", "unsubscribed", "automation")}


def test_nobody_is_subscribed_who_has_unsubscribed(store: Store) -> None:
    news = ContactList.objects.create(name="News")
    publish(step("subscribe", list=news.pk))
    pay(store)
    subscribe([ada().pk], news.pk, source="person")
    unsubscribe([ada().pk], news.pk, source="person")
    go()
    assert Standing.objects.get().state == "unsubscribed"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [("company", "{{ recurring_payment.name }} & Co", "Pro & Co"), ("language", "fr", "fr"), ("first_name", "", "")],
)
def test_a_field_of_the_contact_is_set(store: Store, field: str, value: str, expected: str) -> None:
    publish(step("set", field=field, value=value))
    pay(store, name="Pro")
    Contact.objects.update(first_name="Ada")
    go()
    assert getattr(ada(), field) == expected


def test_other_automations_are_started_with_the_payment_and_ended(store: Store) -> None:
    other = publish(
        days(5), tag("other"), name="Other", on=CREATED | {"where": {"field": "name", "op": "is", "value": "x"}}
    )
    publish(step("start", automation=other.pk), days(1), step("stop", automation=other.pk))
    pay(store)
    go()
    started = other.enrolments.get()
    assert (started.payment_id, started.depth, started.state) == (stored(store).pk, 1, "active")
    go(later(days=1))
    started.refresh_from_db()
    assert (started.state, started.reason) == ("ended", "other_automation")


def test_who_is_ended_by_another_in_the_same_batch_goes_no_further(store: Store) -> None:
    other = publish(days(1), tag("first"), tag("second"), name="Other")
    publish(days(1), step("stop", automation=other.pk), tag("after"))
    pay(store)
    go()
    go(later(days=1))
    ended = other.enrolments.get()
    assert (ended.state, ended.reason, ended.step) == ("ended", "other_automation", "wait")
    assert "after" in tags()
    assert "second" not in tags()


def test_a_field_that_was_set_is_what_the_next_step_sees(store: Store) -> None:
    publish(
        step("set", "one", field="company", value="Engines"),
        step("set", "two", field="phone", value="{{ contact.company }} 1"),
    )
    pay(store)
    go()
    assert ada().phone == "Engines 1"


def test_an_automation_that_is_not_active_is_not_started(store: Store) -> None:
    other = publish(tag("other"), name="Other", on=[])
    publish(step("start", automation=other.pk), tag("after"))
    publishing.pause(other)
    pay(store)
    go()
    assert tags() == {"after"}
    assert path(Enrolment.objects.get()) == [("start", "not_active"), ("after", "done")]


def test_automations_that_start_each_other_stop_at_a_limit_and_say_so(store: Store) -> None:
    publish(
        tag("ping"),
        step("untag", "u", tag="ping"),
        name="One",
        on=[CREATED, {"id": "p", "on": "tagged", "tag": "pong"}],
    )
    publish(tag("pong"), step("untag", "u", tag="pong"), name="Two", on={"id": "p", "on": "tagged", "tag": "ping"})
    pay(store)
    for _turn in range(30):
        go(later(days=1000))
    last = Enrolment.objects.order_by("pk").last()
    assert last
    assert (last.state, last.reason) == ("ended", "circle")
    assert Enrolment.objects.count() < 15
