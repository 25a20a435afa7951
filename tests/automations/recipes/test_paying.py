"""The recipes around payments as people live through them: who gets in, who does not, and what they get when."""

from datetime import timedelta

import pytest

from contacts.models import Contact
from subscriptions.models import Store
from tests.automations.mails import words
from tests.automations.recipes.life import Life
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db


def test_a_renewal_is_announced_three_days_before_and_a_yearly_one_fourteen(store: Store, post: MailServer) -> None:
    life = Life("renewal_reminder", store, post)
    due = {"next_payment_date": life.day(20)}
    life.tell("ada", billing_interval="monthly", **due)
    life.tell("bob", billing_interval="yearly", **due)
    life.tell("cy", billing_interval="weekly", **due)
    life.tell("dan", billing_interval="monthly", cancel_at_period_end=True, **due)
    life.tell("eve", billing_interval="monthly", is_trial=True, **due)
    life.tell("fay", billing_interval="monthly", status="paused", **due)
    life.live(8)
    assert (life.mails("ada"), life.mails("bob")) == ([], ["reminder"])
    life.live(10)
    assert life.mails("ada") == life.mails("bob") == ["reminder"]
    life.live(3)
    life.tell("ada", billing_interval="monthly", next_payment_date=life.day(50))
    life.live(32)
    assert [len(life.mails(one)) for one in ("ada", "bob", "cy", "dan", "eve", "fay")] == [2, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("recovers_on", "expected"),
    [
        (1, ["first", "thanks"]),
        (5, ["first", "second", "thanks"]),
        (9, ["first", "second", "third", "thanks"]),
        (60, ["first", "second", "third"]),
    ],
)
def test_a_failed_payment_is_followed_until_it_is_active_again_from_wherever(
    store: Store, post: MailServer, recovers_on: int, expected: list[str]
) -> None:
    life = Life("failed_payment", store, post)
    life.tell()
    life.tell(status="payment_failed")
    assert life.mails() == ["first"]
    life.live(recovers_on)
    life.tell(status="active")
    assert life.mails() == expected
    assert life.inside() == 0
    life.live(60)
    assert life.mails() == expected


@pytest.mark.parametrize("status", ["cancelled", "expired", "paused"])
def test_a_failed_payment_that_is_over_is_not_followed_and_nobody_is_thanked(
    store: Store, post: MailServer, status: str
) -> None:
    life = Life("failed_payment", store, post)
    life.tell()
    life.tell("bob")
    life.tell(status="payment_failed")
    life.live(4)
    life.tell(status=status)
    life.live(60)
    assert (life.mails(), life.mails("bob"), life.inside()) == (["first", "second"], [], 0)


def test_a_payment_that_fails_again_is_followed_again(store: Store, post: MailServer) -> None:
    life = Life("failed_payment", store, post)
    life.tell()
    for _time in range(2):
        life.tell(status="payment_failed")
        life.live(1)
        life.tell(status="active")
    assert life.mails() == ["first", "thanks"] * 2


def test_a_french_person_reads_of_a_failed_payment_in_french(store: Store, post: MailServer) -> None:
    life = Life("failed_payment", store, post)
    values = {"name": "Pro", "payment_amount": "49", "currency": "EUR", "next_payment_date": "2031-12-03T09:00:00Z"}
    life.tell(**values)
    Contact.objects.update(language="fr", first_name="Ada")
    life.tell(status="payment_failed", **values)
    [sent] = post.inbox
    text = words(sent)
    assert sent["Subject"] == "Votre paiement n’a pas abouti"
    assert text.startswith("Bonjour Ada,")
    assert "le paiement pour Pro." in text
    assert "Montant : 49,00 €" in text
    assert "prévue le 3 décembre 2031." in text


def test_an_expiring_card_is_asked_for_twice_and_a_new_one_ends_it(store: Store, post: MailServer) -> None:
    life = Life("card_expiring", store, post)
    first = (life.start.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=62)).replace(day=1)
    values = {"payment_method_expiration": first}
    for person in ("ada", "bob", "cy"):
        life.tell(person, **values)
    life.tell("dan", status="cancelled", **values)
    life.live(days=(first - life.start).days)
    assert life.mails("ada") == []
    life.live(2)
    assert [life.mails(person) for person in ("ada", "bob", "cy", "dan")] == [["first"], ["first"], ["first"], []]
    life.tell("bob", payment_method_expiration=first.replace(year=first.year + 3))
    life.tell("cy", status="cancelled")
    assert life.mails("bob") == ["first", "thanks"]
    life.live(15)
    assert life.mails("ada") == ["first", "second"]
    life.live(30)
    got = [life.mails(person) for person in ("ada", "bob", "cy")]
    assert got == [["first", "second"], ["first", "thanks"], ["first"]]
    assert life.inside() == 0
