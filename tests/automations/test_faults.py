"""What may fail around the engine: the broker, the database, many at once, and people who are erased meanwhile."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from automations import running
from automations.models import Enrolment, Message, Passage
from contacts.models import Contact
from subscriptions.models import Change, Store
from tests.automations.cluster import Cluster, cluster
from tests.automations.flows import CREATED, days, pay, publish, step, tag
from tests.automations.forks import ended, forked
from tests.contacts.mail_server import MailServer, mail_server
from tests.integrations.house import House
from tests.integrations.running import kill, until

MAIL = step("email", subject="Hello", text="Text", about="service")
WAKING = 10_000


@pytest.fixture
def post() -> Iterator[MailServer]:
    """A mail server that takes everything."""
    with mail_server() as server:
        yield server


def mail_to(server: MailServer) -> str:
    """Write the setting that leads to a mail server."""
    host, port = server.server_address[:2]
    return f"smtp://{host}:{port}"


def got(server: MailServer) -> Counter[str]:
    """Count what everybody got."""
    return Counter(str(message["To"]) for message in server.inbox)


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_nothing_is_lost_and_with_it_work_goes_on(post: MailServer, tmp_path: Path) -> None:
    store = Store.objects.create(name="Shop", provider="stripe")
    publish(MAIL, step("wait", "w", **{"for": {"n": 1, "unit": "minutes"}}), tag("after"))
    with ExitStack() as stack:
        house = House(stack, tmp_path, EMAIL_URL=mail_to(post))
        broker = house.broker()
        house.worker_and_clock()
        pay(store, "ada")
        until(lambda: Enrolment.objects.filter(step="w", has_begun=True).exists())
        kill(broker)
        for number in range(20):
            pay(store, f"p{number}", f"sub_{number + 2}")
        Enrolment.objects.filter(step="w").update(
            arrived_at=timezone.now() - timedelta(hours=1), wake_at=timezone.now()
        )
        assert Change.objects.filter(is_pending=True).count() == 20
        house.broker()
        until(lambda: len(got(post)) == 21)
        until(lambda: Passage.objects.filter(step="after").exists())
    everybody = {"ada@example.com", *(f"p{number}@example.com" for number in range(20))}
    assert got(post) == Counter(everybody)
    assert Enrolment.objects.filter(state="finished").count() == 1
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.cluster
def test_a_database_that_stops_and_comes_back_costs_nobody_a_step_and_sends_nothing_twice(
    post: MailServer, tmp_path: Path
) -> None:
    with cluster() as database, ExitStack() as stack:
        house = House(stack, tmp_path, EMAIL_URL=mail_to(post), DATABASE_URL=database.url)
        database.fill()
        house.broker()
        house.worker_and_clock()
        until(lambda: len(got(post)) >= 5)
        for _time in range(2):
            before = len(post.inbox)
            database.stop()
            database.start()
            until(lambda before=before: len(post.inbox) > before or _is_over(database))
        database.do("update automations_message set claimed_until = now()")  # claims of a minute that nobody keeps
        until(lambda: _is_over(database), seconds=120)
        states = Counter(state for (state,) in database.ask("select state from automations_message"))
        passed = database.ask("select count(*), count(distinct enrolment_id) from automations_passage where step = 'z'")
    assert passed == [(200, 200)]
    assert states.keys() <= {"sent", "uncertain"}
    assert sum(states.values()) == 200
    twice = [address for address, count in got(post).items() if count > 1]
    assert twice == []
    assert len(got(post)) >= states["sent"]


def _is_over(database: Cluster) -> bool:
    """Say whether everybody is through; while the database is away nobody is."""
    return database.ask("select count(*) from automations_enrolment where state = 'finished'") == [(200,)]


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_who_wake_in_the_same_second_are_each_moved_once() -> None:
    one = publish(days(1, "w"), MAIL, tag("after"), on=[CREATED])
    version, long_ago = one.versions.get(), timezone.now() - timedelta(days=2)
    addresses = [f"p{number}@example.com" for number in range(WAKING)]
    Contact.objects.bulk_create(Contact(email=each, email_key=each) for each in addresses)
    Enrolment.objects.bulk_create(
        Enrolment(
            automation=one, version=version, contact=contact, run_key=f"x{contact.pk}", step="w", arrived_at=long_ago,
            entered_at=long_ago, has_begun=True, until=timezone.now(), wake_at=timezone.now(),
        )
        for contact in Contact.objects.all()
    )  # fmt: skip
    processes = [forked(lambda: running.run(seconds=120)) for _number in range(4)]
    assert [ended(pid) for pid in processes] == [0, 0, 0, 0]
    assert Passage.objects.filter(step="w", outcome="waited").count() == WAKING
    assert Message.objects.values("enrolment").distinct().count() == Message.objects.count() == WAKING
    assert set(Enrolment.objects.values_list("step", "state")) == {("email", "active")}


def test_the_cluster_s_binaries_are_not_run_as_root(tmp_path: Path) -> None:
    """A cluster belongs to somebody without rights, whoever runs the tests."""
    if os.geteuid() == 0:
        assert Cluster(tmp_path).owner not in {"root", ""}
    else:
        assert Cluster(tmp_path).owner == ""
