"""Segments that ask whether people are in other segments: what that means, what is refused, and where they are used."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given

from config.audit.models import Entry
from contacts.models import Contact, ContactList, Tag
from subscriptions.models import Segment
from subscriptions.people_actions.starting import start
from subscriptions.people_actions.work import run
from subscriptions.segments import compiler, counting, description, matching, reading, saved, sentences, uses
from subscriptions.segments.compiler import World
from subscriptions.segments.counting import Count
from subscriptions.segments.flattening import flat
from subscriptions.segments.known import look_up
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.why import why
from tests import html
from tests.people import member
from tests.subscriptions.segments.conftest import CLOCK, field, names, paying
from tests.subscriptions.segments.test_laws import everybody, on_one_database
from tests.subscriptions.segments.test_laws import matching as numbers
from tests.subscriptions.segments.trees import trees

pytestmark = pytest.mark.django_db
PAUSED = paying(field("status", "is", "paused"))
VIP = {"tag": "vip", "op": "has"}


def within(segment: Segment, op: str = "in") -> dict[str, Any]:
    """Write a condition on a segment."""
    return {"segment": segment.pk, "op": op}


def make(tree: Any, name: str = "Paused") -> Segment:
    """Save a segment."""
    return saved.create(tree, name=name)


def refusal(act: Any) -> dict[str, str]:
    """Return what is said of what is refused."""
    with pytest.raises(SegmentError) as caught:
        act()
    return caught.value.errors


# ---- what it means


def test_people_of_a_segment_are_found_and_those_who_are_not(people: dict[str, Contact]) -> None:
    paused = make(PAUSED)
    assert names(within(paused)) == ["Ada", "Bob"]
    assert names(within(paused, "not_in")) == ["Cleo", "Dora"]
    assert names({"all": [within(paused), {"not": VIP}]}) == ["Ada"]


def test_a_segment_follows_the_one_that_it_asks_for(people: dict[str, Contact]) -> None:
    asked = make(PAUSED)
    tree = {"any": [within(asked), {"contact": "first_name", "op": "is", "value": "Dora"}]}
    assert names(tree) == ["Ada", "Bob", "Dora"]
    saved.change(asked, VIP, name="VIP")
    assert names(tree) == ["Bob", "Dora"]


@on_one_database
@given(tree=trees)
def test_a_segment_is_what_it_asks_and_so_is_what_is_written_out(people: dict[str, Contact], tree: Any) -> None:
    segment, _made = Segment.objects.update_or_create(name="Any", defaults={"tree": reading.write(reading.read(tree))})
    found, world = numbers(tree), World(clock=CLOCK)
    persons = {person.pk: person for person in people.values()}
    for op, expected in (("in", found), ("not_in", [pk for pk in everybody() if pk not in found])):
        asked = within(segment, op)
        node = reading.read(asked)
        assert numbers(asked) == numbers(reading.write(flat(node))) == expected
        assert counting.count(node, world, seconds=60) == Count(number=len(expected))
        assert [pk for pk in everybody() if matching.of_person({"": asked}, pk, world).matching] == expected
        assert [pk for pk in everybody() if why(node, persons[pk], world).holds] == expected


def test_what_is_written_out_of_everybody_and_nobody_can_be_read() -> None:
    everyone, nobody = make({"all": []}, "All"), make({"any": []}, "None")
    for tree, flattened in (
        ({"all": [within(everyone), VIP]}, {"all": [VIP]}),
        ({"any": [within(everyone), VIP]}, {"all": []}),
        ({"any": [within(nobody), VIP]}, {"any": [VIP]}),
        ({"all": [within(everyone, "not_in"), VIP]}, {"any": []}),
        ({"not": {"any": [within(nobody), within(everyone, "not_in")]}}, {"all": []}),
    ):
        written = reading.write(flat(reading.read(tree)))
        assert written == flattened
        reading.read(written)


def test_it_is_written_as_it_was_read_and_said_in_words(people: dict[str, Contact]) -> None:
    paused = make(PAUSED, "On hold")
    tree = {"all": [within(paused), within(paused, "not_in")]}
    assert reading.write(reading.read(tree)) == tree
    said = sentences.sentence(reading.read(tree))
    assert said == "People in the segment “On hold” and not in the segment “On hold”"


def test_why_says_what_the_other_segment_saw(people: dict[str, Contact]) -> None:
    paused = make(PAUSED)
    answer = why(reading.read({"all": [within(paused, "not_in")]}), people["Bob"], World(clock=CLOCK))
    [told] = answer.parts
    assert (told.holds, told.kind, told.words) == (False, "segment", "not in the segment “Paused”")
    [frame] = told.parts
    assert (frame.holds, frame.path) == (True, "all[0].segment")
    assert frame.parts[0].parts[0].saw == "Paused"
    assert frame.parts[0].parts[0].path == "all[0].segment.recurring_payment.all[0]"


def test_very_many_are_matched_with_one_query_more_a_level(people: dict[str, Contact]) -> None:
    paused = make(PAUSED)
    above = make(within(paused), "Above")
    asked = {number: within(above) for number in range(200)}
    with CaptureQueriesContext(connection) as queries:
        found = matching.of_person(asked, people["Ada"].pk, World(clock=CLOCK))
    assert len(queries) == 4
    assert len(found.matching) == 200


def test_what_many_name_is_looked_up_once(people: dict[str, Contact], newsletter: ContactList) -> None:
    readers = make({"list": newsletter.pk, "op": "subscribed"}, "Readers")
    asked = [within(readers), {"list": newsletter.pk, "op": "not_on"}] * 20
    with CaptureQueriesContext(connection) as queries:
        known = look_up(asked)
        said = {sentences.sentence(reading.read(tree, known=known), known.lists) for tree in asked}
    assert len(queries) == 2
    assert said == {"People in the segment “Readers”", "People not on “Newsletter”"}


# ---- what is refused


@pytest.mark.parametrize(
    ("tree", "path", "words"),
    [
        ({"segment": 4711, "op": "in"}, "segment", "there is no such segment: 4711"),
        ({"segment": -1, "op": "in"}, "segment", "there is no such segment: -1"),
        ({"segment": 2**31, "op": "in"}, "segment", "too large a number"),
        ({"segment": 2**80, "op": "not_in"}, "segment", "too large a number"),
        ({"segment": "1", "op": "in"}, "segment", "must be a whole number"),
        ({"segment": True, "op": "in"}, "segment", "must be a whole number"),
        ({"segment": [1], "op": "in"}, "segment", "must be a whole number"),
        ({"segment": 1, "op": "has"}, "op", "must be one of: in, not_in"),
        ({"segment": 1, "op": "in", "value": 1}, "value", "is not known here"),
        ({"recurring_payment": {"segment": 1, "op": "in"}}, "recurring_payment.segment", "stands inside one"),
    ],
)
def test_what_makes_no_sense_is_said_with_its_path(tree: Any, path: str, words: str) -> None:
    assert words in refusal(lambda: reading.read(tree))[path]


def test_no_segment_asks_for_itself_by_any_way() -> None:
    first = make(VIP, "First")
    second = make({"all": [within(first)]}, "Second")
    third = make({"not": within(second)}, "Third")
    told = refusal(lambda: saved.change(first, within(first), name="First"))
    assert told == {"segment": "asks for itself: First → First"}
    told = refusal(lambda: saved.change(first, {"any": [VIP, within(third)]}, name="First"))
    assert list(told) == ["any[1].segment"]
    assert told["any[1].segment"].startswith("the segment “Second” cannot be asked here: all[0].segment: ")
    assert "First → Third → Second → First" in told["any[1].segment"]
    first.refresh_from_db()
    assert (first.tree, first.version) == (VIP, 1)


def test_segments_that_grow_with_each_other_are_refused_at_once() -> None:
    ten = make({"any": [VIP] * 10}, "Ten")
    hundred = make({"any": [within(ten)] * 10}, "Hundred")
    for times in (2, 1000):
        told = refusal(lambda times=times: make({"any": [within(hundred)] * times}, "Too many"))  # type: ignore[misc]
        assert "more than 200 conditions" in str(told)


def test_a_segment_counts_as_if_it_were_written_there() -> None:
    tree: Any = VIP
    for _level in range(7):
        tree = {"not": tree}
    deep = make(tree, "Deep")
    reading.read(within(deep))
    assert "nested deeper than 8 levels" in refusal(lambda: reading.read({"all": [within(deep)]}))["all[0].segment"]
    long = make({"contact": "email", "op": "is_any_of", "value": ["x" * 900 + str(n) for n in range(40)]}, "Long")
    assert "larger than 64 KB" in str(refusal(lambda: reading.read({"any": [within(long), within(long)]})))


def test_a_segment_cannot_grow_beyond_what_another_has_room_for() -> None:
    asked = make(VIP, "Asked")
    make({"any": [within(asked)] * 100}, "Asker")
    told = refusal(lambda: saved.change(asked, {"any": [VIP, VIP]}, name="Asked"))
    assert told == {"": "the segment “Asker” asks for this one, and has no room for these conditions"}
    assert Segment.objects.get(name="Asked").tree == VIP


def test_a_segment_that_cannot_be_asked_any_more_keeps_nobody_from_mending_it(newsletter: ContactList) -> None:
    asked = make({"list": newsletter.pk, "op": "subscribed"}, "Readers")
    asker = make(within(asked), "Asker")
    newsletter.delete()
    assert "no such list" in refusal(lambda: saved.tree_of(asker))["segment"]
    saved.change(asked, VIP, name="Readers")
    saved.tree_of(asker)


# ---- where it is used


def test_a_segment_that_is_used_is_not_deleted_and_says_where(client: Client) -> None:
    client.force_login(member("Manager"))
    asked = make(VIP, "Asked")
    asker = make({"not": within(asked)}, "Asker")
    place = reverse("segment_delete", args=[asked.pk])
    for answer, status in ((client.get(place), 200), (client.post(place), 409)):
        page = html.read(answer.content)
        assert answer.status_code == status
        assert [one.text for one in page.every("a", href=reverse("segment", args=[asker.pk]))] == ["Asker"]
        assert page.every("button", class_="rt-button rt-danger") == []
    assert Segment.objects.filter(pk=asked.pk).exists()
    assert not Entry.objects.filter(action="deleted").exists()
    client.post(reverse("segment_delete", args=[asker.pk]))
    client.post(place)
    assert not Segment.objects.exists()


def test_pages_say_where_a_segment_is_used(client: Client) -> None:
    client.force_login(member("Viewer"))
    asked = make(VIP, "Asked")
    asker = make(within(asked), "Asker")
    page = html.read(client.get(reverse("segment", args=[asked.pk])).content)
    assert "Where it is used 1" in page.text
    assert len(page.every("a", href=reverse("segment", args=[asker.pk]))) == 1
    assert "used in 1 place" in html.read(client.get(reverse("segments")).content).text
    assert "Where it is used" not in html.read(client.get(reverse("segment", args=[asker.pk])).content).text


def test_only_the_newest_conditions_use_a_segment() -> None:
    asked = make(VIP, "Asked")
    asker = make(within(asked), "Asker")
    assert [one.name for one in uses.of([asked.pk])[asked.pk]] == ["Asker"]
    saved.change(asker, VIP, name="Asker")
    assert uses.of([asked.pk]) == {asked.pk: []}
    saved.delete(asked)
    assert "no such segment" in str(refusal(lambda: saved.go_back(asker, 1)))


def test_other_apps_say_where_they_use_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "_FINDERS", {})
    asked = make(VIP, "Asked")
    used = uses.Use(kind="Automation", name="Win back", url="/win-back/")
    uses.register("elsewhere", lambda segments: {number: [used] for number in segments})
    with pytest.raises(saved.InUse) as caught:
        saved.delete(asked)
    assert caught.value.uses == [used]


def test_the_builder_offers_no_segment_that_leads_back_to_this_one(client: Client) -> None:
    client.force_login(member("Marketer"))
    first, other = make(VIP, "First"), make(VIP, "Other")
    make(within(first), "Second")
    saved.archive(make(VIP, "Put away"))
    page = client.get(reverse("segment", args=[first.pk]))
    offered = next(one for one in page.context["description"]["subjects"] if one["key"] == "segment")
    assert offered["choices"] == [{"name": other.pk, "label": "Other"}]


def test_what_is_named_is_offered_though_it_is_archived(client: Client) -> None:
    client.force_login(member("Marketer"))
    asked = make(VIP, "Asked")
    asker = make(within(asked), "Asker")
    saved.archive(asked)
    page = client.get(reverse("segment", args=[asker.pk]))
    offered = next(one for one in page.context["description"]["subjects"] if one["key"] == "segment")
    assert offered["choices"] == [{"name": asked.pk, "label": "Asked"}]


def test_what_a_search_names_is_offered_wherever_it_stands(
    client: Client, newsletter: ContactList, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(member("Marketer"))
    monkeypatch.setattr(description, "MOST_CHOICES", 1)
    ContactList.objects.create(name="A list that comes first")
    make(VIP, "A first one")
    later, away = make(VIP, "Later"), make(VIP, "Put away")
    saved.archive(away)
    tree = {"all": [within(later), within(away), {"list": newsletter.pk, "op": "subscribed"}]}
    page = client.post(reverse("segment_new"), {"build": "yes", "tree": json.dumps(tree)})
    subjects = {one["key"]: one for one in page.context["description"]["subjects"]}
    assert [one["label"] for one in subjects["segment"]["choices"]] == ["A first one", "Later", "Put away"]
    assert [one["label"] for one in subjects["list"]["choices"]] == ["A list that comes first", "Newsletter"]


def test_where_there_is_nothing_to_choose_nothing_is_offered(client: Client) -> None:
    client.force_login(member("Marketer"))
    subjects = client.get(reverse("segment_new")).context["description"]["subjects"]
    assert {one["key"] for one in subjects if not one["offered"]} == {"list", "segment"}


# ---- acts on people


def test_an_act_means_who_was_meant_when_it_was_started(people: dict[str, Contact]) -> None:
    asked = make(VIP, "Asked")
    action = start(within(asked), kind="tag", tag="meant", by=User.objects.create_user("anna"))
    saved.change(asked, {"all": []}, name="Asked")
    saved.delete(asked)
    run(action.pk)
    meant = Tag.objects.get(name="meant")
    assert sorted(Contact.objects.filter(tags=meant).values_list("first_name", flat=True)) == ["Bob", "Dora"]


def test_people_are_shown_with_the_payment_that_the_other_segment_means(
    client: Client, people: dict[str, Contact]
) -> None:
    client.force_login(member("Marketer"))
    paused = make(PAUSED)
    page = client.get(reverse("people"), {"tree": f'{{"segment": {paused.pk}, "op": "in"}}'})
    [ada] = [row for row in page.context["rows"] if row.person.first_name == "Ada"]
    assert "Paused" in " ".join(cell.text for cell in ada.cells)


def test_people_of_a_saved_segment_can_be_read_page_by_page(people: dict[str, Contact]) -> None:
    asker = make({"all": [within(make(PAUSED))]}, "Asker")
    found = compiler.people(saved.tree_of(asker), World(clock=CLOCK))
    assert sorted(found.values_list("first_name", flat=True)) == ["Ada", "Bob"]
