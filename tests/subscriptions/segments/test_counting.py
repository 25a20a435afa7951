"""The live count: exact while there is time, an honest estimate afterwards, and never anybody in the way of others."""

import random
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from contacts.models import Contact, ContactList, Standing
from contacts.services import bounce, subscribe, unsubscribe
from subscriptions.segments import compiler, counting, reading
from subscriptions.segments.compiler import World
from subscriptions.segments.counting import Count, count, first
from subscriptions.segments.haste import Deadline, hurried
from subscriptions.segments.operators import Operator
from subscriptions.segments.reach import reachable
from subscriptions.segments.subjects import CONTACT
from subscriptions.segments.tree import EVERYONE, Condition
from subscriptions.segments.values import NOTHING
from tests.subscriptions.segments.conftest import CLOCK, field, paying

pytestmark = pytest.mark.django_db
WORLD = World(clock=CLOCK)
# more seconds than anything takes here, however busy the machine
AMPLE = 60
_FOREVER = "EXISTS (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i % 7 + 1 FROM n) SELECT 1 FROM n WHERE i < 0)"


def _asks(sql: str) -> Condition:
    ask = lambda _subject, _value, _clock: Q(RawSQL(sql, (), output_field=BooleanField()))  # noqa: E731
    return Condition(subject=CONTACT["email"], operator=Operator(name="x", label="x", form=NOTHING, ask=ask))


ENDLESS = _asks(_FOREVER)
BROKEN = _asks("CAST('nothing that is a function' AS no_such_type) = no_such_column")


def crowd(size: int) -> None:
    """Make people of whom every fourth is called Ada."""
    names = ["Ada", "Bob", "Cleo", "Dora"]
    Contact.objects.bulk_create(Contact(first_name=names[number % 4]) for number in range(size))


ADAS = reading.read({"contact": "first_name", "op": "is", "value": "ada"})


def test_what_can_be_counted_is_exact(people: dict[str, Contact]) -> None:
    paused = field("status", "is", "paused")
    for match, expected in (("any", 2), ("none", 2), ("every", 1), ({"at_most": 0}, 2), ({"exactly": 1}, 2)):
        assert count(reading.read(paying(paused, match=match)), WORLD, seconds=AMPLE) == Count(number=expected)
    assert count(reading.read({"all": []}), WORLD, seconds=AMPLE) == Count(number=4)


def test_only_those_are_counted_who_are_named(people: dict[str, Contact]) -> None:
    world = World(clock=CLOCK, only=(people["Bob"].pk, people["Dora"].pk))
    paused = field("status", "is", "paused")
    assert count(reading.read(paying(paused, match="none")), world, seconds=AMPLE) == Count(number=1)
    assert count(reading.read(paying(paused)), world, seconds=AMPLE) == Count(number=1)


@pytest.mark.parametrize("node", [ENDLESS, BROKEN], ids=["endless", "broken"])
def test_what_cannot_be_counted_in_time_is_given_up_and_said(node: Condition) -> None:
    crowd(8)
    assert count(node, seconds=0.2) == Count(number=0, is_estimate=True, sample=0)
    assert first(node, seconds=0.2) == []
    assert Contact.objects.count() == 8


def test_an_estimate_is_made_of_people_chosen_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(2000)
    random.seed(7)
    monkeypatch.setattr(counting, "_LARGEST_SAMPLE", 500)
    made = counting._estimate(ADAS, WORLD, Deadline(AMPLE))
    assert (made.is_estimate, made.sample) == (True, 500)
    assert 400 <= made.number <= 600


def test_numbers_of_people_who_are_gone_make_an_estimate_no_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(2000)
    random.seed(7)
    between = list(Contact.objects.order_by("pk").values_list("pk", flat=True)[100:1900])
    Contact.objects.filter(pk__in=between).delete()
    monkeypatch.setattr(counting, "_LARGEST_SAMPLE", 500)
    made = counting._estimate(ADAS, WORLD, Deadline(AMPLE))
    assert made.sample < 100
    assert 20 <= made.number <= 80


def test_a_sample_of_everybody_is_no_estimate() -> None:
    crowd(40)
    assert counting._estimate(ADAS, WORLD, Deadline(AMPLE)) == Count(number=10)


def test_of_nobody_there_is_nothing_to_estimate() -> None:
    assert counting._estimate(ADAS, WORLD, Deadline(AMPLE)) == Count(number=0)


def test_payments_are_counted_of_people_and_estimated_in_the_same_way(people: dict[str, Contact]) -> None:
    paused = reading.read(field("status", "is", "paused"), inside_payment=True)
    assert counting.count_payments(paused, WORLD, seconds=AMPLE) == Count(number=2)
    assert counting._estimate(paused, WORLD, Deadline(AMPLE), counting._PAYMENTS) == Count(number=2)
    assert counting.count_payments(ENDLESS, seconds=0.2) == Count(number=0, is_estimate=True, sample=0)


def test_the_newest_come_first_wherever_they_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(40)
    expected = list(compiler.people(ADAS)[:5])
    assert first(ADAS, seconds=AMPLE) == expected
    monkeypatch.setattr(counting, "_NEWEST", 4)
    assert first(ADAS, seconds=AMPLE) == expected
    assert first(ADAS, limit=100, seconds=AMPLE) == list(compiler.people(ADAS))


def test_limits_end_with_the_question() -> None:
    with hurried(Deadline(AMPLE)):
        Contact.objects.count()
    count(ENDLESS, seconds=0.1)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name, usual in (("statement_timeout", "0"), ("jit", "on")):
                cursor.execute(f"SHOW {name}")
                assert cursor.fetchone() == (usual,)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900000) SELECT max(i) FROM n"
        )
        assert cursor.fetchone() == (900_000,)


@pytest.mark.django_db(transaction=True)
def test_nobody_who_writes_waits_for_a_count() -> None:
    crowd(8)
    begun, seen = Event(), list[Count]()

    def asks() -> None:
        def tell(execute: Any, *args: Any) -> Any:
            begun.set()
            return execute(*args)

        with connection.execute_wrapper(tell):
            seen.append(count(ENDLESS, seconds=4))
        connection.close()

    counts = Thread(target=asks)
    counts.start()
    begun.wait()
    Contact.objects.create(first_name="Eve")
    assert counts.is_alive()
    counts.join()
    assert seen == [Count(number=0, is_estimate=True, sample=0)]


def test_who_can_be_mailed_has_an_e_mail_is_subscribed_and_was_not_refused(people: dict[str, Contact]) -> None:
    lists = [ContactList.objects.create(name=name) for name in ("News", "Offers", "Asks")]
    everybody = [person.pk for person in people.values()]
    subscribe(everybody, lists[0].pk, source="marketer")
    subscribe(everybody, lists[1].pk, source="marketer")
    unsubscribe([people["Ada"].pk], lists[0].pk, source="marketer")  # and still on the other one
    unsubscribe([people["Bob"].pk], lists[0].pk, source="marketer")
    unsubscribe([people["Bob"].pk], lists[1].pk, source="marketer")
    bounce(people["Cleo"].pk, lists[1].pk)
    silent = Contact.objects.create(first_name="Silent")
    Standing.objects.create(contact=silent, contact_list=lists[0], state="subscribed", changed_at=timezone.now())
    asked = Contact.objects.create(email="asked@example.com", email_key="asked@example.com")
    Standing.objects.create(contact=asked, contact_list=lists[2], state="unconfirmed", changed_at=timezone.now())
    node = reachable(EVERYONE)
    assert counting.count(node) == Count(number=2)
    assert {person.first_name for person in counting.first(node)} == {"Ada", "Dora"}
