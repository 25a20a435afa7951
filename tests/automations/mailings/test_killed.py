"""Processes that are killed while a direct campaign goes out, and several that work on it: one e-mail for a person."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from automations import sending
from automations.mailings import filling
from automations.models import Mailing, Message
from tests.automations.forks import ended, forked, killed_at, killed_in_smtp
from tests.automations.mailings.people import campaign, crowd, plan
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


def work() -> None:
    """Do what workers do, as long as there is something to do."""
    while filling.work(seconds=60) or sending.send(seconds=60):
        pass


def recover() -> None:
    """Do what the sweep of those who live does, once the claims of the dead have run out."""
    for _round in range(2):
        past = timezone.now() - timedelta(seconds=1)
        for model in (Mailing, Message):
            model.objects.filter(state__in=(*model.OPEN, "handed")).update(claimed_until=past)
        sending.sweep()
        work()


def test_killed_before_any_statement_nobody_is_left_out_and_nobody_gets_two(
    post: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "SLICE", 2)
    news = crowd(3)
    statement = 0
    while True:
        statement += 1
        mailing = plan(campaign(subject=f"Number {statement}"), news)
        was_killed = killed_at(statement, work)
        recover()
        mailing.refresh_from_db()
        states = Counter(mailing.messages.values_list("state", flat=True))
        got = Counter(each["To"] for each in post.inbox if each["Subject"] == f"Number {statement}")
        assert mailing.state == "finished", statement
        assert states["sent"] + states["uncertain"] == 3, (statement, states)
        assert states["uncertain"] <= 1, statement
        assert max(got.values()) == 1, statement
        assert states["sent"] <= len(got) <= 3, statement
        if not was_killed:
            break
    assert statement > 20


@pytest.mark.parametrize(("before", "expected"), [(True, 0), (False, 1)])
def test_killed_while_the_mail_server_has_it_it_is_uncertain(post: MailServer, before: bool, expected: int) -> None:
    mailing = plan(campaign(), crowd(1))
    filling.work(seconds=60)
    killed_in_smtp(work, before=before)
    recover()
    mailing.refresh_from_db()
    assert (len(post.inbox), mailing.messages.get().state, mailing.state) == (expected, "uncertain", "finished")


def test_many_workers_at_once_send_everybody_one(post: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "SLICE", 50)
    mailing = plan(campaign(), crowd(300))
    assert [ended(pid) for pid in [forked(work) for _worker in range(4)]] == [0] * 4
    recover()
    mailing.refresh_from_db()
    assert Counter(each["To"] for each in post.inbox) == {f"p{number}@example.com": 1 for number in range(300)}
    assert (mailing.state, mailing.messages.count()) == ("finished", 300)
