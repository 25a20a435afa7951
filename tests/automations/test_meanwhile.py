"""People who are merged or erased while workers take them on: nobody waits in a circle, and nobody stays half."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from automations import running, sending
from automations.models import Enrolment, Message, Occurrence, Passage
from contacts import merging, privacy
from contacts.models import Contact
from subscriptions.models import RecurringPayment, Store
from tests.automations.flows import pay, publish, step, tag
from tests.automations.forks import ended, forked
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS, ROUNDS, WORKERS = 15, 4, 2
SECONDS = 20
ANY = [{"id": "t1", "on": "created"}, {"id": "t2", "on": "updated", "field": "status"}]
STEPS = [
    tag("a"),
    step("set", field="company", value="Done"),
    step("email", subject="Hello", text="Text", about="service"),
    tag("b"),
    step("set", "again", field="phone", value="1"),
]
WAY = ["a", "set", "email", "b", "again"]


def busy() -> None:
    """Do what workers do, over and over, until everybody who is to be merged or erased has been."""
    ends = time.monotonic() + SECONDS
    while Contact.objects.filter(email__startswith="other").exists() and time.monotonic() < ends:
        running.run(seconds=0.2)
        sending.send(seconds=0.2)
    running.run(seconds=0.2)


def news(store: Store) -> Callable[[], None]:
    """Have stores tell of everybody's payments, over and over."""

    def tell() -> None:
        for at in range(1, ROUNDS + 1):
            for number in range(PAIRS):
                for name in ("kept", "other"):
                    status = "active" if at % 2 == 0 else "paused"
                    pay(store, f"{name}{number}", f"sub_{name}{number}", at=at, status=status)

    return tell


def each(verb: Callable[[int], object]) -> Callable[[], None]:
    """Do it for each pair, with a little time in between for workers to have both in hand."""

    def work() -> None:
        for number in range(PAIRS):
            time.sleep(0.1)
            verb(number)

    return work


def number_of(name: str) -> int:
    return Contact.objects.values_list("pk", flat=True).get(email=f"{name}@example.com")


def merge(number: int) -> None:
    names = (f"kept{number}", f"other{number}")
    kept, other = names if number % 2 else reversed(names)
    merging.merge(number_of(kept), number_of(other), taken={"email"} if number % 2 == 0 else ())


def erase(number: int) -> None:
    privacy.erase(Contact.objects.get(email=f"other{number}@example.com"))


@pytest.fixture
def store(transactional_db: None) -> Store:
    one = Store.objects.create(name="Shop", provider="stripe")
    publish(*STEPS, on=ANY)
    publish(tag("c"), tag("d"), on={"id": "t", "on": "tagged", "tag": "b"}, name="Second")
    for number in range(PAIRS):
        for name in ("kept", "other"):
            pay(one, f"{name}{number}", f"sub_{name}{number}")
    return one


def finish() -> None:
    """Let those who are left come to their end."""
    for _round in range(5):
        Message.objects.filter(state__in=Message.OPEN).update(claimed_until=timezone.now() - timedelta(seconds=1))
        sending.sweep()
        sending.send(seconds=60)
        running.run(seconds=60)


def are_whole() -> None:
    """Nobody is on their way, or has done a step twice or not at all; nobody was held up by a fault."""
    finish()
    assert Counter(Enrolment.objects.values_list("state", "failures", "reason")).keys() <= {("finished", 0, "")}
    for one in Enrolment.objects.filter(automation__name="Flow"):
        assert list(Passage.objects.filter(enrolment=one).order_by("pk").values_list("step", flat=True)) == WAY
    assert not Occurrence.objects.exists()
    assert not Message.objects.exclude(state="sent").exists()


def test_merging_people_who_are_on_their_way_holds_up_nobody_and_loses_nothing(store: Store, post: MailServer) -> None:
    work = [busy] * WORKERS + [news(store), each(merge)]
    assert [ended(pid) for pid in [forked(one) for one in work]] == [0] * len(work)
    are_whole()
    changes = PAIRS * 2 * (ROUNDS + 1)
    assert Enrolment.objects.filter(automation__name="Flow").count() == changes
    assert len(post.inbox) == changes
    assert RecurringPayment.objects.filter(contact__isnull=False).count() == PAIRS * 2


def test_erasing_people_who_are_on_their_way_holds_up_nobody_and_leaves_nothing(store: Store, post: MailServer) -> None:
    work = [busy] * WORKERS + [each(erase)]
    assert [ended(pid) for pid in [forked(one) for one in work]] == [0] * len(work)
    are_whole()
    assert Contact.objects.count() == PAIRS
    assert set(Enrolment.objects.values_list("contact__email", flat=True)) == {
        f"kept{n}@example.com" for n in range(PAIRS)
    }
    assert Counter(mail["To"] for mail in post.inbox if mail["To"].startswith("kept")) == {
        f"kept{n}@example.com": 1 for n in range(PAIRS)
    }
