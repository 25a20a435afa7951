"""E-mails of steps over real SMTP: in whose words, to whom not, and once each whatever the mail server says."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from automations import by_hand, outbox, publishing, sending
from automations.models import Enrolment, Message, Sender
from contacts.models import Contact, ContactList, Standing
from contacts.services import bounce, subscribe, unsubscribe
from subscriptions.models import Store
from tests.automations.flows import ACTIVE, FAILED, change, days, go, later, only, path, pay, publish, step, tag, tags
from tests.automations.mails import kept_text, mail, send, words
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db


def test_an_e_mail_is_sent_and_then_its_person_goes_on(store: Store, post: MailServer) -> None:
    publish(mail(), tag("after"))
    pay(store)
    go()
    assert (tags(), only().step) == (set(), "email")
    send()
    send()
    [sent] = post.inbox
    assert (sent["To"], sent["Subject"], words(sent)) == ("ada@example.com", "Hello you", "Text")
    assert sent["Message-ID"] == f"<{Message.objects.get().number}@{sent['From'].rpartition('@')[2]}>"
    assert tags() == {"after"}
    assert path() == [("email", "sent"), ("after", "done")]
    kept = Message.objects.get()
    assert (kept.email, kept.subject, kept_text(kept)) == ("ada@example.com", "Hello you", "Text")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Pro: $49.00 on December 3, 2026, Payment failed."),
        ("fr", "Pro: 49,00 $US on 3 décembre 2026, Paiement échoué."),
    ],
)
def test_it_is_written_in_the_persons_language_with_the_payments_values(
    store: Store, post: MailServer, language: str, expected: str
) -> None:
    text = (
        "{{ recurring_payment.name }}: %RECURRING_PAYMENT_PAYMENT_AMOUNT% on "
        "{{ recurring_payment.next_payment_date | date: 'long' }}, {{ recurring_payment.status }}."
    )
    publish(mail(text=text), on=FAILED)
    values = {"name": "Pro", "payment_amount": "49", "currency": "USD", "next_payment_date": "2026-12-03T09:00:00Z"}
    pay(store, **values)
    Contact.objects.update(language=language)
    pay(store, at=1, status="payment_failed", **values)
    go()
    send()
    assert words(post.inbox[0]) == expected


def stand(state: str) -> None:
    """Have Ada stand on a list."""
    contact, news = Contact.objects.get(), ContactList.objects.create(name="News")
    if state != "on none":
        subscribe([contact.pk], news.pk, source="person")
    if state == "unsubscribed":
        unsubscribe([contact.pk], news.pk, source="person")
    if state == "bounced":
        bounce(contact.pk, news.pk)


@pytest.mark.parametrize(
    ("about", "state", "problem"),
    [
        ("marketing", "subscribed", ""),
        ("marketing", "on none", "not_subscribed"),
        ("marketing", "unsubscribed", "not_subscribed"),
        ("marketing", "bounced", "bounced"),
        ("service", "on none", ""),
        ("service", "unsubscribed", ""),
        ("service", "bounced", "bounced"),
    ],
)
def test_who_may_be_sent_what_is_asked_at_the_last_moment(
    store: Store, post: MailServer, about: str, state: str, problem: str
) -> None:
    publish(mail(about=about), tag("after"))
    pay(store)
    go()
    stand(state)
    send()
    assert len(post.inbox) == (not problem)
    assert (Message.objects.get().problem, tags()) == (problem, {"after"})


def test_who_has_no_address_is_sent_nothing_and_goes_on(store: Store, post: MailServer) -> None:
    one = publish(mail(), tag("after"))
    by_hand.enter(one, Contact.objects.create(first_name="Nobody"))
    go(timezone.now())
    send()
    assert path() == [("email", "suppressed"), ("after", "done")]


def test_a_colleague_is_told_in_the_accounts_language(store: Store, post: MailServer) -> None:
    User.objects.create_user("bob", "bob@team.example", is_staff=True)
    publish(step("notify", to="Bob@team.example", subject="{{ contact.email }} failed", text="See"))
    pay(store)
    go()
    send()
    assert [(sent["To"], sent["Subject"]) for sent in post.inbox] == [("Bob@team.example", "ada@example.com failed")]


def test_a_goal_reached_before_sending_sends_nothing(store: Store, post: MailServer) -> None:
    publish(mail(), step("goal", where=ACTIVE), tag("saved"), on=FAILED)
    pay(store)
    pay(store, at=1, status="payment_failed")
    go()
    pay(store, at=2)
    go(later(days=300))
    send()
    assert (post.inbox, tags()) == ([], {"saved"})
    assert Message.objects.get().state == "cancelled"


def test_nothing_is_sent_while_the_automation_is_paused(store: Store, post: MailServer) -> None:
    one = publish(mail(), tag("after"))
    pay(store)
    go()
    publishing.pause(one)
    send()
    assert post.inbox == []
    publishing.resume(one)
    send()
    assert (len(post.inbox), tags()) == (1, {"after"})


def nowhere(post: MailServer) -> dict[str, Any]:
    """The setting that leads to no mail server."""
    mailers = post.mailers
    mailers["default"]["OPTIONS"]["port"] = 1
    return mailers


def test_a_mail_server_that_is_away_is_tried_again_and_loses_nothing(
    store: Store, post: MailServer, settings: Any
) -> None:
    publish(mail(), tag("after"))
    for number in range(3):
        pay(store, f"p{number}", f"sub_{number}")
    go()
    settings.MAILERS = nowhere(post)
    send()
    assert {row.state for row in Message.objects.all()} == {"waiting"}
    settings.MAILERS = post.mailers
    send()
    assert sorted(sent["To"] for sent in post.inbox) == [f"p{number}@example.com" for number in range(3)]


def test_what_a_turn_has_no_time_for_is_free_for_the_next_one_at_once(store: Store, post: MailServer) -> None:
    publish(mail(), tag("after"))
    for number in range(3):
        pay(store, f"p{number}", f"sub_{number}")
    go()
    assert sending.send(seconds=0) is True
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sent": 1, "waiting": 2}
    send()
    assert sorted(sent["To"] for sent in post.inbox) == [f"p{number}@example.com" for number in range(3)]


def test_a_mail_server_that_stays_away_stops_people_until_somebody_retries(
    store: Store, post: MailServer, settings: Any
) -> None:
    publish(mail(), tag("after"))
    pay(store)
    go()
    settings.MAILERS = nowhere(post)
    Message.objects.update(failures=outbox.MAX_ATTEMPTS - 1)
    send()
    assert (only().state, only().reason) == ("parked", "unreachable")
    settings.MAILERS = post.mailers
    by_hand.retry([only()])
    Enrolment.objects.update(wake_at=later())
    go()
    send()
    assert (len(post.inbox), tags(), only().reason) == (1, {"after"}, "")


@pytest.mark.parametrize(
    ("verb", "answer", "state", "problem"),
    [
        ("RCPT", "550 no such person", "suppressed", "address_refused"),
        ("MAIL", "554 not from you", "failed", "refused"),
        ("RCPT", "451 come back", "waiting", "refused"),
        ("DATA", "421 too busy", "waiting", "refused"),
    ],
)
def test_what_the_mail_server_says_for_certain_is_believed(
    store: Store, post: MailServer, verb: str, answer: str, state: str, problem: str
) -> None:
    publish(mail())
    pay(store)
    go()
    post.answers[verb] = answer
    send()
    row = Message.objects.get()
    assert (row.state, row.problem) == (state, problem)
    post.answers.clear()
    send()
    assert len(post.inbox) == (state == "waiting")


def test_a_mail_server_that_hangs_up_leaves_it_uncertain_and_nothing_is_sent_twice(
    store: Store, post: MailServer
) -> None:
    publish(mail(), tag("after"))
    pay(store)
    go()
    post.hangs_up = True
    send()
    post.hangs_up = False
    send()
    assert (post.inbox, Message.objects.get().state) == ([], "uncertain")
    assert path() == [("email", "uncertain"), ("after", "done")]


def test_a_message_left_by_a_dead_process_is_uncertain_once_its_claim_runs_out(store: Store, post: MailServer) -> None:
    publish(mail(), tag("after"))
    pay(store)
    go()
    Message.objects.update(state="handed", claim="dead", claimed_until=timezone.now() + timedelta(seconds=30))
    sending.sweep()
    assert Message.objects.get().state == "handed"
    Message.objects.update(claimed_until=timezone.now())
    sending.sweep()
    send()
    assert (post.inbox, Message.objects.get().state, tags()) == ([], "uncertain", {"after"})


def test_a_tag_that_fails_for_a_person_stops_that_person_only(store: Store, post: MailServer) -> None:
    publish(mail(text="{{ recurring_payment.name | divided_by: 2 }}"), tag("after"))
    pay(store, "ada", "sub_1", name="12")
    pay(store, "bob", "sub_2", name="Pro")
    go()
    send()
    assert (tags("ada"), tags("bob")) == ({"after"}, set())
    stopped = Enrolment.objects.get(state="parked")
    assert (stopped.reason, stopped.detail) == ("template", "Pro is no number")


def test_a_mail_of_a_step_that_was_changed_meanwhile_is_sent_as_it_is_now(store: Store, post: MailServer) -> None:
    one = publish(mail(subject="Old"), days(1))
    pay(store)
    go()
    change(one, mail(subject="New"), days(1))
    go(later(minutes=1))
    send()
    assert [sent["Subject"] for sent in post.inbox] == ["New"]


def test_nobody_is_written_to_under_several_lines_of_a_subject(store: Store, post: MailServer) -> None:
    publish(mail(subject="Hi {{ contact.first_name }}"))
    pay(store)
    Contact.objects.update(first_name="Ada\r\nBcc: all@example.com")
    go()
    send()
    assert post.inbox[0]["Subject"] == "Hi Ada Bcc: all@example.com"
    assert post.inbox[0]["Bcc"] is None
    assert Standing.objects.count() == 0


def test_no_more_leave_than_the_mail_server_takes(store: Store, post: MailServer) -> None:
    Sender.objects.create(pk=Sender.ONLY, per_minute=60)  # three at once, then one a second
    publish(mail())
    for number in range(6):
        pay(store, f"p{number}", f"sub_{number}")
    go()
    Message.objects.update(claimed_until=timezone.now())
    assert sending.send(seconds=0.5)
    assert len(post.inbox) == 3
    assert sending.send(seconds=0.1)
    assert len(post.inbox) == 3
    assert set(Message.objects.exclude(state="sent").values_list("state", flat=True)) == {"waiting"}
    sending.send(seconds=1.6)
    assert len(post.inbox) in {4, 5}
