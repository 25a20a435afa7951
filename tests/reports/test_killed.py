"""Processes that are killed while they keep the past up or send reports: nothing is lost, nothing is there twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from config import mail_rows
from reports.business import keeping
from reports.custom import saved, scheduling
from reports.models import ReportMail, Schedule, Upkeep
from subscriptions.models import Store
from tests.automations.forks import ended, forked, killed_at, killed_in_smtp
from tests.contacts.mail_server import MailServer, mail_server
from tests.people import member
from tests.reports.business import kept, lives
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post(transactional_db: None, settings: Any) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.MAILERS = server.mailers
        yield server


def _keep_up() -> None:
    keeping.work(seconds=60)


def _send() -> None:
    scheduling.work(seconds=60)


def _recover() -> None:
    """Do what the sweep of those who live does, once the claims of the dead have run out."""
    for _round in range(2):
        past = timezone.now() - timedelta(seconds=1)
        ReportMail.objects.filter(state__in=(*ReportMail.OPEN, "handed")).update(claimed_until=past)
        scheduling.sweep()
        _send()


def _due(number: int) -> Schedule:
    """Have a report of its own be due, for one person."""
    person = User.objects.filter(username="marketer").first() or member("Marketer")
    person.email = "mara@example.com"
    person.save()
    definition = {"about": "payments", "groups": [], "measures": [{"of": "payments"}]}
    made = saved.create(definition, name=f"Number {number}", owner=person)
    schedule = Schedule(report=made, rhythm="daily", hour=8, language="en", owner=person)
    scheduling.save(schedule, recipients=[person])
    Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now() - timedelta(seconds=1))
    return schedule


def test_killed_before_any_statement_the_past_is_made_whole_all_the_same(store: Store) -> None:
    lives.live(store)
    statement = 0
    while True:
        statement += 1
        Upkeep.objects.update(rules="")
        was_killed = killed_at(statement, _keep_up)
        kept.keep_up()
        found = kept.everything()
        if not was_killed:
            break
        assert found == kept.anew(), statement
    assert statement > 10


def test_several_workers_at_once_make_one_past(store: Store) -> None:
    for number in range(40):
        tell(store, report(f"sub_{number}", **lives.MONTHLY, payment_amount="10", email=f"p{number}@example.com"))
    assert [ended(pid) for pid in [forked(_keep_up) for _worker in range(4)]] == [0] * 4
    kept.keep_up()
    assert kept.everything() == kept.anew()


def test_killed_before_any_statement_a_report_is_sent_once(post: MailServer) -> None:
    statement = 0
    while True:
        statement += 1
        schedule = _due(statement)
        was_killed = killed_at(statement, _send)
        _recover()
        state = schedule.mails.get().state
        got = sum(f"Number {statement}" in each["Subject"] for each in post.inbox)
        assert (state, got) in {("sent", 1), ("failed", 0), ("failed", 1)}, statement
        if not was_killed:
            break
    assert (state, got) == ("sent", 1)
    assert statement > 10


@pytest.mark.parametrize(("before", "expected"), [(True, 0), (False, 1)])
def test_killed_while_the_mail_server_has_it_it_is_not_sent_again(
    post: MailServer, before: bool, expected: int
) -> None:
    schedule = _due(1)
    killed_in_smtp(_send, before=before, sender=mail_rows)
    _recover()
    assert (len(post.inbox), schedule.mails.get().problem) == (expected, "unknown")
