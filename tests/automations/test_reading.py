"""Flows as JSON: what is wrong is said with its place, and what is right is written as it was read."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import translation

from automations import publishing, refusals
from automations.campaigns import keeping
from automations.flow import reading
from automations.flow.mistakes import FlowError
from automations.flow.shape import every_step
from automations.steps import STEPS
from automations.triggers import TRIGGERS
from contacts.models import ContactList
from tests.automations.flows import ACTIVE, CREATED, FAILED, days, flow, step, tag

pytestmark = pytest.mark.django_db
TAGGED = {"id": "t", "on": "tagged", "tag": "vip"}


def wrong(data: Any, **rest: Any) -> dict[str, str]:
    """Return what is wrong with a flow."""
    with pytest.raises(FlowError) as error:
        reading.read(data, **rest)
    return error.value.errors


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (7, {"": "must be an object"}),
        ({}, {"triggers": "must be a list", "steps": "must be a list"}),
        (flow(), {"steps": "has no step yet"}),
        (flow(tag("a")) | {"more": 1}, {"more": "is not known here"}),
        (flow({"id": "x"}), {"steps[0].do": "must be one of: email, wait"}),
        (flow({"id": "x", "do": "dance"}), {"steps[0].do": "must be one of: email, wait"}),
        (flow(step("tag", "a")), {"steps[0].tag": "is missing"}),
        (flow(step("tag", "a", tag=3)), {"steps[0].tag": "must be text, not 3"}),
        (flow(step("tag", "a b", tag="x")), {"steps[0].id": "must be up to 16 letters"}),
        (flow(tag("a"), tag("a")), {"steps[1].id": "is there twice: a"}),
        (flow(tag("a") | {"size": 1}), {"steps[0].size": "is not known here"}),
        (flow(days(0)), {"steps[0].for": "must be a whole number from 1 to 3660"}),
        (flow(step("wait", **{"for": {"n": 1, "unit": "years"}})), {"steps[0].for": "must be one of: minutes"}),
        (flow(step("wait", **{"for": {"n": 1, "unit": ["days"]}})), {"steps[0].for": "must be one of: minutes"}),
        (flow(step("wait_until", days=["sunday"])), {"steps[0].days": "must be one of: mon"}),
        (flow(step("wait_until", hour=24)), {"steps[0].hour": "must be a whole number from 0 to 23"}),
        (flow(step("if", where={"tag": "x"})), {"steps[0].where.op": "must be one of: has, has_not"}),
        (flow(step("if", where=ACTIVE, yes=[step("tag", "b")])), {"steps[0].yes[0].tag": "is missing"}),
        (flow(step("subscribe", list=99)), {"steps[0].list": "there is no such list: 99"}),
        (flow(step("start", automation=99)), {"steps[0].automation": "there is no such automation: 99"}),
        (flow(step("webhook", url="ftp://x")), {"steps[0].url": "must be an address such as"}),
        (flow(step("webhook", url="http://a@b/")), {"steps[0].url": "must be an address such as"}),
        (flow(step("notify", to="x@y.z", subject="a", text="b")), {"steps[0].to": "must be the e-mail of somebody"}),
        (flow(step("email", subject="a\nb", text="b")), {"steps[0].campaign.subject": "must be on one line"}),
        (
            flow(step("email", subject="{{ contact.nme }}", text="b")),
            {"steps[0].campaign.subject": "there is no tag “contact.nme”"},
        ),
        (
            flow(step("email", campaign={"subject": "a", "body": "b", "text": "\n{% if"})),
            {"steps[0].campaign.text": "cannot be read as a tag: line 2"},
        ),
        (flow(step("email", campaign=99)), {"steps[0].campaign": "there is no such e-mail: 99"}),
        (flow(tag("a"), on=CREATED | {"where": {"tag": "x", "op": "has"}}), {"triggers[0].where.tag": "is not about"}),
        (flow(tag("a"), on=FAILED | {"to": "failed"}), {"triggers[0].to": "must be one of pending, active"}),
        (flow(tag("a"), on=FAILED | {"field": "nope"}), {"triggers[0].field": "must be one of"}),
        (
            flow(tag("a"), on={"id": "t", "on": "date", "field": "name", "days": 1}),
            {"triggers[0].field": "must be one"},
        ),
        (flow(tag("a"), runs="twice"), {"runs": "must be one of: once_a_contact"}),
        (flow(tag("a"), on=TAGGED, runs="once_a_payment"), {"runs": "counts recurring payments"}),
        (flow(step("if", where=ACTIVE), on=TAGGED), {"steps[0].where.match": "no recurring payment has started this"}),
        (
            flow(step("wait_date", field="next_payment_date", days=1), on=TAGGED),
            {"steps[0]": "needs a recurring payment"},
        ),
        (
            flow(step("email", subject="{{ recurring_payment.name }}", text="b"), on=TAGGED),
            {"steps[0].campaign.subject": "“recurring_payment.name” (line 1) speaks of a recurring payment"},
        ),
        (flow(*(tag(f"t-{number}") for number in range(201))), {"steps": "must not be more than 200"}),
        (flow(tag("a")) | {"steps": "x" * 600_000}, {"": "must not be larger than 512 KB"}),
    ],
)
def test_what_is_wrong_is_said_with_its_place(data: Any, expected: dict[str, str]) -> None:
    told = wrong(data)
    assert told.keys() == (expected | ({"runs": ""} if data == {} else {})).keys()
    assert all(told[path].startswith(words) for path, words in expected.items())


def test_everything_that_is_wrong_is_said_at_once() -> None:
    told = wrong(flow(step("tag", "a"), step("wait", "b"), on={"id": "t"}))
    assert told.keys() == {"steps[0].tag", "steps[1].for", "triggers[0].on"}


def test_ifs_are_nested_so_deep_and_no_deeper() -> None:
    def nested(levels: int) -> dict[str, Any]:
        inside = nested(levels - 1) if levels > 1 else tag("a")
        return step("if", f"if-{levels}", where=ACTIVE, yes=[inside])

    reading.read(flow(nested(5)))
    assert "steps[0].yes[0].yes[0].yes[0].yes[0].yes[0].yes" in wrong(flow(nested(6)))


def every_kind() -> dict[str, Any]:
    """A flow with each kind of trigger and step."""
    news = ContactList.objects.create(name="News")
    other = publishing.create(name="Other")
    User.objects.create_user("bob", "bob@team.example", is_staff=True)
    triggers = [
        CREATED | {"where": {"all": [{"field": "name", "op": "is", "value": "Pro"}]}},
        FAILED | {"id": "t2", "from": "active", "minutes": 30},
        {"id": "t3", "on": "date", "field": "next_payment_date", "days": -3, "hour": 8, "yearly": True},
        {"id": "t4", "on": "subscribed", "list": news.pk},
        TAGGED | {"id": "t5"},
    ]
    written = "{{ recurring_payment.name | default: 'it' }}"
    campaign = keeping.create(name="Mail", draft={"subject": written, "body": written})
    steps = [
        step("email", campaign=campaign.pk),
        days(3),
        step("wait_until", days=["mon", "fri"], hour=8),
        step("wait_date", field="next_payment_date", days=-3, hour=8),
        step("wait_segment", where=ACTIVE, at_most={"n": 3, "unit": "weeks"}),
        step("if", where=ACTIVE, yes=[tag("yes")], no=[step("end")]),
        step("goal", where=ACTIVE, unmet="wait"),
        step("untag", tag="yes"),
        step("subscribe", list=news.pk),
        step("unsubscribe", list=news.pk),
        step("set", field="company", value=written),
        step("notify", to="bob@team.example", subject="a", text="b"),
        step("webhook", url="https://example.com/hook"),
        step("start", automation=other.pk),
        step("stop", automation=other.pk),
        tag("b"),
    ]
    return flow(*steps, on=triggers)


def test_every_kind_is_read_and_written_again_as_it_was() -> None:
    data = every_kind()
    assert {one["on"] for one in data["triggers"]} == TRIGGERS.keys()
    read = reading.read(data)
    assert {one.kind.name for one in reading.read(data).steps} | {"tag", "end"} == STEPS.keys()
    assert reading.write(read) == data
    assert reading.write(reading.read_again(data)) == data


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_kind_says_itself_in_words(language: str) -> None:
    read = reading.read(every_kind())
    with translation.override(language):
        said = [one.kind.say(one.options) for one in (*read.triggers, *every_step(read.steps))]
    assert all(said)
    assert len(set(said)) == len(said)
    expected = {"en": "Wait for 3 days", "fr": "Attendre 3 jours"}
    assert expected[language] in said


def test_a_name_is_taken_once_also_when_one_is_renamed() -> None:
    publishing.create(name="One")
    two = publishing.create(name="Two")
    with pytest.raises(refusals.NameTaken):
        publishing.create(name="ONE")
    with pytest.raises(refusals.NameTaken):
        publishing.save(two, draft=two.draft, name="one")


def test_what_is_left_at_its_default_is_not_written() -> None:
    data = flow(step("goal", where=ACTIVE, unmet="go_on"), on=FAILED | {"minutes": 0})
    written = reading.write(reading.read(data))
    assert written["steps"][0].keys() == {"id", "do", "where"}
    assert "minutes" not in written["triggers"][0]


def test_the_classic_form_of_tags_is_kept_as_liquid() -> None:
    data = flow(step("set", field="company", value="%CONTACT_FIRST_NAME%: 100% %RECURRING_PAYMENT_NAME%"))
    value = reading.write(reading.read(data))["steps"][0]["value"]
    assert value == "{{ contact.first_name }}: 100% {{ recurring_payment.name }}"


def test_a_flow_cannot_start_itself() -> None:
    one = publishing.create(name="One")
    data = flow(step("start", automation=one.pk))
    reading.read(data)
    assert wrong(data, itself=one.pk) == {"steps[0].automation": f"there is no such automation: {one.pk}"}


@pytest.mark.parametrize("value", ["\x00", "\ud800", {"a": "\x00"}])
def test_what_no_database_holds_is_refused_in_a_draft_too(value: Any) -> None:
    with pytest.raises(FlowError):
        publishing.create(name="One", draft={"steps": value})
