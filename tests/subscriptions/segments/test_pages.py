"""The pages of segments: the list, saving, versions, what roles may, and what the builder asks."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.audit.models import Entry
from contacts.models import Contact, ContactList, Tag
from subscriptions.models import Segment, Store
from subscriptions.segment_pages import page as segment_page
from subscriptions.segments import counting, description, operators, saved, suggestions
from subscriptions.segments.counting import Count
from subscriptions.segments.subjects import CONTACT, PAYMENT
from subscriptions.segments.tree import Scope
from tests import html
from tests.people import allowed, member
from tests.subscriptions.segments.conftest import field, give, paying

pytestmark = pytest.mark.django_db
PAUSED = paying(field("status", "is", "paused"))
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def marketer(client: Client) -> Client:
    """A marketer's browser."""
    client.force_login(member("Marketer"))
    return client


@pytest.fixture
def segment(db: None) -> Segment:
    """A saved segment."""
    return saved.create(PAUSED, name="Paused", description="Who might come back")


def form(tree: Any, name: str = "Paused", **values: Any) -> dict[str, Any]:
    """Write what the form sends."""
    return {"name": name, "description": "", "tree": tree if isinstance(tree, str) else json.dumps(tree), **values}


def at(name: str, *ids: Any) -> str:
    """Return an address by its name."""
    return reverse(name, args=ids)


def acts() -> list[str]:
    """List what the audit log says, newest first."""
    return list(Entry.objects.exclude(action="signed_in").values_list("action", flat=True))


# ---- the list


def test_an_empty_list_says_what_to_do_next(marketer: Client) -> None:
    page = html.read(marketer.get(at("segments")).content)
    assert "No segment yet" in [one.text for one in page.every("h2")]
    assert len(page.every("a", href=at("segment_new"))) == 1


def test_the_list_says_each_segment_in_words_and_asks_no_count(
    marketer: Client, segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(counting, "count")
    row = html.read(marketer.get(at("segments")).content).one("tr", data_segment=str(segment.pk))
    assert "People with a recurring payment whose Recurring payment status is Paused" in row.text
    assert row.one(data_count_url=at("segment_count", segment.pk)).text == "…"


def test_the_list_asks_as_often_for_many_as_for_few(
    marketer: Client, segment: Segment, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        saved.create(PAUSED, name=f"Segment {number}", owner=User.objects.get())
    with django_assert_max_num_queries(13):
        page = html.read(marketer.get(at("segments")).content)
    assert len(page.every("tr", data_segment=None)) == 50
    assert page.one("a", rel="next").attributes["href"] == "?page=2"


@pytest.mark.parametrize(
    ("query", "found"), [("q=pau", 1), ("q=BACK", 1), ("q=nothing", 0), ("q=%00", 1), ("archived", 0)]
)
def test_segments_are_searched_by_name_and_description(
    marketer: Client, segment: Segment, query: str, found: int
) -> None:
    page = html.read(marketer.get(f"{at('segments')}?{query}").content)
    assert len(page.every("tr", data_segment=None)) == found


def test_the_count_of_a_row_is_asked_for_itself(marketer: Client, segment: Segment, people: dict[str, Contact]) -> None:
    assert marketer.get(at("segment_count", segment.pk)).json() == {"count": 2, "words": "2"}


def test_an_estimate_is_called_one(marketer: Client, segment: Segment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "count", lambda node: Count(number=120_000, is_estimate=True, sample=2_000))
    assert marketer.get(at("segment_count", segment.pk)).json()["words"] == "about 120,000"
    told = marketer.post(at("segment_preview"), '{"all": []}', content_type="application/json").json()
    assert (told["words"], told["is_estimate"]) == ("about 120,000 people", True)


def test_no_number_is_shown_where_there_was_no_time_for_one(
    marketer: Client, segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "count", lambda node: Count(number=0, is_estimate=True))
    assert marketer.get(at("segment_count", segment.pk)).json()["words"] == "–"
    assert preview(marketer, PAUSED)["words"] == "Counting takes too long just now."


def test_a_segment_that_speaks_of_a_list_that_is_gone_is_listed_and_opened(marketer: Client) -> None:
    gone = ContactList.objects.create(name="Gone")
    segment = saved.create({"list": gone.pk, "op": "subscribed"}, name="Readers")
    gone.delete()
    assert b"Cannot be asked any more: there is no such list" in marketer.get(at("segments")).content
    assert b"Cannot be asked any more" in marketer.get(at("segment", segment.pk)).content
    assert marketer.get(at("segment_count", segment.pk)).json()["words"] == "–"
    assert marketer.get(at("segment_why", segment.pk)).status_code == 200
    assert marketer.post(at("segment_duplicate", segment.pk)).status_code == 302


# ---- without a script


def test_without_a_script_the_page_shows_the_sentence_and_the_conditions_as_text(
    marketer: Client, segment: Segment
) -> None:
    page = html.read(marketer.get(at("segment", segment.pk)).content)
    assert (
        page.one(data_sentence=None).text == "People with a recurring payment whose Recurring payment status is Paused"
    )
    assert json.loads(page.one("textarea", name="tree").text) == segment.tree


def test_a_form_saves_a_new_segment_and_leads_to_it(marketer: Client) -> None:
    answer = marketer.post(at("segment_new"), form(PAUSED, "Paused", description="x"))
    made = Segment.objects.get()
    assert answer["Location"] == at("segment", made.pk)
    assert (made.tree, made.description, made.owner) == (PAUSED, "x", User.objects.get())
    assert acts() == ["added"]


def test_a_form_that_is_refused_comes_back_with_what_was_typed(marketer: Client, segment: Segment) -> None:
    typed = '{"field": "status", "op": "is"'
    answer = marketer.post(at("segment", segment.pk), form(typed, "Other", seen=1))
    page = html.read(answer.content)
    assert answer.status_code == 422
    assert page.one("textarea", name="tree").text == typed
    assert page.one("input", name="name").attributes["value"] == "Other"
    assert "This is not valid JSON." in page.text
    assert Segment.objects.get().name == "Paused"


@pytest.mark.parametrize("tree", ["", "5", "null", "[]", '{"all": [{"field": "\\ud800", "op": "is"}]}', "[" * 50_000])
def test_whatever_is_posted_as_conditions_is_refused_and_never_fails(
    marketer: Client, segment: Segment, tree: str
) -> None:
    assert marketer.post(at("segment", segment.pk), form(tree)).status_code == 422
    assert marketer.post(at("segment", segment.pk), form(tree), headers=SCRIPT).status_code == 422
    assert marketer.post(at("segment_preview"), tree, content_type="application/json").status_code == 422
    assert marketer.post(at("segment_typed_why"), {"tree": tree, "contact": "1"}).status_code == 200


def test_a_form_over_somebody_else_s_change_is_told_and_saves_with_the_next_click(
    marketer: Client, segment: Segment
) -> None:
    saved.change(segment, {"tag": "new", "op": "has"}, name="Paused")
    answer = marketer.post(at("segment", segment.pk), form({"tag": "mine", "op": "has"}, seen=1))
    page = html.read(answer.content)
    assert answer.status_code == 409
    assert "Nothing was overwritten" in page.text
    assert json.loads(page.one("textarea", name="tree").text) == {"tag": "mine", "op": "has"}
    seen = page.one("input", name="seen").attributes["value"]
    marketer.post(at("segment", segment.pk), form({"tag": "mine", "op": "has"}, seen=seen))
    assert Segment.objects.get().tree == {"tag": "mine", "op": "has"}


# ---- saving by the script


def test_the_script_is_told_the_revision_and_given_the_versions(marketer: Client, segment: Segment) -> None:
    answer = marketer.post(at("segment", segment.pk), form({"tag": "vip", "op": "has"}, seen=1), headers=SCRIPT)
    assert answer.json()["revision"] == 2
    assert len(html.read(answer.json()["versions"]).every("li")) == 2
    assert acts() == ["changed"]


def test_saving_what_is_there_already_is_no_act(marketer: Client, segment: Segment) -> None:
    told = form(PAUSED, description=segment.description, seen=1)
    assert marketer.post(at("segment", segment.pk), told, headers=SCRIPT).json()["revision"] == 1
    assert acts() == []


def test_the_script_is_told_all_that_is_wrong_by_path_and_by_field(marketer: Client) -> None:
    tree = {"all": [{"recurring_payment": field("payment_amount", "more_than", "much")}, {"tag": "", "op": "has"}]}
    answer = marketer.post(at("segment_new"), form(tree, " "), headers=SCRIPT)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"all[0].recurring_payment.value", "all[1].tag"}
    assert answer.json()["fields"] == {"name": "This field is required."}


def test_the_script_is_told_who_was_quicker(marketer: Client, segment: Segment) -> None:
    anna = User.objects.create_user("anna", first_name="Anna")
    saved.change(segment, {"tag": "new", "op": "has"}, name="Paused", by=anna)
    answer = marketer.post(at("segment", segment.pk), form(PAUSED, seen=1), headers=SCRIPT)
    assert (answer.status_code, answer.json()["revision"]) == (409, 2)
    assert answer.json()["stale"].startswith("Anna saved this segment")


def test_another_name_is_not_overwritten_unseen(marketer: Client, segment: Segment) -> None:
    saved.change(segment, PAUSED, name="On hold", description="Theirs")
    answer = marketer.post(
        at("segment", segment.pk), form({"tag": "vip", "op": "has"}, "Paused", seen=1), headers=SCRIPT
    )
    assert (answer.status_code, answer.json()["revision"]) == (409, 2)
    assert answer.json()["stale"].startswith("This segment was saved")
    kept = Segment.objects.get()
    assert (kept.name, kept.description, kept.tree, kept.version) == ("On hold", "Theirs", PAUSED, 1)


def test_a_name_is_one_word_however_it_is_capitalised(marketer: Client, segment: Segment) -> None:
    answer = marketer.post(at("segment_new"), form(PAUSED, "PAUSED"), headers=SCRIPT)
    assert answer.json()["fields"] == {"name": "There is a segment of this name already."}


# ---- what is done with one click


def test_a_copy_has_a_name_of_its_own_and_belongs_to_who_made_it(marketer: Client, segment: Segment) -> None:
    marketer.post(at("segment_duplicate", segment.pk))
    copy = Segment.objects.exclude(pk=segment.pk).get()
    assert (copy.name, copy.tree, copy.owner) == ("Paused (copy)", PAUSED, User.objects.get())


def test_a_segment_goes_into_the_archive_and_out_again(marketer: Client, segment: Segment) -> None:
    for _ in range(2):
        marketer.post(at("segment_archive", segment.pk))
    assert not Segment.objects.living().exists()
    assert b"This segment is in the archive" in marketer.get(at("segment", segment.pk)).content
    for _ in range(2):
        marketer.post(at("segment_take_out", segment.pk))
    assert Segment.objects.living().exists()
    assert acts() == ["segment.taken_out", "segment.archived"]


def test_an_earlier_version_holds_again(marketer: Client, segment: Segment) -> None:
    saved.change(segment, {"tag": "vip", "op": "has"}, name="Paused")
    marketer.post(at("segment_go_back", segment.pk, 1))
    changed = Segment.objects.get()
    assert (changed.version, changed.tree) == (3, PAUSED)
    assert acts() == ["segment.went_back"]
    assert marketer.post(at("segment_go_back", segment.pk, 9)).status_code == 404


def test_an_earlier_version_holds_again_under_the_name_that_the_segment_has_by_now(segment: Segment) -> None:
    saved.change(segment, {"tag": "vip", "op": "has"}, name="On hold", description="Theirs")
    changed = saved.go_back(segment, 1)  # as it was read before that
    assert (changed.name, changed.description, changed.tree) == ("On hold", "Theirs", PAUSED)


def test_deleting_is_asked_first_and_told(client: Client, segment: Segment) -> None:
    client.force_login(member("Manager"))
    assert "deleted for good" in html.read(client.get(at("segment_delete", segment.pk)).content).text
    assert client.post(at("segment_delete", segment.pk))["Location"] == at("segments")
    assert not Segment.objects.exists()
    assert acts() == ["deleted"]


def test_a_viewer_sees_a_segment_and_is_offered_nothing_to_change_it(client: Client, segment: Segment) -> None:
    client.force_login(member("Viewer"))
    page = html.read(client.get(at("segment", segment.pk)).content)
    assert page.every("button", data_save=None) == []
    assert [
        one.attributes["action"] for one in page.every("form") if "segments" in one.attributes.get("action", "")
    ] == []
    assert page.every("a", href=at("segment_delete", segment.pk)) == []


# ---- what the builder asks


def preview(client: Client, tree: Any, way: str = "") -> Any:
    """Ask who matches; `way` says where the conditions stand, as "inside_payment"."""
    address = f"{at('segment_preview')}?{way}=1" if way else at("segment_preview")
    return client.post(address, json.dumps(tree), content_type="application/json").json()


def test_the_preview_says_who_matches(marketer: Client, people: dict[str, Contact]) -> None:
    told = preview(marketer, PAUSED)
    assert (told["count"], told["words"], told["is_estimate"]) == (2, "2 people", False)
    assert {one["name"] for one in told["people"]} == {"Ada", "Bob"}
    assert told["people"][0]["url"] == at("admin:contacts_contact_change", told["people"][0]["id"])


def test_the_preview_of_many_names_the_first_five(marketer: Client) -> None:
    Contact.objects.bulk_create(Contact(first_name=f"P{number}") for number in range(1200))
    told = preview(marketer, {"all": []})
    assert (told["words"], len(told["people"])) == ("1,200 people", 5)


def test_the_preview_names_errors_by_path(marketer: Client) -> None:
    told = preview(marketer, {"all": [{"contact": "email", "op": "is", "value": 5}]})
    assert list(told["errors"]) == ["all[0].value"]


SOON = field("next_payment_date", "in_the_next", {"n": 3, "unit": "days"})


def test_conditions_on_payments_are_said_and_counted_as_payments(marketer: Client, people: dict[str, Contact]) -> None:
    told = preview(marketer, field("status", "is", "paused"), "inside_payment")
    assert told["sentence"] == "Recurring payments whose Recurring payment status is Paused"
    assert (told["count"], told["words"]) == (2, "2 recurring payments match now")  # nobody's third is no person's
    told = preview(marketer, {"all": [SOON]}, "inside_payment")
    assert list(told["spans"]) == ["all[0]"]
    told = preview(marketer, {"all": []}, "inside_payment")
    assert (told["sentence"], told["count"]) == ("Every recurring payment", 4)


def test_many_payments_are_estimated(marketer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "count_payments", lambda node: Count(number=12_000, is_estimate=True, sample=500))
    words = preview(marketer, {"all": []}, "inside_payment")["words"]
    assert words == "about 12,000 recurring payments match now"


def test_conditions_with_this_payment_are_said_and_not_counted(marketer: Client, people: dict[str, Contact]) -> None:
    told = preview(marketer, {"all": [paying(SOON, match="this")]}, "has_this")
    assert told["sentence"].startswith("People with this recurring payment whose")
    assert list(told["spans"]) == ["all[0].recurring_payment.all[0]"]
    assert "count" not in told
    assert list(preview(marketer, {"all": [paying(SOON, match="this")]})["errors"]) == ["all[0].match"]


@pytest.mark.parametrize(
    ("way", "tree", "path"),
    [
        ("inside_payment", {"all": [{"tag": "vip", "op": "has"}]}, "all[0]"),
        ("inside_payment", {"all": [paying(SOON)]}, "all[0]"),
        ("inside_payment", {"any": [field("payment_amount", "more_than", "lots")]}, "any[0].value"),
        (
            "has_this",
            {"all": [paying(field("status", "is", "x"), match="this")]},
            "all[0].recurring_payment.all[0].value",
        ),
    ],
)
def test_the_preview_names_errors_by_path_wherever_conditions_stand(
    marketer: Client, way: str, tree: Any, path: str
) -> None:
    assert [one for one in preview(marketer, tree, way)["errors"] if one.startswith(path)]


def test_values_are_suggested_by_how_often_they_are_there(marketer: Client, store: Store) -> None:
    for number, city in enumerate(["Lyon", " lyon", "Lyon", "Chicago", ""]):
        give(
            store,
            f"P{number}",
            f"s{number}",
            billing_city=city,
            items=[{"name": "Box", "categories": ["Food", "Wine"]}],
        )
    Tag.objects.create(name="VIP")

    def asked(key: str, name: str, q: str = "") -> list[str]:
        found: list[str] = marketer.get(at("segment_values"), {"key": key, "name": name, "q": q}).json()["values"]
        return found

    assert asked("field", "billing_city")[0] == "Lyon"
    assert asked("field", "billing_city", "LY") == ["Lyon", "lyon"]
    assert set(asked("field", "line_item_category")) == {"Food", "Wine"}
    assert asked("field", "line_item_name", "bo") == ["Box"]
    assert asked("tag", "tag", "vi") == ["VIP"]
    assert asked("contact", "first_name", "p1") == ["P1"]


@pytest.mark.parametrize(
    "asked", [{}, {"key": "field", "name": "status"}, {"key": "x", "name": "y"}, {"key": "list", "name": "list"}]
)
def test_nothing_is_suggested_where_nothing_can_be(marketer: Client, asked: dict[str, str]) -> None:
    assert marketer.get(at("segment_values"), asked).json() == {"values": []}


def test_suggestions_look_at_so_many_of_the_newest_rows_only(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "LOOKED_AT", 2)
    for number, city in enumerate(["Old", "New", "Newer"]):
        give(store, f"P{number}", f"s{number}", billing_city=city)
    assert sorted(suggestions.values(PAYMENT["billing_city"])) == ["New", "Newer"]


def test_the_list_shows_the_description_that_is_searched(marketer: Client, segment: Segment) -> None:
    row = html.read(marketer.get(at("segments")).content).one("tr", data_segment=str(segment.pk))
    assert "Who might come back" in row.text


def test_of_many_payments_why_opens_the_first(marketer: Client, store: Store, segment: Segment) -> None:
    for number in range(5):
        give(store, "Many", f"m{number}", status="paused")
    many = Contact.objects.get(first_name="Many")
    page = html.read(marketer.get(at("segment_why", segment.pk), {"contact": many.pk}).content)
    assert ["open" in one.attributes for one in page.every("details")] == [True, True, True, False, False]


def test_a_page_says_that_it_lists_the_newest_versions(
    marketer: Client, segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "The newest 2 are listed; the earlier ones are kept."
    monkeypatch.setattr(segment_page, "MOST_VERSIONS", 2)
    for tag in ("a", "b"):
        assert words not in marketer.get(at("segment", segment.pk)).content.decode()
        saved.change(segment, {"tag": tag, "op": "has"}, name=segment.name)
    assert words in marketer.get(at("segment", segment.pk)).content.decode()


def test_who_may_not_see_people_is_shown_none(client: Client, people: dict[str, Contact]) -> None:
    client.force_login(allowed("view_segment"))
    assert preview(client, PAUSED)["people"] == []
    assert client.get(at("segment_values"), {"key": "contact", "name": "email"}).json() == {"values": []}
    answer = client.post(at("segment_typed_why"), {"tree": json.dumps(PAUSED), "q": "ada"})
    assert "Ada" not in answer.content.decode()


def test_why_answers_for_each_condition_with_what_it_saw(
    marketer: Client, people: dict[str, Contact], segment: Segment
) -> None:
    page = html.read(marketer.get(at("segment_why", segment.pk), {"contact": people["Ada"].pk}).content)
    lines = [
        line.text.removeprefix("check ").removeprefix("close ")
        for line in page.every("span")
        if line.attributes.get("class", "").startswith("sb-why-line")
    ]
    assert lines == [
        "holds: with a recurring payment",
        "holds: autorenew a2",
        "holds: all of these",
        "holds: Recurring payment status is Paused seen: Paused",
        "does not hold: autorenew a1",
        "does not hold: all of these",
        "does not hold: Recurring payment status is Paused seen: Active",
    ]


def test_a_person_is_searched_by_parts_of_name_and_e_mail(marketer: Client, people: dict[str, Contact]) -> None:
    answer = marketer.post(at("segment_typed_why"), {"tree": "{}", "q": "example ADA"})
    assert [one.text for one in html.read(answer.content).every("a")] == ["Ada"]
    assert "Nobody is called so." in marketer.post(at("segment_typed_why"), {"q": "zzz"}).content.decode()


# ---- the description


def test_the_description_has_every_subject_with_its_operators(store: Store) -> None:
    give(store, "Ada", "a1")
    told = description.description()
    named = {(one["key"], one["name"]) for one in told["subjects"]}
    assert named >= {("field", name) for name in PAYMENT} | {("contact", name) for name in CONTACT}
    assert {("tag", "tag"), ("list", "list")} <= named
    assert {one["group"] for one in told["subjects"]} == set(description.GROUPS)
    for kind, known in operators.OF_KIND.items():
        assert [one["name"] for one in told["operators"][kind.name]] == list(known)
    assert {one["name"] for one in told["scopes"]} == {scope.value for scope in Scope}
    json.dumps(told)


def _offered(told: dict[str, Any], key: str) -> list[str]:
    [subject] = [one for one in told["subjects"] if one["key"] == key]
    return [one["label"] for one in subject["choices"]]


def test_all_trees_that_are_worked_on_keep_what_they_name(segment: Segment) -> None:
    old = saved.create(PAUSED, name="Old")
    saved.archive(old)
    news = ContactList.objects.create(name="News")
    assert _offered(description.description(), "segment") == ["Paused"]
    trees = [{"all": [{"segment": old.pk, "op": "in"}]}, None, {"list": news.pk, "op": "on"}]
    assert _offered(description.description(trees), "segment") == ["Paused", "Old"]
    assert _offered(description.description(trees), "list") == ["News"]
    assert _offered(description.description(itself=segment), "segment") == []


def test_fields_of_payments_wait_until_there_is_one(marketer: Client) -> None:
    page = marketer.get(at("segment_new"))
    assert page.context["description"]["available"] is False
    assert b"Ask an administrator to connect a store." in page.content
