"""The API for automations: making, changing and publishing them, who is in them, and letting somebody in."""

from typing import Any

import pytest
from django.urls import reverse

from automations import publishing
from automations.models import Automation, Enrolment
from config.audit.models import Entry
from contacts.models import Contact, ContactList
from integrations.api import keys
from subscriptions.models import RecurringPayment
from tests.automations.flows import ACTIVE, CREATED, days, flow, go, only, pay, publish, step, tag
from tests.integrations.api.plugin import Plugin

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(db: None) -> Plugin:
    """A program with a key of the account."""
    return Plugin(None, scopes=keys.ACCOUNT_SCOPES)


def reasons(answer: Any) -> dict[str, str]:
    """Return what is wrong, by path."""
    return {one["path"]: one["reason"] for one in answer.json()["errors"]}


def acts() -> list[str]:
    """Return what the audit log tells of it."""
    return list(Entry.objects.exclude(action="key.made").order_by("pk").values_list("action", flat=True))


def test_an_automation_is_made_changed_published_and_deleted(program):
    made = program.send("POST", "/automations", {"name": "Welcome", "flow": {"triggers": [], "steps": []}})
    told = made.json()
    assert (made.status_code, told["state"], told["version"]) == (201, "draft", 0)
    assert {one["path"] for one in told["errors"]} == {"draft.runs", "draft.steps"}
    place = f"/automations/{told['id']}"
    told = program.send("PUT", place, {"flow": flow(days(3), tag("x")), "revision": 1}).json()
    assert (told["revision"], told["errors"]) == (2, [])
    assert [one["words"] for one in told["words"]] == [
        "A recurring payment is created", "Wait for 3 days", "Add the tag “x”",
    ]  # fmt: skip
    told = program.send("POST", f"{place}/publish").json()
    assert (told["state"], told["version"], told["published"]) == ("active", 1, flow(days(3), tag("x")))
    assert program.send("DELETE", place).status_code == 409
    assert program.send("POST", f"{place}/archive").json()["state"] == "archived"
    assert program.send("DELETE", place).status_code == 204
    assert acts() == ["added", "changed", "automation.published", "automation.archived", "deleted"]


def test_whoever_comes_second_is_told(program):
    one = publishing.create(name="Flow")
    publishing.create(name="Taken")
    publishing.save(one, draft=flow(days(1)))
    late = program.send("PUT", f"/automations/{one.pk}", {"flow": flow(days(2)), "revision": 1})
    assert (late.status_code, reasons(late)) == (409, {"revision": "is not the newest"})
    assert program.send("PUT", f"/automations/{one.pk}", {"name": "taken"}).status_code == 409
    assert program.send("POST", "/automations", {"name": "TAKEN"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "x", "flow": []}, "flow"),
        ({"name": "x", "other": 1}, "other"),
        ({"name": "x", "description": "x" * 1001}, "description"),
        ([], ""),
    ],
)
def test_what_is_no_automation_is_refused_with_its_place(program, body, path):
    answer = program.send("POST", "/automations", body)
    assert answer.status_code == 400
    assert path in reasons(answer)
    assert not Automation.objects.exists()


def test_amounts_with_fractions_are_kept(program):
    where = {"all": [{"field": "payment_amount", "op": "more_than", "value": 9.99}]}
    made = program.send("POST", "/automations", {"name": "x", "flow": flow(tag("a"), on=[CREATED | {"where": where}])})
    assert made.json()["errors"] == []
    assert made.json()["draft"]["triggers"][0]["where"] == where


def test_a_draft_with_mistakes_is_not_published(program):
    one = publishing.create(name="Flow", draft=flow(step("tag")))
    answer = program.send("POST", f"/automations/{one.pk}/publish")
    assert (answer.status_code, reasons(answer)) == (422, {"flow.steps[0].tag": "is missing"})


def test_what_would_become_of_whom_is_said_before(program, store):
    one = publish(days(3), tag("x"))
    pay(store)
    go()
    publishing.save(one, draft=flow(tag("x")))
    answer = program.get(f"/automations/{one.pk}/movings").json()
    assert answer == {"movings": [{"from": "wait", "to": "x", "people": 1}]}
    assert one.versions.count() == 1


def test_automations_are_found_by_state_and_words(program, store):
    publish(days(3), name="Welcome")
    publishing.create(name="Other", description="says hello")
    pay(store)
    go()

    def names(**asked: Any) -> list[tuple[str, int]]:
        return [(one["name"], one["people_inside"]) for one in program.get("/automations", **asked).json()["results"]]

    assert names() == [("Welcome", 1), ("Other", 0)]
    assert names(state="active") == [("Welcome", 1)]
    assert names(q="hello") == [("Other", 0)]
    assert program.get("/automations", state="none").status_code == 400
    page = program.get("/automations", limit=1).json()
    assert [one["name"] for one in program.get("/automations", cursor=page["next"]).json()["results"]] == ["Other"]


def test_people_and_their_ways_are_told(program, store):
    one = publish(tag("x"), step("if", where=ACTIVE, yes=[days(3)], no=[]))
    pay(store)
    go()
    [told] = program.get(f"/automations/{one.pk}/people", state="inside", step="wait").json()["results"]
    assert (told["contact"]["email"], told["recurring_payment"], told["state"]) == (
        "ada@example.com",
        "sub_1",
        "active",
    )
    way = program.get(f"/automations/{one.pk}/people/{told['id']}").json()
    assert [(each["step"], each["outcome"]) for each in way["steps"]] == [("x", "done"), ("if", "yes")]
    counts = program.get(f"/automations/{one.pk}").json()["steps"]
    assert counts == [{"step": "wait", "inside": 1, "stopped": 0}]
    assert program.get(f"/automations/{one.pk}/people", contact=told["contact"]["id"] + 1).json()["results"] == []
    assert program.get(f"/automations/{one.pk}/people", contact="x").status_code == 400


def test_somebody_is_let_in_once_however_often_it_is_asked(program, store):
    one = publish(days(3), on=[], runs="every_time")
    Contact.objects.create(email="ada@example.com", email_key="ada@example.com")
    for _time in range(2):
        body = {"contact": "ADA@example.com"}
        answer = program.send("POST", f"/automations/{one.pk}/people", body, Idempotency_Key="one")
        assert answer.status_code == 201
    assert only().contact.email == "ada@example.com"
    assert acts().count("automation.person_entered") == 1


def test_somebody_is_let_in_with_a_payment_and_told_why_not(program, store):
    pay(store)
    go()
    one = publish(days(3), runs="once_a_payment")
    contact, payment = Contact.objects.get().pk, RecurringPayment.objects.get().pk
    place = f"/automations/{one.pk}/people"
    assert program.send("POST", place, {"contact": contact}).status_code == 409
    told = program.send("POST", place, {"contact": contact, "recurring_payment": payment})
    assert (told.status_code, told.json()["recurring_payment"]) == (201, "sub_1")
    again = program.send("POST", place, {"contact": contact, "recurring_payment": payment})
    assert again.status_code == 409
    assert "already" in again.json()["detail"]
    assert program.send("POST", place, {"contact": 99999}).status_code == 400
    assert program.send("POST", place, {"contact": True}).status_code == 400
    assert program.send("POST", place, {"contact": contact, "recurring_payment": "x"}).status_code == 400


def test_who_is_stopped_tries_again_and_a_way_is_ended(program, store):
    one = publish(step("subscribe", list=ContactList.objects.create(name="Letter").pk))
    ContactList.objects.all().delete()
    pay(store)
    go()
    place = f"/automations/{one.pk}/people/{only().pk}"
    assert program.get(place).json()["words"] == "The list is gone"
    assert program.send("POST", f"{place}/retry").json()["state"] == "active"
    assert program.send("POST", f"{place}/end").json()["reason"] == "by_hand"
    assert program.send("POST", f"{place}/end").json()["reason"] == "by_hand"
    assert acts() == ["automation.people_retried", "automation.person_ended"]


def test_what_there_is_not_is_not_found(program):
    one = publishing.create(name="Flow")
    for path in ("/automations/999", f"/automations/{one.pk}/people/999", f"/automations/{2**70}"):
        assert program.get(path).status_code == 404
    assert not Enrolment.objects.exists()


def test_flows_are_described_for_programs(program):
    told = program.get("/automations/schema").json()
    assert {one["name"] for one in told["steps"]} >= {"email", "wait", "if", "goal"}
    assert told["limits"]["steps"] == 200


def test_a_key_without_the_scope_is_told_which_it_lacks(program):
    answer = Plugin(None, scopes=["read", "segments"]).get("/automations")
    assert (answer.status_code, "automations" in answer.json()["detail"]) == (403, True)


def test_every_address_is_in_the_documentation(program):
    told = program.client.get(reverse("schema"), headers={"Accept": "application/json"}).json()
    paths = {path for path in told["paths"] if path.startswith("/api/v1/automations")}
    assert len(paths) == 13
    named = {name for name in told["components"]["schemas"] if name.startswith("Automation")}
    assert {name for name in named if f"schemas/{name}'" in str(told)} == named
