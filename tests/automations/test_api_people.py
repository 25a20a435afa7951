"""People in automations over the API: who is where, the way of each, letting in by hand, trying again, ending."""

from typing import Any

import pytest

from automations import publishing
from automations.models import Automation, Enrolment, Message
from config.audit.models import Entry
from contacts import merging, privacy
from contacts.models import Contact
from integrations.models import IdempotentAnswer
from subscriptions.models import Store
from tests.automations.flows import days, go, later, pay, publish, step, tag
from tests.integrations.api.plugin import Plugin

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(db: None) -> Plugin:
    """Whoever may see and change automations."""
    return Plugin(None, scopes=["automations"])


@pytest.fixture
def one(store: Store) -> Automation:
    """An automation in which Ada waits, and Bob has been and is through."""
    made = publish(tag("a"), days(1), tag("b"))
    pay(store, "bob", "sub_b")
    go()
    go(later(days=2))
    pay(store, "ada", "sub_a", at=1)
    go()
    return made


def reasons(answer: Any) -> dict[str, str]:
    return {one["path"]: one["reason"] for one in answer.json()["errors"]}


def acts() -> list[str]:
    return list(Entry.objects.filter(action__startswith="automation.").order_by("pk").values_list("action", flat=True))


def emails(maker: Plugin, one: Automation, **asked: Any) -> list[str]:
    answer = maker.get(f"/automations/{one.pk}/people", **asked)
    assert answer.status_code == 200, answer.content
    return [row["contact"]["email"] for row in answer.json()["results"]]


def test_people_are_found_by_where_they_stand(maker: Plugin, one: Automation) -> None:
    assert emails(maker, one) == ["bob@example.com", "ada@example.com"]
    assert emails(maker, one, state="inside") == ["ada@example.com"]
    assert emails(maker, one, state="finished") == ["bob@example.com"]
    assert emails(maker, one, step="wait") == ["ada@example.com"]
    assert emails(maker, one, contact="ADA@example.com") == ["ada@example.com"]
    assert emails(maker, one, contact=Contact.objects.get(email="bob@example.com").pk) == ["bob@example.com"]
    first = maker.get(f"/automations/{one.pk}/people", limit=1).json()
    assert emails(maker, one, limit=1, cursor=first["next"]) == ["ada@example.com"]
    assert maker.get(f"/automations/{one.pk}/people", state="lost").status_code == 400
    assert maker.get(f"/automations/{one.pk}/people", contact="eve@example.com").status_code == 404


def test_who_was_merged_is_found_by_the_old_number_and_e_mail(maker: Plugin, one: Automation) -> None:
    ada, bob = (Contact.objects.get(email=f"{name}@example.com") for name in ("ada", "bob"))
    merging.merge(ada.pk, bob.pk)
    assert (
        emails(maker, one, contact=bob.pk) == emails(maker, one, contact="bob@example.com") == ["ada@example.com"] * 2
    )
    entered = maker.send("POST", f"/automations/{one.pk}/people", {"contact": bob.pk})
    assert (entered.status_code, entered.json()["contact"]["id"]) == (201, ada.pk)


def test_a_way_is_told_with_its_steps_times_and_outcomes(maker: Plugin, one: Automation, store: Store) -> None:
    way = Enrolment.objects.inside().get()
    told = maker.get(f"/automations/{one.pk}/people/{way.pk}").json()
    assert (told["state"], told["step"]) == ("active", {"id": "wait", "words": "Wait for 1 day"})
    payment = {"store_recurring_payment_id": "sub_a", "legacy_connection_id": store.pk}
    assert (told["recurring_payment"], told["started"]) == (payment, "A recurring payment is created")
    passed, here = told["steps"]
    assert (passed["id"], passed["outcome"]) == ("a", {"word": "done", "words": "Done"})
    assert passed["left_at"]
    assert (here["id"], here["outcome"], here["left_at"]) == ("wait", None, None)
    assert here["arrived_at"] == told["arrived_at"]


def test_what_was_sent_or_not_is_told_with_the_reason(maker: Plugin, store: Store) -> None:
    one = publish(step("email", subject="Hello", text="Text", about="service"))
    pay(store)
    go()
    Message.objects.update(state="failed", problem="template", detail="line 1")
    Enrolment.objects.update(state="parked", reason="template", wake_at=None)
    way = Enrolment.objects.get()
    told = maker.get(f"/automations/{one.pk}/people/{way.pk}").json()
    reason = {"word": "template", "words": "A tag cannot be carried out for this person"}
    [here] = told["steps"]
    assert (told["state"], told["reason"]) == ("parked", reason)
    assert (here["message"]["state"], here["message"]["problem"], here["call"]) == ("failed", reason, None)
    for _ in range(2):
        again = maker.send("POST", f"/automations/{one.pk}/people/{way.pk}/retry", b"")
        assert (again.status_code, again.json()["state"]) == (200, "active")
    assert acts() == ["automation.people_retried"]


def test_somebody_is_let_in_by_hand_once_however_often_it_is_asked(maker: Plugin) -> None:
    one, ada = publish(days(1)), Contact.objects.create(email="ada@example.com", email_key="ada@example.com")
    place = f"/automations/{one.pk}/people"
    first = maker.send("POST", place, {"contact": "Ada@example.com"}, Idempotency_Key="n1")
    again = maker.send("POST", place, {"contact": "Ada@example.com"}, Idempotency_Key="n1")
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert first.json()["started"] == "Let in by hand"
    assert maker.send("POST", place, {"contact": ada.pk}, Idempotency_Key="n1").status_code == 422
    assert Enrolment.objects.count() == 1
    assert maker.send("POST", place, {"contact": ada.pk}).status_code == 201
    assert acts() == ["automation.person_entered"] * 2
    assert Entry.objects.filter(action="automation.person_entered")[0].detail == {"person": f"#{ada.pk}"}


def test_no_answer_that_is_kept_outlives_the_person_whom_it_tells_of(maker: Plugin) -> None:
    eve, bob = (Contact.objects.create(first_name=name) for name in ("Eve", "Bob"))
    place = f"/automations/{publish(days(1)).pk}/people"
    for one in (eve, bob):
        maker.send("POST", place, {"contact": one.pk}, Idempotency_Key=one.first_name)
    privacy.erase(eve)
    assert [answer.name for answer in IdempotentAnswer.objects.all()] == ["Bob"]


def test_why_somebody_is_not_let_in_is_said(maker: Plugin, store: Store) -> None:
    pay(store, "ada", "sub_a")
    pay(store, "bob", "sub_b")
    one, counting = publish(days(1), runs="once_a_contact"), publish(days(1), name="Two", runs="once_a_payment")
    place = f"/automations/{one.pk}/people"
    ada = {"contact": "ada@example.com"}
    assert maker.send("POST", place, ada | {"recurring_payment": "sub_a"}).status_code == 201
    ran = maker.send("POST", place, ada)
    assert (ran.status_code, reasons(ran)) == (409, {"contact": "They have run through it already, and may not again"})
    needs = maker.send("POST", f"/automations/{counting.pk}/people", ada)
    assert (needs.status_code, set(reasons(needs))) == (409, {"recurring_payment"})
    other = maker.send("POST", f"/automations/{counting.pk}/people", ada | {"recurring_payment": "sub_b"})
    assert reasons(other) == {"recurring_payment": "The recurring payment belongs to somebody else"}
    publishing.pause(one)
    asleep = maker.send("POST", place, {"contact": "bob@example.com"})
    assert (asleep.status_code, reasons(asleep)) == (409, {"": "That automation is not active"})


def test_of_two_payments_with_one_id_the_connection_says_which(maker: Plugin, store: Store) -> None:
    other = Store.objects.create(name="Other", provider="stripe")
    for shop in (store, other):
        pay(shop, "ada", "sub_1")
    place, ada = f"/automations/{publish(days(1)).pk}/people", {"contact": "ada@example.com"}
    unclear = maker.send("POST", place, ada | {"recurring_payment": "sub_1"})
    assert (unclear.status_code, set(reasons(unclear))) == (400, {"recurring_payment"})
    named = {"store_recurring_payment_id": "sub_1", "legacy_connection_id": other.pk}
    told = maker.send("POST", place, ada | {"recurring_payment": named}).json()
    assert told["recurring_payment"] == named


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({}, 400, "contact"),
        ({"contact": True}, 400, "contact"),
        ({"contact": "nobody@example.com"}, 404, "contact"),
        ({"contact": 4711}, 404, "contact"),
        ({"contact": 2**80}, 400, "contact"),
        ({"contact": "\x00"}, 404, "contact"),
        ({"contact": "ada@example.com", "recurring_payment": "sub_9"}, 404, "recurring_payment"),
        ({"contact": "ada@example.com", "recurring_payment": {"id": 1}}, 400, "recurring_payment"),
        ({"contact": "ada@example.com", "recurring_payment": "\x00"}, 400, "recurring_payment"),
    ],
)
def test_who_is_not_known_cannot_be_let_in(maker: Plugin, one: Automation, body: Any, status: int, path: str) -> None:
    before = Enrolment.objects.count()
    answer = maker.send("POST", f"/automations/{one.pk}/people", body)
    assert (answer.status_code, set(reasons(answer))) == (status, {path})
    assert Enrolment.objects.count() == before


def test_a_wait_is_skipped_and_a_way_ended(maker: Plugin, one: Automation) -> None:
    place = f"/automations/{one.pk}/people/{Enrolment.objects.inside().get().pk}"
    for _ in range(2):
        skipped = maker.send("POST", f"{place}/skip", b"", Idempotency_Key="n1").json()
        assert (skipped["step"]["id"], skipped["steps"][1]["outcome"]["word"]) == ("b", "skipped")
    for _ in range(2):
        ended = maker.send("POST", f"{place}/end", b"").json()
        assert (ended["state"], ended["step"]) == ("ended", None)
        assert ended["reason"] == {"word": "by_hand", "words": "Ended by hand"}
    assert acts() == ["automation.wait_skipped", "automation.person_ended"]
