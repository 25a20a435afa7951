"""A dry run names the people, runs and e-mails that the engine would have, and leaves nothing behind."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automations import publishing
from automations.flow import reading, route
from automations.models import Automation, Enrolment, Message
from automations.rehearsal import record, walk, who
from contacts.models import MARKETER, Contact, ContactList
from contacts.services import subscribe
from subscriptions.models import Change, RecurringPayment, Store
from tests.automations.flows import ACTIVE, CREATED, FAILED, days, flow, go, pay, publish, step, tag

pytestmark = pytest.mark.django_db


def rehearsed(draft: dict[str, Any], *, back: int = 30, now: datetime | None = None) -> who.Who:
    """Ask who would have entered by a flow that nobody has published."""
    known = Automation.objects.filter(name="Rehearsed").first()
    one = publishing.save(known, draft=draft) if known else publishing.create(name="Rehearsed", draft=draft)
    now = now or timezone.now()
    read = reading.read(one.draft)
    return who.would_have_entered(one, read, since=now - timedelta(days=back), until=now)


def names(found: who.Who) -> list[str]:
    """Name who was found, in order."""
    emails = dict(Contact.objects.values_list("pk", "email"))
    return [emails[one.contact].partition("@")[0] for one in found.found]


def walked(found: who.Found, *, until: datetime | None = None) -> list[walk.Stop]:
    """Walk somebody's way."""
    one = Automation.objects.get(name="Rehearsed")
    contact, payment = Contact.objects.get(pk=found.contact), who.payment_of(found)
    way = route.of(reading.read(one.draft))
    return walk.would_have_gone(one, way, contact, payment, since=found.at, until=until or timezone.now())


def backdate(payment: str, **ages: int) -> None:
    """Move the newest change of a payment so many hours into the past."""
    change = Change.objects.filter(payment__store_recurring_payment_id=payment).order_by("-pk").first()
    assert change
    change.recorded_at = timezone.now() - timedelta(**ages)
    change.save()


def test_a_created_payment_and_a_changed_one_would_have_let_people_in(store):
    pay(store, "ada")
    backdate("sub_1", days=20)
    pay(store, "bob", "sub_2")
    backdate("sub_2", days=40)
    pay(store, "bob", "sub_2", at=10, status="payment_failed")
    backdate("sub_2", days=3)
    assert names(rehearsed(flow(tag("x")))) == ["ada"]
    assert names(rehearsed(flow(tag("x"), on=[FAILED]))) == ["bob"]
    assert names(rehearsed(flow(tag("x"), on=[CREATED, FAILED | {"id": "t2"}]))) == ["ada", "bob"]


def test_history_would_have_let_in_nobody(store):
    pay(store, "ada")
    Change.objects.update(announce=False)
    assert names(rehearsed(flow(tag("x")))) == []


def test_conditions_are_asked_of_the_payment_as_it_was_then(store):
    pay(store, "ada", status="active")
    backdate("sub_1", days=10)
    pay(store, "ada", at=10, status="cancelled")
    backdate("sub_1", days=2)

    def where(status: str) -> dict[str, Any]:
        return CREATED | {"where": {"all": [{"field": "status", "op": "is", "value": status}]}}

    assert names(rehearsed(flow(tag("x"), on=[where("active")]))) == ["ada"]
    assert names(rehearsed(flow(tag("x"), on=[where("cancelled")]))) == []


def test_what_must_stay_so_is_asked_of_the_record(store):
    stays = [FAILED | {"minutes": 60}]
    pay(store, "ada")
    backdate("sub_1", days=9)
    pay(store, "ada", at=10, status="payment_failed")
    backdate("sub_1", days=8)
    assert names(rehearsed(flow(tag("x"), on=stays))) == ["ada"]
    pay(store, "ada", at=20, status="active")
    backdate("sub_1", days=7, hours=23, minutes=30)
    assert names(rehearsed(flow(tag("x"), on=stays))) == []


@pytest.mark.parametrize(("runs", "count"), [("once_a_contact", 1), ("once_a_payment", 2), ("every_time", 3)])
def test_the_rule_how_often_counts(store, runs, count):
    pay(store, "ada")
    pay(store, "ada", "sub_2")
    pay(store, "ada", at=10, status="payment_failed")
    draft = flow(tag("x"), on=[CREATED, FAILED | {"id": "t2"}], runs=runs)
    assert len(rehearsed(draft).found) == count


def test_a_date_that_has_moved_on_since_is_still_the_one_that_came(store):
    reminder = {"id": "t1", "on": "date", "field": "next_payment_date", "days": -3, "hour": 0}
    due = timezone.now() - timedelta(days=5)
    pay(store, "ada", next_payment_date=due)
    backdate("sub_1", days=29)
    RecurringPayment.objects.update(created_at=timezone.now() - timedelta(days=29))
    draft = flow(tag("x"), on=[reminder])
    assert names(rehearsed(draft)) == ["ada"]
    pay(store, "ada", at=10, next_payment_date=due + timedelta(days=30))
    backdate("sub_1", days=5)
    [found] = rehearsed(draft).found
    assert abs(found.at - (due - timedelta(days=3))) < timedelta(days=1)


def test_a_date_that_was_told_too_late_would_have_let_in_nobody(store):
    reminder = {"id": "t1", "on": "date", "field": "next_payment_date", "days": -3, "hour": 0}
    pay(store, "ada", next_payment_date=timezone.now() - timedelta(days=5))  # made just now
    assert names(rehearsed(flow(tag("x"), on=[reminder]))) == []


def test_who_came_to_a_list_would_have_entered_and_tags_are_not_on_record(store):
    letter = ContactList.objects.create(name="Letter")
    pay(store, "ada")
    subscribe([Contact.objects.get().pk], letter.pk, source=MARKETER)
    on = [{"id": "t1", "on": "subscribed", "list": letter.pk}, {"id": "t2", "on": "tagged", "tag": "vip"}]
    found = rehearsed(flow(tag("x"), on=on))
    assert names(found) == ["ada"]
    assert found.unknown == ("t2",)


def test_more_than_can_be_looked_at_is_said(store, monkeypatch):
    monkeypatch.setattr(who, "MOST_STARTS", 2)
    for number in range(3):
        pay(store, "ada", f"sub_{number}")
    found = rehearsed(flow(tag("x")))
    assert (len(found.found), found.is_whole) == (2, False)


def test_a_way_through_the_dunning_is_told_as_it_would_have_been(store):
    draft = flow(
        step("email", "first", subject="It is: {{ recurring_payment.status }}", text="1", about="service"),
        days(3),
        step("email", "second", subject="Again", text="2", about="service"),
        days(4, "wait2"),
        step("goal", where=ACTIVE, unmet="end"),
        step("email", "thanks", subject="{{ recurring_payment.status }}", text="3", about="service"),
        on=[FAILED],
    )  # fmt: skip
    pay(store, "ada")
    backdate("sub_1", days=21)
    pay(store, "ada", at=10, status="payment_failed")
    backdate("sub_1", days=20)
    pay(store, "ada", at=20, status="active")
    backdate("sub_1", days=15)
    before = RecurringPayment.objects.values().get()
    [found] = rehearsed(draft).found
    stops = walked(found)
    assert [(stop.step.id, stop.outcome) for stop in stops] == [
        ("first", "sent"), ("wait", "waited"), ("second", "sent"), ("goal", "reached"), ("thanks", "sent"),
    ]  # fmt: skip
    ages = [round((timezone.now() - stop.at) / timedelta(days=1)) for stop in stops]
    assert ages == [20, 17, 17, 15, 15]
    assert stops[0].mail
    assert stops[0].mail.subject == "It is: Payment failed"
    assert stops[-1].mail
    assert stops[-1].mail.subject == "Active"
    assert RecurringPayment.objects.values().get() == before
    assert not Message.objects.exists()
    assert not Enrolment.objects.exists()


def test_who_would_still_wait_is_told_until_when(store):
    draft = flow(tag("x"), days(30), tag("y"))
    pay(store, "ada")
    [found] = rehearsed(draft).found
    stops = walked(found)
    assert [(stop.step.id, stop.is_waiting) for stop in stops] == [("x", False), ("wait", True)]
    assert stops[-1].until
    assert timedelta(days=29) < stops[-1].until - timezone.now() <= timedelta(days=30)
    assert not Contact.objects.get().tags.exists()


def test_an_e_mail_that_would_be_held_back_says_why(store):
    draft = flow(step("email", subject="News", text="Hello"))
    pay(store, "ada")
    [found] = rehearsed(draft).found
    [stop] = walked(found)
    assert (stop.outcome, stop.problem) == ("suppressed", "not_subscribed")


def test_what_was_set_back_is_there_again_also_after_a_failure(store):
    pay(store, "ada")
    backdate("sub_1", days=9)
    pay(store, "ada", at=10, status="cancelled")
    with pytest.raises(RuntimeError), record.undone():
        record.set_back([RecurringPayment.objects.get().pk], timezone.now() - timedelta(days=1))
        assert RecurringPayment.objects.get().status == "active"
        raise RuntimeError
    assert RecurringPayment.objects.get().status == "cancelled"


STATUSES = st.sampled_from(["active", "payment_failed", "paused", "cancelled"])
LIVES = st.lists(st.tuples(st.sampled_from(["ada", "bob"]), st.sampled_from(["sub_1", "sub_2"]), STATUSES), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=LIVES, runs=st.sampled_from(["once_a_contact", "once_a_payment", "every_time"]))
def test_it_names_those_whom_the_engine_lets_in(store, lives, runs):
    """Law: whatever happens, a dry run of a flow names the runs that the engine had by that flow in that time."""
    for model in (Enrolment, Automation, RecurringPayment, Contact):
        model._default_manager.all().delete()
    not_paused = CREATED | {"where": {"not": {"field": "status", "op": "is", "value": "paused"}}}
    on = [not_paused, FAILED | {"id": "t2"}]
    begun = timezone.now()
    one = publish(tag("x"), on=on, runs=runs, name="Real")
    one.triggers.update(since=begun)
    for number, (person, sub, status) in enumerate(lives):
        pay(store, f"{person}{sub[-1]}", sub, at=number * 10, status=status)
        go(timezone.now())
    real = {(row.contact_id, row.payment_id, row.run_key, row.trigger) for row in one.enrolments.all()}
    dry = who.would_have_entered(
        one, reading.read(one.draft, itself=one.pk), since=begun, until=timezone.now() + timedelta(seconds=1)
    )
    assert {(found.contact, found.payment, found.run, found.trigger) for found in dry.found} == real
    assert dry.is_whole


def test_a_store_without_payments_lets_in_nobody(store: Store):
    assert rehearsed(flow(tag("x"))) == who.Who(found=(), is_whole=True)
