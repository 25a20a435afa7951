"""Segments over the API: saved ones and such as are asked about once; only for keys of the account that may."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator

from config.audit.models import Entry
from contacts.models import Contact, ContactList
from contacts.services import give_tags
from integrations.api import keys
from subscriptions.models import Segment
from subscriptions.segments import saved
from tests.integrations.api.plugin import Plugin, row

PAUSED: dict[str, Any] = {"recurring_payment": {"field": "status", "op": "is", "value": "paused"}, "match": "any"}
BROKEN = {"all": [PAUSED, {"tag": "", "op": "has"}]}


@pytest.fixture
def analyst(plugin: Plugin) -> Plugin:
    """Whoever may see segments, where a shop has told of two people."""
    plugin.bulk(
        row("s1", status="paused", email="ada@example.com"), row("s2", status="active", email="bob@example.com")
    )
    return Plugin(None, scopes=keys.ACCOUNT_SCOPES)


def reasons(answer: Any) -> dict[str, str]:
    return {one["path"]: one["reason"] for one in answer.json()["errors"]}


def test_a_segment_is_saved_read_changed_and_put_away(analyst: Plugin) -> None:
    made = analyst.send("POST", "/segments", {"name": "Paused", "segment": PAUSED})
    told = made.json()
    assert (made.status_code, told["version"], told["segment"]) == (201, 1, PAUSED)
    assert told["sentence"] == "People with a recurring payment whose Recurring payment status is Paused"
    place = f"/segments/{told['id']}"
    changed = analyst.send("PUT", place, {"name": "Not paused", "segment": {"not": PAUSED}, "revision": 1}).json()
    assert (changed["name"], changed["version"], changed["revision"]) == ("Not paused", 2, 2)
    stale = analyst.send("PUT", place, {"name": "Late", "segment": PAUSED, "revision": 1})
    assert (stale.status_code, reasons(stale)) == (409, {"revision": "is not the newest"})
    analyst.send("PUT", place, {"name": "Not paused", "segment": {"not": PAUSED}})
    for _ in range(2):
        assert analyst.send("DELETE", place).status_code == 204
    assert analyst.get("/segments").json()["results"][0]["archived_at"]
    acts = Entry.objects.filter(action__in=["added", "changed", "segment.archived"]).values_list("action", flat=True)
    assert sorted(acts) == ["added", "changed", "segment.archived"]


def test_people_are_counted_found_and_matched(analyst: Plugin) -> None:
    ada = Contact.objects.get(email="ada@example.com")
    place = f"/segments/{analyst.send('POST', '/segments', {'name': 'Paused', 'segment': PAUSED}).json()['id']}"
    asked = {"segment": PAUSED}
    for count in (analyst.get(f"{place}/count"), analyst.send("POST", "/segments/count", asked)):
        assert (count.json()["people"], count.json()["is_estimate"]) == (1, False)
        assert count.json()["can_be_mailed"] == {"people": 0, "is_estimate": False}
    for found in (analyst.get(f"{place}/people"), analyst.send("POST", "/segments/people", asked)):
        assert [one["email"] for one in found.json()["results"]] == ["ada@example.com"]
    matches = analyst.get(f"{place}/people/{ada.pk}").json(), analyst.send("POST", f"/segments/people/{ada.pk}", asked)
    for told in (matches[0], matches[1].json()):
        assert told["matches"] is True
        [part] = told["why"]["parts"]
        assert (part["store_recurring_payment_id"], part["holds"], part["saw"]) == ("s1", True, "Paused")


def test_people_come_a_page_at_a_time(analyst: Plugin) -> None:
    everybody = {"segment": {"all": []}}
    first = analyst.send("POST", "/segments/people?limit=1", everybody).json()
    second = analyst.send("POST", f"/segments/people?limit=1&cursor={first['next']}", everybody).json()
    assert [first["results"][0]["email"], second["results"][0]["email"]] == ["ada@example.com", "bob@example.com"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"name": "x", "segment": BROKEN}, {"segment.all[1].tag"}),
        ({"name": " ", "segment": PAUSED}, {"name"}),
        ({"name": "x" * 201, "segment": PAUSED}, {"name"}),
        ({"name": "x\x00", "segment": PAUSED}, {"name"}),
        ({"segment": PAUSED}, {"name"}),
        ({"name": "x"}, {"segment"}),
        ({"name": "x", "segment": [], "owner": 1}, {"segment", "owner"}),
        ({"name": "x", "segment": PAUSED, "revision": "1"}, {"revision"}),
    ],
)
def test_what_cannot_be_saved_is_refused_with_its_path(analyst: Plugin, body: Any, paths: set[str]) -> None:
    answer = analyst.send("POST", "/segments", body)
    assert (answer.status_code, set(reasons(answer))) == (400, paths)
    assert not Segment.objects.exists()


def test_a_name_is_given_once_however_it_is_capitalised(analyst: Plugin) -> None:
    analyst.send("POST", "/segments", {"name": "Paused", "segment": PAUSED})
    answer = analyst.send("POST", "/segments", {"name": " PAUSED", "segment": PAUSED})
    assert (answer.status_code, reasons(answer)) == (409, {"name": "is taken"})


def test_a_segment_of_what_is_gone_says_so(analyst: Plugin) -> None:
    letter = ContactList.objects.create(name="Letter")
    told = analyst.send("POST", "/segments", {"name": "x", "segment": {"list": letter.pk, "op": "subscribed"}}).json()
    letter.delete()
    answer = analyst.get(f"/segments/{told['id']}/count")
    gone = f"there is no such list: {told['segment']['list']}"
    assert (answer.status_code, reasons(answer)) == (409, {"list": gone})
    assert analyst.get(f"/segments/{told['id']}").json()["sentence"] == ""


def test_nobody_is_told_of_what_does_not_exist(analyst: Plugin) -> None:
    for path in ("/segments/4711", "/segments/4711/people", f"/segments/{2**70}", "/segments/4711/people/1"):
        assert analyst.get(path).status_code == 404
    assert analyst.send("POST", "/segments/people/4711", {"segment": PAUSED}).status_code == 404


def test_no_other_key_reaches_people_through_a_segment(plugin: Plugin, account: Plugin) -> None:
    give_tags({Contact.objects.create(email="eve@example.com").pk: ["vip"]})
    for key in (plugin, account):
        answer = key.send("POST", "/segments/people", {"segment": {"tag": "vip", "op": "has"}})
        assert (answer.status_code, "scope “segments”" in answer.json()["detail"]) == (403, True)
    with pytest.raises(ValueError, match="some of read, write"):
        keys.issue(plugin.connection, name="more", scopes=["segments"])


def test_the_language_is_published(analyst: Plugin) -> None:
    schema = analyst.get("/segments/schema").json()
    Draft202012Validator.check_schema(schema)
    assert Draft202012Validator(schema).is_valid(PAUSED)


def test_a_page_of_segments_looks_up_once_what_they_name(analyst: Plugin) -> None:
    news = ContactList.objects.create(name="News")
    readers = saved.create({"list": news.pk, "op": "subscribed"}, name="Readers")
    for number in range(9):
        saved.create({"segment": readers.pk, "op": "in"}, name=f"Segment {number}")
    with CaptureQueriesContext(connection) as queries:
        told = analyst.get("/segments").json()["results"]
    assert {one["sentence"] for one in told[1:]} == {"People in the segment “Readers”"}
    assert len([query for query in queries if "contactlist" in query["sql"] or "segment" in query["sql"]]) == 3
