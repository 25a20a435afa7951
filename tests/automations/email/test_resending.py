"""E-mails that a mail server refuses for now: sent again as they were, some hours later, and not for ever."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from automations import publishing, resending, sending
from automations.email.receiving import taking
from automations.mailings import planning
from automations.models import Automation, Engagement, Mailing, Message
from contacts.models import Contact, Suppression
from contacts.services import unsubscribe
from subscriptions.models import Store
from tests.automations.email.test_receiving import report
from tests.automations.flows import go, pay, publish
from tests.automations.mailings.people import campaign, crowd, plan, work
from tests.automations.mails import mail, send, words
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(store: Store, post: MailServer, settings: Any) -> Message:
    """An e-mail that Ada was sent."""
    settings.REPLY_DOMAIN = "reply.example"
    publish(mail())
    pay(store)
    go()
    send()
    post.inbox.clear()
    return Message.objects.get()


def refused(message: Message, number: int = 1) -> None:
    """Have a mail server say that the mailbox is full."""
    returned = report(message, status="4.2.2")
    returned.replace_header("Message-ID", f"<{number}@mx>")
    assert taking.take(returned)


def later() -> None:
    """Let the time come at which it is tried again."""
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.exclude(again_at=None).update(again_at=past, claimed_until=past)
    sending.send(seconds=60)


def did() -> list[str]:
    return list(Engagement.objects.order_by("pk").values_list("kind", flat=True))


def test_it_is_sent_again_as_it_was_sent(message: Message, post: MailServer) -> None:
    Contact.objects.update(first_name="Ada")
    refused(message)
    refused(message)  # the same report once more
    sending.send(seconds=60)
    assert post.inbox == []
    message.refresh_from_db()
    assert timedelta(hours=1) < message.claimed_until - timezone.now() <= timedelta(hours=2)
    later()
    [again] = post.inbox
    assert (again["Subject"], words(again)) == ("Hello you", "Text")
    assert str(message.number) in again["Message-ID"]
    message.refresh_from_db()
    assert (message.state, did()) == ("sent", ["soft_bounced"])
    assert not Suppression.objects.exists()


def test_it_goes_to_the_address_that_the_person_has_by_then(message: Message, post: MailServer) -> None:
    refused(message)
    Contact.objects.update(email="new@example.com", email_key="new@example.com")
    later()
    assert [one["To"] for one in post.inbox] == ["new@example.com"]


def test_after_the_last_attempt_it_has_bounced_and_the_address_stays_good(message: Message, post: MailServer) -> None:
    for number in range(len(resending.PAUSES) + 1):
        refused(message, number)
        later()
    assert len(post.inbox) == len(resending.PAUSES)
    assert did() == ["soft_bounced"] * 4 + ["bounced"]
    assert not Suppression.objects.exists()
    message.refresh_from_db()
    assert message.state == "sent"


def test_who_is_suppressed_meanwhile_gets_nothing(message: Message, post: MailServer) -> None:
    refused(message)
    returned = report(message, kind="feedback-report")
    returned.replace_header("Message-ID", "<other@mx>")
    taking.take(returned)
    later()
    message.refresh_from_db()
    assert (post.inbox, message.state, message.problem) == ([], "suppressed", "complained")


def test_it_waits_while_its_automation_is_paused(message: Message, post: MailServer) -> None:
    one = Automation.objects.get()
    refused(message)
    publishing.pause(one)
    later()
    assert post.inbox == []
    publishing.resume(one)
    later()
    assert len(post.inbox) == 1


def test_what_went_to_a_list_is_tried_again_though_that_is_over(post: MailServer, settings: Any) -> None:
    settings.REPLY_DOMAIN = "reply.example"
    news = crowd(2)
    mailing = plan(campaign(), news)
    work()
    first, second = mailing.messages.order_by("pk")
    refused(first, 1)
    refused(second, 2)
    unsubscribe([second.contact_id], news.pk, source="person")
    post.inbox.clear()
    later()
    assert [one["To"] for one in post.inbox] == [first.contact.email]
    assert Mailing.objects.get().state == "finished"
    refused(first, 3)
    Mailing.objects.update(state="running")
    assert planning.cancel(mailing)
    later()
    assert len(post.inbox) == 1
