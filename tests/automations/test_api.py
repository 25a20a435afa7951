"""Automations over the API: made, read, changed, published, put away; only for keys of the account that may."""

from typing import Any

import pytest

from automations import publishing
from automations.models import Automation
from config.audit.models import Entry
from integrations.api import keys
from integrations.api.stores import About, connect
from subscriptions.models import Store
from tests.automations.flows import CREATED, days, flow, go, pay, publish, step, tag
from tests.integrations.api.plugin import Plugin

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(db: None) -> Plugin:
    """Whoever may see and change automations."""
    return Plugin(None, scopes=["automations"])


def reasons(answer: Any) -> dict[str, str]:
    return {one["path"]: one["reason"] for one in answer.json()["errors"]}


def acts() -> list[str]:
    return list(Entry.objects.exclude(action__startswith="key.").order_by("pk").values_list("action", flat=True))


def test_a_draft_is_made_read_and_changed(maker: Plugin) -> None:
    made = maker.send("POST", "/automations", {"name": " Hello ", "description": "Greets", "flow": flow(days(1))})
    told = made.json()
    assert (made.status_code, told["name"], told["state"], told["version"]) == (201, "Hello", "draft", 0)
    assert (told["published"], told["errors"], told["people"]) == (None, [], {"inside": 0, "stopped": 0, "steps": []})
    assert told["outline"]["steps"][0]["words"] == "Wait for 1 day"
    place = f"/automations/{told['id']}"
    assert maker.get(place).json() == told
    changed = maker.send("PUT", place, {"revision": 1, "flow": flow(days(2))}).json()
    assert (changed["name"], changed["revision"]) == ("Hello", 2)
    assert changed["outline"]["steps"][0]["words"] == "Wait for 2 days"
    renamed = maker.send("PUT", place, {"revision": 2, "name": "Later"}).json()
    assert (renamed["name"], renamed["revision"], renamed["draft"]) == ("Later", 2, flow(days(2)))
    maker.send("PUT", place, {"revision": 2, "name": "Later"})
    assert acts() == ["added", "changed", "changed"]
    assert set(Entry.objects.exclude(action="key.made").values_list("via", "actor")) == {("api", maker.key.prefix)}


def test_an_incomplete_draft_is_kept_and_says_what_it_lacks(maker: Plugin) -> None:
    told = maker.send("POST", "/automations", {"name": "Half", "flow": {"steps": [{"id": "a", "do": "tag"}]}}).json()
    errors = {one["path"]: one["reason"] for one in told["errors"]}
    assert {"steps[0].tag", "runs"} <= errors.keys()
    answer = maker.send("POST", f"/automations/{told['id']}/publish", b"")
    assert (answer.status_code, reasons(answer)) == (422, errors)
    assert Automation.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, {"name"}),
        ({"name": " "}, {"name"}),
        ({"name": "x" * 201}, {"name"}),
        ({"name": "x\x00"}, {"name"}),
        ({"name": "x\ud800"}, {"name"}),
        ({"name": "x", "description": "x" * 1001}, {"description"}),
        ({"name": "x", "description": "\x00\ud800"}, {"description"}),
        ({"name": "x", "flow": [], "owner": 1}, {"flow", "owner"}),
        ({"name": "x", "flow": {"steps": "\x00"}}, {"flow"}),
        (b'{"name": "x", "flow": {"steps": 1e999}}', {"flow"}),
    ],
)
def test_what_cannot_be_saved_is_refused_with_its_path(maker: Plugin, body: Any, paths: set[str]) -> None:
    answer = maker.send("POST", "/automations", body)
    assert (answer.status_code, set(reasons(answer))) == (400, paths)
    assert not Automation.objects.exists()


def test_numbers_with_a_fraction_stay_as_they_were_sent(maker: Plugin) -> None:
    where = {"all": [{"field": "payment_amount", "op": "more_than", "value": 9.99}]}
    told = maker.send(
        "POST", "/automations", {"name": "x", "flow": flow(tag("a"), on=[CREATED | {"where": where}])}
    ).json()
    assert (told["errors"], told["draft"]["triggers"][0]["where"]) == ([], where)


def test_a_name_is_given_once_and_the_second_of_two_who_change_is_told(maker: Plugin) -> None:
    first = maker.send("POST", "/automations", {"name": "One"}).json()
    again = maker.send("POST", "/automations", {"name": "ONE"})
    assert (again.status_code, reasons(again)) == (409, {"name": "is taken"})
    place = f"/automations/{first['id']}"
    maker.send("PUT", place, {"revision": 1, "flow": flow(days(1))})
    late = maker.send("PUT", place, {"revision": 1, "flow": flow(days(2))})
    assert (late.status_code, reasons(late)) == (409, {"revision": "is not the newest"})
    assert reasons(maker.send("PUT", place, {"name": "Two"})) == {"revision": "is missing"}
    assert reasons(maker.send("PUT", place, {"revision": "1"})) == {"revision": "must be a whole number"}
    assert maker.send("POST", f"{place}/publish", {"revision": 1}).status_code == 409


def test_they_are_found_by_state_and_words_a_page_at_a_time(maker: Plugin, store: Store) -> None:
    publish(days(1), name="Welcome")
    publishing.create(name="Draft", description="welcomes too")
    pay(store)
    go()
    names = [one["name"] for one in maker.get("/automations", q="welcome").json()["results"]]
    assert names == ["Welcome", "Draft"]
    [active] = maker.get("/automations", state="active").json()["results"]
    assert (active["people"], active["starts"]) == ({"inside": 1, "stopped": 0}, ["A recurring payment is created"])
    first = maker.get("/automations", limit=1).json()
    assert maker.get("/automations", limit=1, cursor=first["next"]).json()["results"][0]["name"] == "Draft"
    assert reasons(maker.get("/automations", state="asleep")).keys() == {"state"}
    assert reasons(maker.get("/automations", colour="red")).keys() == {"colour"}


def test_an_automation_is_published_paused_resumed_archived_taken_out_and_deleted(maker: Plugin) -> None:
    place = f"/automations/{maker.send('POST', '/automations', {'name': 'One', 'flow': flow(days(1))}).json()['id']}"
    assert maker.send("POST", f"{place}/pause", b"").status_code == 409
    published = maker.send("POST", f"{place}/publish", {"revision": 1}).json()
    assert (published["state"], published["version"], published["published"]["flow"]) == ("active", 1, flow(days(1)))
    used = maker.send("DELETE", place)
    assert (used.status_code, "archive first" in used.json()["detail"]) == (409, True)
    for act, state in (("pause", "paused"), ("resume", "active"), ("archive", "archived"), ("take-out", "paused")):
        told = [maker.send("POST", f"{place}/{act}", b"") for _ in range(2)]
        assert [(one.status_code, one.json()["state"]) for one in told] == [(200, state)] * 2
    maker.send("POST", f"{place}/archive", b"")
    assert maker.send("POST", f"{place}/publish", b"").status_code == 409
    assert maker.send("POST", f"{place}/resume", b"").json()["detail"] == "Only a paused automation can be resumed."
    assert maker.send("DELETE", place).status_code == 204
    assert maker.get(place).status_code == 404
    done = ("published", "paused", "resumed", "archived", "taken_out", "archived")
    assert acts() == ["added", *(f"automation.{one}" for one in done), "deleted"]


def test_what_would_become_of_people_is_said_before_anything_is_published(maker: Plugin, store: Store) -> None:
    one = publish(days(1, "first"), days(2, "second"))
    pay(store)
    go()
    publishing.save(one, draft=flow(days(2, "second")))
    asked = maker.get(f"/automations/{one.pk}/movings").json()
    [moving] = asked["movings"]
    assert (moving["from"], moving["people"]) == ({"step": "first", "words": "Wait for 1 day"}, 1)
    assert moving["to"] == {"step": "second", "words": "Wait for 2 days"}
    one.refresh_from_db()
    assert one.version == 1
    publishing.save(one, draft=flow(tag("other")))
    [moving] = maker.get(f"/automations/{one.pk}/movings").json()["movings"]
    assert (moving["from"]["step"], moving["to"]) == ("first", None)
    assert maker.get(f"/automations/{one.pk}").json()["people"]["steps"] == [
        {"step": "first", "inside": 1, "stopped": 0}
    ]


def test_the_language_is_told_in_english(maker: Plugin) -> None:
    told = maker.get("/automations/schema").json()
    kinds = {one["name"]: one for one in told["steps"]}
    assert (kinds["wait"]["label"], kinds["if"]["branches"][0]["name"]) == ("Wait", "yes")
    assert {one["name"] for one in told["triggers"]} >= {"created", "updated", "date"}
    assert told["limits"]["steps"] > 0
    assert {"lists", "automations", "tags", "segments"} <= told.keys()


def test_a_step_in_a_branch_is_told_with_its_path(maker: Plugin) -> None:
    fork = step("if", where={"tag": "vip", "op": "has"}, yes=[days(1, "inner")], no=[])
    told = maker.send("POST", "/automations", {"name": "Fork", "flow": flow(fork)}).json()
    [part] = told["outline"]["steps"]
    assert part["branches"][0]["steps"][0]["path"] == "steps[0].yes[0]"


def test_no_other_key_reaches_automations(db: None) -> None:
    shop = connect(About(service="woo", external_id="1", name="Shop"))
    for key in (Plugin(shop), Plugin(None, scopes=["read", "write", "segments"])):
        answer = key.get("/automations")
        assert (answer.status_code, "scope “automations”" in answer.json()["detail"]) == (403, True)
    with pytest.raises(ValueError, match="some of read, write"):
        keys.issue(shop, name="more", scopes=["automations"])


def test_nobody_is_told_of_what_does_not_exist(maker: Plugin) -> None:
    for path in ("/automations/4711", f"/automations/{2**70}", "/automations/4711/people", "/automations/1/people/1"):
        assert maker.get(path).status_code == 404
    assert maker.send("POST", "/automations/4711/archive", b"").status_code == 404
