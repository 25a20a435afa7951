"""Processes that are killed, or work at the same time: everybody is where they should be, and every e-mail is one."""

import os
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from automations import by_hand, running, sending
from automations.models import Automation, Enrolment, Message, Passage
from contacts.models import Contact
from subscriptions.models import Store
from tests.automations.flows import ACTIVE, FAILED, days, pay, publish, step, tag
from tests.automations.forks import ended, forked, killed_at, killed_in_smtp
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = [
    tag("a"),
    step("email", subject="Hello", text="Text", about="service"),
    step("if", where=ACTIVE, yes=[tag("b")], no=[tag("wrong")]),
    step("set", field="company", value="Done"),
]
WAY = ["a", "email", "if", "b", "set"]


def work() -> None:
    """Do what workers do, as long as there is something to do."""
    while running.run(seconds=60) or sending.send(seconds=60) or _due():
        pass
    running.run(seconds=60)


def _due() -> bool:
    return Enrolment.objects.due(timezone.now()).exists()


def recover() -> None:
    """Do what the sweep of those who live does, once the claims of the dead have run out."""
    Message.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    sending.sweep()
    work()
    work()


def way_of(name: str) -> list[str]:
    rows = Passage.objects.filter(enrolment__contact__email=f"{name}@example.com").order_by("pk")
    return list(rows.values_list("step", flat=True))


def test_a_worker_killed_before_any_statement_loses_nothing_and_sends_nothing_twice(
    store: Store, post: MailServer
) -> None:
    publish(*STEPS)
    statement = 0
    while True:
        statement += 1
        name = f"p{statement}"
        pay(store, name, f"sub_{statement}")
        was_killed = killed_at(statement, work)
        recover()
        message = Message.objects.get(enrolment__contact__email=f"{name}@example.com")
        sent = [mail for mail in post.inbox if mail["To"] == f"{name}@example.com"]
        contact = Contact.objects.get(email=f"{name}@example.com")
        assert way_of(name) == WAY, statement
        assert (contact.company, {one.name for one in contact.tags.all()}) == ("Done", {"a", "b"}), statement
        assert len(sent) == 1 or (not sent and message.state == "uncertain"), statement
        if not was_killed:
            break
    assert statement > 40


@pytest.mark.parametrize(("before", "expected"), [(True, 0), (False, 1)])
def test_a_worker_killed_in_the_smtp_call_leaves_it_uncertain(
    store: Store, post: MailServer, before: bool, expected: int
) -> None:
    publish(*STEPS)
    pay(store)
    killed_in_smtp(work, before=before)
    recover()
    assert (len(post.inbox), Message.objects.get().state) == (expected, "uncertain")
    assert way_of("ada") == WAY


def test_many_workers_at_once_do_everything_once(store: Store, post: MailServer) -> None:
    publish(*STEPS)
    people = 300
    for number in range(people):
        pay(store, f"p{number}", f"sub_{number}")
    codes = [ended(pid) for pid in [forked(work) for _worker in range(4)]]
    assert codes == [0] * 4
    recover()
    assert Counter(mail["To"] for mail in post.inbox) == {f"p{number}@example.com": 1 for number in range(people)}
    assert Passage.objects.count() == people * len(WAY)
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"finished"}


def test_a_hundred_events_at_once_let_somebody_in_once(store: Store, post: MailServer) -> None:
    publish(days(1), on=FAILED, runs="once_a_contact")
    pay(store)
    for at in range(100):
        pay(store, at=at + 1, status="active" if at % 2 else "payment_failed")
    assert [ended(pid) for pid in [forked(work) for _worker in range(4)]] == [0] * 4
    assert Enrolment.objects.count() == 1


def test_of_many_who_let_somebody_in_by_hand_at_once_one_does_and_the_others_are_told(store: Store) -> None:
    one = publish(days(1), runs="once_a_contact")
    ada = Contact.objects.create(email="ada@example.com", email_key="ada@example.com")

    def enter() -> None:
        try:
            by_hand.enter(one, ada)
        except by_hand.NotLetIn as refused:
            os._exit(3 if refused.reason == "ran_already" else 4)

    assert sorted(ended(pid) for pid in [forked(enter) for _request in range(8)]) == [0] + [3] * 7
    assert Enrolment.objects.count() == 1


def test_what_another_thread_has_open_is_closed_before_a_process_is_made() -> None:
    """Or these tests would damage the SQLite file that they look at."""
    opened, done = threading.Event(), threading.Event()

    def look() -> None:
        Contact.objects.exists()
        opened.set()
        done.wait(60)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        opened.wait(60)
        assert ended(forked(Contact.objects.exists)) == 0
    finally:
        done.set()
        thread.join()


def test_two_who_look_for_dates_at_once_let_in_once(store: Store) -> None:
    hour = timezone.now().hour
    one = publish(days(1), on={"id": "t", "on": "date", "field": "next_payment_date", "days": 0, "hour": hour})
    for number in range(20):
        pay(store, f"p{number}", f"sub_{number}", next_payment_date=timezone.now())
    one.triggers.update(checked_until=timezone.now() - timedelta(hours=2))
    assert [ended(pid) for pid in [forked(running.look_around) for _worker in range(4)]] == [0] * 4
    assert Enrolment.objects.count() == 20


def test_a_worker_that_dies_while_people_are_let_in_lets_in_all_or_none(store: Store) -> None:
    publish(days(1))
    for number in range(10):
        pay(store, f"p{number}", f"sub_{number}")
    statement = 1
    while killed_at(statement, lambda: running.run(seconds=60)):
        assert Enrolment.objects.count() in {0, 10}
        statement += 1
    assert Enrolment.objects.count() == 10
    assert set(Enrolment.objects.values_list("step", flat=True)) == {"wait"}


def test_publishing_while_people_are_on_their_way_loses_nobody(store: Store) -> None:
    from automations import publishing
    from tests.automations.flows import flow

    one = publish(tag("a"), tag("b"), days(0 + 1), tag("c"))
    for number in range(200):
        pay(store, f"p{number}", f"sub_{number}")
    pids = [forked(work) for _worker in range(2)]
    for version in range(5):
        publishing.save(one, draft=flow(tag("a"), tag(f"v{version}"), days(1), tag("c")), name="Flow")
        publishing.publish(one)
        time.sleep(0.1)
    assert [ended(pid) for pid in pids] == [0, 0]
    work()
    assert Automation.objects.get().version == 6
    rows = Enrolment.objects.values_list("version__number", "step").distinct()
    assert set(rows) == {(6, "wait")}
    assert Passage.objects.filter(step="a").count() == 200
