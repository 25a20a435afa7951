"""A direct campaign from its plan to its end: to whom, once, held, taken back, and with two subjects."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from automations import sending, suppressing
from automations.campaigns import keeping, results
from automations.email.content import ContentError
from automations.mailings import audience, filling, planning
from automations.mailings.planning import Changed, NotPossible, Plan, Trial
from automations.models import Campaign, Engagement, Mailing, Message, Sender
from automations.refusals import InUse
from contacts import merging, privacy
from contacts.models import Contact, ContactList, Standing
from contacts.reach import can_be_mailed
from contacts.services import bounce, email_key, unsubscribe
from contacts.suppressing import suppress
from subscriptions.models import Store
from subscriptions.segments import saved
from tests.automations.flows import go, pay, publish
from tests.automations.mailings.people import campaign, crowd, plan, work
from tests.automations.mails import mail, words
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db


def person(number: int) -> Contact:
    return Contact.objects.get(email=f"p{number}@example.com")


def recipients(post: MailServer) -> Counter[str]:
    return Counter(str(one["To"]) for one in post.inbox)


def test_everybody_on_the_lists_gets_one_in_their_own_words(post: MailServer) -> None:
    news, offers = crowd(3), crowd(5, "Offers")
    Contact.objects.filter(email="p1@example.com").update(first_name="Zoë", language="fr")
    one = campaign(translations={"fr": {"subject": "Pour {{ contact.first_name }}", "body": "<p>Bonjour</p>"}})
    mailing = plan(one, news, offers)
    work()
    assert recipients(post) == {f"p{number}@example.com": 1 for number in range(5)}
    french = next(each for each in post.inbox if each["To"] == "p1@example.com")
    assert (french["Subject"], words(french).splitlines()[0]) == ("Pour Zoë", "Bonjour")
    assert french["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    mailing.refresh_from_db()
    assert (mailing.state, mailing.messages.count(), results.figures(one).sent) == (Mailing.State.FINISHED, 5, 5)


def test_who_cannot_be_mailed_is_counted_apart_and_gets_nothing(post: MailServer) -> None:
    news = crowd(5)
    bounce(person(0).pk, news.pk)
    unsubscribe([person(1).pk], news.pk, source="person")
    suppress(email_key("p2@example.com") or "", "complained")
    counted = audience.count([news.pk], None)
    assert (counted.people, counted.out_of_reach) == (2, 1)
    plan(campaign(), news)
    work()
    assert recipients(post).keys() == {"p3@example.com", "p4@example.com"}


def test_a_segment_narrows_the_lists(post: MailServer) -> None:
    news = crowd(4)
    Contact.objects.filter(email__in=["p1@example.com", "p2@example.com"]).update(company="Shop")
    Contact.objects.create(email="else@example.com", email_key="else@example.com", company="Shop")
    segment = saved.create({"contact": "company", "op": "is", "value": "Shop"}, name="Shops")
    plan(campaign(), news, segment=segment.pk)
    with pytest.raises(saved.InUse):
        saved.delete(segment)
    work()
    assert recipients(post).keys() == {"p1@example.com", "p2@example.com"}
    saved.delete(segment)


def test_who_unsubscribes_meanwhile_gets_nothing(post: MailServer) -> None:
    news, offers = crowd(2), crowd(2, "Offers")
    mailing = plan(campaign(), news)
    filling.work(seconds=60)
    unsubscribe([person(0).pk], news.pk, source="person")
    work()
    assert recipients(post).keys() == {"p1@example.com"}
    row = Message.objects.get(mailing=mailing, contact=person(0))
    assert (row.state, row.problem) == ("suppressed", "not_on_the_list")
    assert offers.standings.filter(state="subscribed").count() == 2


def test_whatever_happens_to_people_while_their_e_mails_are_in_hand_counts(post: MailServer, monkeypatch: Any) -> None:
    def then(*asked: Any) -> Any:
        """Hand one over, and once the first has left, let things happen to who was claimed with it."""
        answer = hand_over(*asked)
        if len(post.inbox) == 1:
            merging.merge(
                Contact.objects.create(email="joined@example.com", email_key="joined@example.com").pk, people[1]
            )
            privacy.erase(Contact.objects.get(pk=people[2]))
            unsubscribe([people[3]], news.pk, source="person")
        return answer

    news, hand_over = crowd(5), sending.post
    people = [person(number).pk for number in range(5)]
    mailing = plan(campaign(), news)
    filling.work(seconds=60)
    monkeypatch.setattr(sending, "post", then)
    work()
    assert recipients(post) == {f"{name}@example.com": 1 for name in ("p0", "joined", "p4")}
    assert Counter(mailing.messages.values_list("state", "problem")) == {
        ("sent", ""): 3,
        ("suppressed", "not_on_the_list"): 1,
    }


STANDS = [("bounced", "unsubscribed"), ("bounced", "subscribed"), ("unconfirmed",), ("unsubscribed", "subscribed"), ()]


@pytest.mark.parametrize("states", STANDS)
@pytest.mark.parametrize("reason", ["", "bounced", "complained"])
def test_whoever_is_counted_as_reached_is_sent_marketing_and_nobody_else(states: Sequence[str], reason: str) -> None:
    contact = Contact.objects.create(email="p0@example.com", email_key="p0@example.com")
    for number, state in enumerate(states):
        made = ContactList.objects.create(name=f"List {number}")
        Standing.objects.create(contact=contact, contact_list=made, state=state, changed_at=timezone.now())
    if reason:
        suppress("p0@example.com", reason)
    is_reached = Contact.objects.filter(can_be_mailed()).exists()
    assert (suppressing.why_not("marketing", contact) == "") is is_reached
    assert is_reached is (states == ("unsubscribed", "subscribed") and not reason)


def test_one_click_unsubscribes_from_what_went_to_a_list(post: MailServer, client: Client) -> None:
    news = crowd(1)
    one = campaign()
    plan(one, news)
    work()
    address = urlsplit(str(post.inbox[0]["List-Unsubscribe"]).strip(" \r\n<>")).path
    assert client.get(address).status_code == 200
    assert news.standings.get().is_subscribed
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert news.standings.get().state == "unsubscribed"
    assert results.figures(one).unsubscribed == 1
    assert audience.count([news.pk], None).people == 0


def test_it_begins_at_its_time_and_asks_then_who_is_meant(post: MailServer) -> None:
    news = crowd(1)
    at = timezone.now() + timedelta(hours=2)
    mailing = plan(campaign(), news, at=at)
    work()
    assert (post.inbox, mailing.messages.count()) == ([], 0)
    crowd(3)
    assert mailing.claimed_until == at
    Mailing.objects.update(starts_at=timezone.now())
    work()
    assert len(post.inbox) == 3


def test_a_number_that_was_not_confirmed_starts_nothing() -> None:
    news = crowd(2)
    one = campaign()
    with pytest.raises(Changed) as changed:
        planning.plan(one, Plan(lists=[news.pk]), confirmed=1)
    assert changed.value.count == 2
    with pytest.raises(NotPossible, match="There is nobody"):
        planning.plan(one, Plan(lists=[crowd(0, "Empty").pk]), confirmed=0)
    with pytest.raises(NotPossible, match="Choose a list"):
        planning.plan(one, Plan(lists=[]), confirmed=0)
    with pytest.raises(NotPossible, match="past"):
        planning.plan(one, Plan(lists=[news.pk], at=timezone.now()), confirmed=2)
    with pytest.raises(NotPossible, match="list is gone"):
        planning.plan(one, Plan(lists=[news.pk, 4711]), confirmed=2)
    with pytest.raises(NotPossible, match="segment is gone"):
        planning.plan(one, Plan(lists=[news.pk], segment=4711), confirmed=2)
    assert not Mailing.objects.exists()
    assert not Campaign.objects.get().version


def test_it_speaks_of_no_payment_and_is_no_e_mail_of_automations() -> None:
    news = crowd(1)
    with pytest.raises(ContentError) as error:
        plan(campaign(body="<p>{{ recurring_payment.name }}</p>"), news)
    assert "recurring_payment.name" in error.value.errors["body"]
    automated = keeping.create(name="Step", draft={"subject": "a", "body": "<p>b</p>"})
    with pytest.raises(NotPossible, match="Automations"):
        plan(automated, news)
    service = keeping.create(name="Service", kind="direct", draft={"subject": "a", "purpose": "service"})
    assert service.draft["purpose"] == "marketing"


def test_it_is_sent_once_and_stays_as_it_was(post: MailServer) -> None:
    news = crowd(1)
    one = campaign()
    plan(one, news)
    with pytest.raises(NotPossible, match="already"):
        plan(one, news)
    with pytest.raises(InUse):
        keeping.save(one, draft={"subject": "Other"})
    with pytest.raises(InUse):
        keeping.archive(one)
    work()
    assert len(post.inbox) == 1
    keeping.archive(one)
    copy = keeping.duplicate(one)
    plan(copy, news)
    work()
    assert len(post.inbox) == 2


def test_it_is_held_and_goes_on(post: MailServer) -> None:
    news = crowd(3)
    mailing = plan(campaign(), news)
    filling.work(seconds=60)
    assert planning.pause(mailing)
    assert not planning.pause(mailing)
    work()
    assert post.inbox == []
    assert planning.resume(mailing)
    work()
    assert recipients(post) == {f"p{number}@example.com": 1 for number in range(3)}


def test_it_is_held_in_the_middle_of_being_sent(post: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    mailing = plan(campaign(), crowd(10))
    filling.work(seconds=60)
    real = sending.post

    def then_held(*args: Any) -> Any:
        planning.pause(mailing)
        return real(*args)

    with monkeypatch.context() as patched:
        patched.setattr(sending, "post", then_held)
        sending.send(seconds=60)
    assert Counter(mailing.messages.values_list("state", flat=True)) == {"sent": 1, "waiting": 9}
    planning.resume(mailing)
    work()
    assert len(recipients(post)) == len(post.inbox) == 10


def test_it_is_cancelled_for_those_who_have_not_got_it(post: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "SLICE", 2)
    mailing = plan(campaign(), crowd(4))
    filling.work(seconds=0)
    sending.send(seconds=60)
    sent = len(post.inbox)
    filling.work(seconds=60)
    assert planning.cancel(mailing)
    work()
    mailing.refresh_from_db()
    states = Counter(mailing.messages.values_list("state", flat=True))
    assert (len(post.inbox), states["sent"], states["waiting"]) == (sent, sent, 0)
    assert mailing.state == Mailing.State.CANCELLED
    assert not planning.cancel(mailing)
    assert not planning.resume(mailing)


def test_a_plan_that_has_not_begun_is_taken_back_and_made_anew(post: MailServer) -> None:
    news = crowd(1)
    one = campaign()
    mailing = plan(one, news, at=timezone.now() + timedelta(days=1))
    assert planning.cancel(mailing)
    keeping.save(one, draft={"subject": "Better", "body": "<p>x</p>"})
    plan(one, news)
    work()
    assert [each["Subject"] for each in post.inbox] == ["Better"]


def test_a_share_tries_two_subjects_and_the_others_get_the_better_one(post: MailServer) -> None:
    news = crowd(200)
    mailing = plan(campaign(subject="First", other_subject="Second"), news, trial=Trial(share=30, hours=4))
    work()
    tried = Counter(str(each["Subject"]) for each in post.inbox)
    assert set(tried) == {"First", "Second"}
    assert 20 < sum(tried.values()) < 110
    for row in mailing.messages.filter(variant="b"):
        Engagement.objects.create(message=row, kind="opened", at=timezone.now())
    work()
    assert sum(tried.values()) == len(post.inbox)
    Mailing.objects.update(tested_at=timezone.now() - timedelta(hours=4))
    work()
    work()
    assert len(post.inbox) == 200
    assert Counter(str(each["Subject"]) for each in post.inbox)["First"] == tried["First"]
    mailing.refresh_from_db()
    assert (mailing.winner, mailing.state) == ("b", Mailing.State.FINISHED)


def test_everybody_tries_one_of_two_subjects_and_nobody_waits(post: MailServer) -> None:
    plan(campaign(subject="First", other_subject="Second"), crowd(60), trial=Trial(share=100))
    work()
    assert set(Counter(str(each["Subject"]) for each in post.inbox)) == {"First", "Second"}
    assert len(post.inbox) == 60


def test_the_better_subject_is_chosen_by_hand(post: MailServer) -> None:
    mailing = plan(campaign(subject="First", other_subject="Second"), crowd(40), trial=Trial(share=10))
    work()
    assert planning.choose(mailing, "a")
    assert not planning.choose(mailing, "b")
    work()
    assert len(post.inbox) == 40


def test_a_list_that_is_gone_leaves_it_failed_with_the_reason(post: MailServer) -> None:
    news = crowd(1)
    mailing = plan(campaign(), news, at=timezone.now() + timedelta(hours=1))
    news.delete()
    Mailing.objects.update(starts_at=timezone.now())
    work()
    mailing.refresh_from_db()
    assert (mailing.state, mailing.problem, post.inbox) == (Mailing.State.FAILED, "no_list", [])


def test_a_segment_that_is_gone_leaves_it_failed_with_the_reason(post: MailServer) -> None:
    news = crowd(1)
    segment = saved.create({"list": crowd(1, "Other").pk, "op": "subscribed"}, name="Others")
    mailing = plan(campaign(), news, segment=segment.pk)
    ContactList.objects.get(name="Other").delete()
    work()
    mailing.refresh_from_db()
    assert (mailing.state, mailing.problem, post.inbox) == (Mailing.State.FAILED, "no_segment", [])
    assert planning.cancel(mailing)


def test_what_automations_send_goes_before_many_others(store: Store, post: MailServer) -> None:
    plan(campaign(), crowd(100))
    filling.work(seconds=60)
    publish(mail())
    pay(store)
    go()
    Sender.objects.create(pk=Sender.ONLY, per_minute=20)  # which is one at once, and then one each three seconds
    sending.send(seconds=1)
    assert [one["To"] for one in post.inbox] == ["ada@example.com"]


def test_two_who_become_one_have_what_both_got_and_get_no_second(post: MailServer) -> None:
    mailing = plan(campaign(), crowd(2))
    filling.work(seconds=60)
    merging.merge(person(0).pk, person(1).pk)
    work()
    assert len(post.inbox) == 1
    assert Counter(mailing.messages.values_list("state", flat=True)) == {"sent": 1, "cancelled": 1}


def test_what_somebody_got_is_handed_out_and_erased_with_them(post: MailServer) -> None:
    plan(campaign(), crowd(1))
    work()
    [told] = privacy.export(person(0))["campaigns"]
    assert (told["campaign"], told["subject"]) == ("Newsletter", "News for you")
    privacy.erase(person(0))
    assert not Message.objects.exists()
