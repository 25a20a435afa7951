"""What lets people in, and what does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from automations import publishing
from automations.models import Enrolment
from contacts.models import Contact, ContactList
from contacts.services import give_tags, subscribe
from subscriptions.models import Store
from tests.automations.flows import CREATED, FAILED, NOW, days, flow, go, later, only, pay, publish, tag, tags
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db


def entered() -> int:
    """Count the ways through automations."""
    return Enrolment.objects.count()


def test_a_new_payment_lets_its_person_in(store: Store) -> None:
    publish(tag("new"))
    pay(store)
    go()
    assert tags() == {"new"}
    assert only().payment.store_recurring_payment_id == "sub_1"


def test_history_lets_nobody_in(store: Store) -> None:
    publish(tag("new"), on=[CREATED, FAILED | {"id": "t2"}])
    tell(store, report(email="ada@example.com", status="active"), announce=False)
    tell(store, report(email="ada@example.com", status="payment_failed", at=5), announce=False)
    go()
    assert entered() == 0


def test_what_happened_before_a_trigger_listened_lets_nobody_in(store: Store) -> None:
    pay(store)
    one = publishing.create(name="Late", draft=flow(tag("new")))
    publishing.publish(one)
    go()
    assert entered() == 0


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"all": [{"field": "payment_amount", "op": "more_than", "value": 20}]}, 1),
        ({"all": [{"field": "payment_amount", "op": "more_than", "value": 30}]}, 0),
        ({"field": "line_item_name", "op": "any_is", "value": "pro"}, 1),
    ],
)
def test_a_trigger_may_have_conditions_on_the_payment(store: Store, where: Any, expected: int) -> None:
    publish(tag("new"), on=CREATED | {"where": where})
    told = report(email="ada@example.com", payment_amount="25", currency="EUR", items=[{"name": "Pro"}])
    tell(store, told)
    go()
    assert entered() == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 1),
        ({"to": "paused"}, 1),
        ({"from": "active"}, 1),
        ({"from": "active", "to": "paused"}, 1),
        ({"from": "pending"}, 0),
        ({"to": "cancelled"}, 0),
    ],
)
def test_an_update_is_told_by_what_it_was_and_what_it_is(store: Store, options: Any, expected: int) -> None:
    publish(tag("new"), on={"id": "t", "on": "updated", "field": "status", **options})
    pay(store)
    pay(store, at=1, status="paused", name="Other")
    go()
    assert entered() == expected


@pytest.mark.parametrize(
    ("field", "options", "values", "expected"),
    [
        ("payment_amount", {"to": 49.9}, {"payment_amount": "49.90"}, 1),
        ("payment_amount", {"to": 49.9}, {"payment_amount": "49.91"}, 0),
        ("billing_city", {"to": " LYON "}, {"billing_city": "Lyon"}, 1),
        ("billing_city", {"from": None, "to": "Lyon"}, {"billing_city": "Lyon"}, 1),
        ("billing_city", {"from": "Paris"}, {"billing_city": "Lyon"}, 0),
        ("cancel_at_period_end", {"to": True}, {"cancel_at_period_end": True}, 1),
        ("line_item_name", {"to": "pro"}, {"items": [{"name": "Basic"}, {"name": "Pro"}]}, 1),
    ],
)
def test_every_kind_of_field_may_be_watched(store: Store, field: str, options: Any, values: Any, expected: int) -> None:
    publish(tag("new"), on={"id": "t", "on": "updated", "field": field, **options})
    pay(store)
    pay(store, at=1, **values)
    go()
    assert entered() == expected


def test_several_triggers_that_one_change_meets_let_in_once(store: Store) -> None:
    publish(tag("new"), on=[FAILED, {"id": "t2", "on": "updated", "field": "name"}])
    pay(store)
    pay(store, at=1, status="payment_failed", name="New name")
    go()
    assert entered() == 1


def test_every_time_means_once_for_each_change(store: Store) -> None:
    publish(tag("new"), on=FAILED)
    for at, status in enumerate(["active", "payment_failed", "active", "payment_failed"]):
        pay(store, at=at, status=status)
    go()
    go()
    assert entered() == 2


@pytest.mark.parametrize(("runs", "expected"), [("once_a_contact", 1), ("once_a_payment", 2), ("every_time", 4)])
def test_how_often_is_counted_as_the_flow_says(store: Store, runs: str, expected: int) -> None:
    publish(tag("new"), on=FAILED, runs=runs)
    for at, status in enumerate(["active", "payment_failed", "active", "payment_failed"]):
        for sub in ("sub_1", "sub_2"):
            pay(store, sub=sub, at=at, status=status)
    go()
    assert entered() == expected


def test_a_payment_whose_person_is_found_later_counts_as_new_then(store: Store) -> None:
    publish(tag("new"))
    tell(store, report(status="active"))
    go()
    assert entered() == 0
    pay(store, at=1)
    go()
    assert tags() == {"new"}
    pay(store, at=2, name="Other")
    go()
    assert entered() == 1


@pytest.mark.parametrize(("back", "expected"), [(False, 1), (True, 0)])
def test_a_change_may_have_to_stay_so_for_a_while(store: Store, back: bool, expected: int) -> None:
    publish(tag("new"), on=FAILED | {"minutes": 30})
    pay(store)
    pay(store, at=1, status="payment_failed")
    go(timezone.now() + timedelta(minutes=29))
    assert entered() == 0
    if back:
        pay(store, at=2)
    go(timezone.now() + timedelta(minutes=31))
    assert entered() == expected


def test_a_change_that_comes_back_begins_anew(store: Store) -> None:
    publish(tag("new"), on=FAILED | {"minutes": 30})
    for at, status in enumerate(["active", "payment_failed", "active", "payment_failed"]):
        pay(store, at=at, status=status)
    go(timezone.now() + timedelta(minutes=31))
    go(timezone.now() + timedelta(minutes=32))
    assert entered() == 1


DATE = {"id": "t", "on": "date", "field": "next_payment_date", "days": -3, "hour": 9}


@pytest.mark.parametrize(
    ("options", "moment", "expected"),
    [
        ({}, datetime(2026, 3, 7, 8, 59, tzinfo=UTC), 0),
        ({}, datetime(2026, 3, 7, 9, 0, tzinfo=UTC), 1),
        ({}, datetime(2026, 3, 7, 23, 0, tzinfo=UTC), 1),
        ({}, datetime(2026, 3, 9, 9, 1, tzinfo=UTC), 0),  # nobody looked for two days: too late
        ({"days": 0}, datetime(2026, 3, 10, 9, 0, tzinfo=UTC), 1),
        ({"days": 2}, datetime(2026, 3, 12, 9, 0, tzinfo=UTC), 1),
        ({"where": {"field": "status", "op": "is", "value": "paused"}}, datetime(2026, 3, 7, 9, tzinfo=UTC), 0),
    ],
)
def test_a_date_lets_in_on_its_day_at_its_hour(store: Store, options: Any, moment: datetime, expected: int) -> None:
    one = publish(tag("new"), on=DATE | options)
    pay(store, next_payment_date="2026-03-10T15:00:00Z")
    one.triggers.update(checked_until=moment - timedelta(hours=20) if expected else NOW)
    go(moment)
    go(moment)
    assert entered() == expected


def test_a_date_counts_in_the_accounts_zone_and_once_however_the_clock_goes(store: Store, settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    one = publish(tag("new"), on=DATE | {"days": 0, "hour": 9})
    pay(store, next_payment_date="2026-03-08T03:00:00Z")  # the evening of the 7th in New York
    one.triggers.update(checked_until=datetime(2026, 3, 7, 13, 59, tzinfo=UTC))
    go(datetime(2026, 3, 7, 13, 59, 30, tzinfo=UTC))
    assert entered() == 0
    go(datetime(2026, 3, 7, 14, 0, tzinfo=UTC))
    assert entered() == 1
    one.triggers.update(checked_until=datetime(2026, 3, 7, 13, 0, tzinfo=UTC))
    go(datetime(2026, 3, 7, 14, 1, tzinfo=UTC))
    assert entered() == 1


def test_another_date_of_the_same_payment_lets_in_again(store: Store) -> None:
    one = publish(tag("new"), on=DATE)
    for day in (10, 20):
        pay(store, at=day, next_payment_date=f"2026-03-{day}T15:00:00Z")
        moment = datetime(2026, 3, day - 3, 9, tzinfo=UTC)
        one.triggers.update(checked_until=moment - timedelta(minutes=5))
        go(moment)
    assert entered() == 2


@pytest.mark.parametrize(
    ("began", "day", "expected"),
    [
        ("2025-03-10", datetime(2026, 3, 10, 9, tzinfo=UTC), 1),
        ("2020-03-10", datetime(2026, 3, 10, 9, tzinfo=UTC), 1),
        ("2026-03-10", datetime(2026, 3, 10, 9, tzinfo=UTC), 0),
        ("2024-02-29", datetime(2026, 2, 28, 9, tzinfo=UTC), 1),
        ("2024-02-29", datetime(2028, 2, 28, 9, tzinfo=UTC), 0),
        ("2024-02-29", datetime(2028, 2, 29, 9, tzinfo=UTC), 1),
    ],
)
def test_a_date_may_come_every_year(store: Store, began: str, day: datetime, expected: int) -> None:
    one = publish(tag("new"), on=DATE | {"field": "store_created_date", "days": 0, "yearly": True})
    pay(store, store_created_date=f"{began}T15:00:00Z")
    one.triggers.update(checked_until=day - timedelta(minutes=5))
    Enrolment.objects.all().delete()
    go(day)
    assert entered() == expected


def test_a_tag_and_a_list_let_people_in_when_they_are_new_to_them(store: Store) -> None:
    news = ContactList.objects.create(name="News")
    publish(tag("in"), on=[{"id": "a", "on": "tagged", "tag": "VIP"}, {"id": "b", "on": "subscribed", "list": news.pk}])
    ada, bob = (Contact.objects.create(email=f"{name}@example.com", email_key=f"{name}@example.com") for name in "ab")
    for _again in range(2):
        give_tags({ada.pk: ["vip"]})
        subscribe([bob.pk], news.pk, source="marketer")
        go(later(days=1000))
    assert tags("a") == {"vip", "in"}
    assert tags("b") == {"in"}
    assert entered() == 2


def test_files_and_history_tell_of_no_tags_and_lists(store: Store) -> None:
    news = ContactList.objects.create(name="News")
    publish(tag("in"), on=[{"id": "b", "on": "subscribed", "list": news.pk}])
    store.newcomer_list = news
    store.save()
    tell(store, report(email="ada@example.com"), announce=False)
    go(later(days=1000))
    assert entered() == 0
    tell(store, report("sub_2", email="bob@example.com"))
    go(later(days=1000))
    assert tags("bob") == {"in"}


def test_a_paused_automation_lets_nobody_in_and_makes_up_for_nothing(store: Store) -> None:
    one = publish(tag("new"), days(1))
    publishing.pause(one)
    pay(store)
    go()
    publishing.resume(one)
    go()
    assert entered() == 0
    pay(store, sub="sub_2")
    go(datetime(2100, 1, 1, tzinfo=UTC))
    assert entered() == 1
