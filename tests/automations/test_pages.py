"""The pages of automations: the list, the flow, publishing, people and their ways, versions, settings, files."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from automations import by_hand, publishing
from automations.models import Automation, Enrolment
from config.audit.models import Entry
from contacts.models import ContactList
from subscriptions.models import Store
from subscriptions.segments import saved
from tests.automations.flows import ACTIVE, CREATED, days, flow, go, only, pay, publish, step, tag
from tests.people import member

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}
WRONG: dict[str, Any] = {"triggers": [], "runs": "every_time", "steps": [{"id": "m", "do": "email", "subject": "x"}]}


@pytest.fixture
def marketer(client: Client) -> Client:
    """A marketer's browser."""
    client.force_login(member("Marketer"))
    return client


@pytest.fixture
def manager(client: Client) -> Client:
    """A manager's browser."""
    client.force_login(member("Manager"))
    return client


def at(name: str, *ids: Any) -> str:
    """Return an address by its name."""
    return reverse(name, args=ids)


def acts() -> list[str]:
    """Return what the audit log tells, newest last."""
    return list(Entry.objects.exclude(action="signed_in").order_by("pk").values_list("action", flat=True))


def test_the_list_says_what_starts_each_and_how_many_are_inside(marketer, store):
    one = publish(days(3), name="Welcome")
    pay(store)
    go()
    publishing.create(name="Half done", draft=WRONG)
    page = marketer.get(at("automations")).content.decode()
    assert "A recurring payment is created" in page
    assert "Nothing starts it by itself" in page
    assert f'href="{at("automation_people", one.pk)}?state=inside">1<' in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Active one", "Paused one", "Draft one"}),
        ("?state=active", {"Active one"}),
        ("?state=paused", {"Paused one"}),
        ("?state=draft", {"Draft one"}),
        ("?state=archived", {"Old one"}),
        ("?q=draft", {"Draft one"}),
        ("?q=nowhere", set()),
        ("?state=nonsense", {"Active one", "Paused one", "Draft one"}),
    ],
)
def test_the_list_is_filtered_by_state_and_words(marketer, query, shown):
    publish(days(1), name="Active one")
    publishing.pause(publish(days(1), name="Paused one"))
    publishing.create(name="Draft one")
    publishing.archive(publish(days(1), name="Old one"))
    page = marketer.get(at("automations") + query).content.decode()
    names = {"Active one", "Paused one", "Draft one", "Old one"}
    assert {name for name in names if f">{name}</a>" in page} == shown


def test_the_list_asks_as_many_questions_for_many_as_for_few(marketer, store, django_assert_max_num_queries):
    for number in range(30):
        publish(days(1), name=f"Flow {number}")
    pay(store)
    go()
    with django_assert_max_num_queries(16):
        marketer.get(at("automations"))


def test_a_new_automation_is_an_empty_draft(marketer):
    answer = marketer.post(at("automation_new"), {"name": " Welcome ", "description": ""})
    one = Automation.objects.get()
    assert answer.url == at("automation", one.pk)
    assert (one.name, one.state, one.draft["steps"]) == ("Welcome", "draft", [])
    assert one.owner.groups.get().name == "Marketer"
    assert acts() == ["added"]


@pytest.mark.parametrize("name", ["", "welcome", "x" * 201])
def test_a_name_that_cannot_be_is_refused_with_its_reason(marketer, name):
    publishing.create(name="Welcome")
    answer = marketer.post(at("automation_new"), {"name": name, "description": ""})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert Automation.objects.count() == 1


def test_a_flow_is_shown_in_words_with_its_mistakes_and_its_people(marketer, store):
    one = publish(days(3), step("if", where=ACTIVE, yes=[tag("vip")], no=[]))
    pay(store)
    go()
    page = marketer.get(at("automation", one.pk)).content.decode()
    assert "Wait for 3 days" in page
    assert "Add the tag “vip”" in page
    assert "1 person here now" in page
    publishing.save(one, draft=WRONG)
    page = marketer.get(at("automation", one.pk)).content.decode()
    assert "E-mail: is missing" in page
    assert "people go by version 1" in page
    assert "1 person is at a step that this draft does not have." in page


def test_a_script_saves_the_draft(marketer):
    one = publishing.create(name="Flow")
    told = {"draft": json.dumps(flow(days(1))), "seen": one.revision}
    answer = marketer.post(at("automation", one.pk), told, headers=SCRIPT)
    assert answer.json() == {"revision": 2, "message": "Saved.", "is_published": False}
    one.refresh_from_db()
    assert one.draft == flow(days(1))
    assert acts() == ["changed"]


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(marketer):
    one = publishing.create(name="Flow")
    publishing.save(one, draft=flow(days(1)))
    answer = marketer.post(at("automation", one.pk), {"draft": json.dumps(flow()), "seen": 1}, headers=SCRIPT)
    assert answer.status_code == 409
    assert answer.json()["stale"]
    assert answer.json()["revision"] == 2
    one.refresh_from_db()
    assert one.draft == flow(days(1))


@pytest.mark.parametrize("draft", ["", "{", "[]", '"x"', '{"a": "\\u0000"}', "[" * 100_000])
def test_what_is_no_flow_is_refused_and_what_was_typed_stays(marketer, draft):
    one = publishing.create(name="Flow")
    answer = marketer.post(at("automation", one.pk), {"draft": draft})
    assert answer.status_code == 422
    assert "Nothing was saved" in answer.content.decode()
    one.refresh_from_db()
    assert one.revision == 1


def test_the_builder_is_told_words_and_mistakes_by_path(marketer):
    one = publishing.create(name="Flow")
    told = flow(days(2), {"id": "m", "do": "email"}, {"id": "?", "do": "nonsense"})
    answer = marketer.post(at("automation_check", one.pk), json.dumps(told), content_type="application/json").json()
    assert answer["parts"]["steps[0]"] == {"words": "Wait for 2 days", "errors": []}
    assert answer["parts"]["steps[1]"]["errors"] == ["E-mail: is missing"]
    assert answer["parts"]["steps[2]"]["words"] == "Something that is not known here"
    assert answer["errors"]["steps[1].campaign"] == "is missing"


def test_publishing_shows_first_what_becomes_of_whom(marketer, store):
    one = publish(days(3), tag("vip"))
    pay(store)
    go()
    publishing.save(one, draft=flow(days(9, "other"), tag("vip")))
    page = marketer.get(at("automation_publish", one.pk)).content.decode()
    assert "Wait for 3 days" in page
    assert "Add the tag “vip”" in page
    one.refresh_from_db()
    answer = marketer.post(at("automation_publish", one.pk), {"seen": one.revision}, follow=True)
    assert "Published." in answer.content.decode()
    assert one.versions.count() == 2
    assert acts() == ["automation.published"]


def test_a_draft_with_mistakes_is_not_published(marketer):
    one = publishing.create(name="Flow", draft=WRONG)
    for answer in (marketer.get(at("automation_publish", one.pk)), marketer.post(at("automation_publish", one.pk))):
        assert answer.url == at("automation", one.pk)
    assert not one.versions.exists()


def test_another_draft_than_the_one_that_was_looked_at_is_not_published(marketer):
    one = publishing.create(name="Flow", draft=flow(days(1)))
    publishing.save(one, draft=flow(days(2)))
    answer = marketer.post(at("automation_publish", one.pk), {"seen": 1})
    assert answer.url == at("automation_publish", one.pk)
    assert not one.versions.exists()


def test_pausing_resuming_archiving_and_taking_out(marketer, store):
    one = publish(days(3))
    pay(store)
    go()
    states = []
    for act in ("pause", "resume", "resume", "archive", "take_out"):
        marketer.post(at(f"automation_{act}", one.pk))
        one.refresh_from_db()
        states.append((one.state, only().state))
    assert states == [
        ("paused", "held"),
        ("active", "active"),
        ("active", "active"),
        ("archived", "ended"),
        ("paused", "ended"),
    ]
    assert acts() == ["automation.paused", "automation.resumed", "automation.archived", "automation.taken_out"]


def test_archiving_says_first_whose_ways_end(marketer, store):
    one = publish(days(3))
    pay(store)
    go()
    page = marketer.get(at("automation_archive", one.pk)).content.decode()
    assert "The way of 1 person who is inside ends here" in page


def test_a_copy_is_a_draft_under_a_name_of_its_own(marketer):
    one = publish(days(3), name="Flow")
    for name in ("Flow 2", "Flow 3"):
        marketer.post(at("automation_duplicate", one.pk))
        copy = Automation.objects.get(name=name)
        assert (copy.state, copy.draft, copy.version) == ("draft", one.draft, 0)


def test_deleting_asks_for_the_name_and_takes_all_with_it(manager, store):
    one = publish(days(3), name="Flow")
    pay(store)
    go()
    assert "into the archive first" in manager.post(at("automation_delete", one.pk), {"name": "Flow"}).content.decode()
    publishing.archive(one)
    assert manager.post(at("automation_delete", one.pk), {"name": "Other"}).status_code == 422
    assert manager.post(at("automation_delete", one.pk), {"name": "flow"}).url == at("automations")
    assert not Automation.objects.exists()
    assert not Enrolment.objects.exists()
    assert acts() == ["deleted"]


def test_what_another_automation_starts_is_not_deleted(manager):
    one = publishing.create(name="Second")
    publish(step("start", automation=one.pk), name="First")
    answer = manager.post(at("automation_delete", one.pk), {"name": "Second"})
    assert answer.status_code == 409
    assert "“First”" in answer.content.decode()


def test_people_are_listed_by_state_step_and_name(marketer, store):
    one = publish(days(3), step("if", where=ACTIVE, yes=[], no=[]), runs="once_a_contact")
    pay(store, "ada")
    pay(store, "bob", "sub_2")
    go()
    by_hand.end(one.enrolments.get(contact__email="bob@example.com"))

    def shown(query: str) -> set[str]:
        page = marketer.get(f"{at('automation_people', one.pk)}{query}").content.decode()
        return {name for name in ("ada", "bob") if f"{name}@example.com" in page}

    assert shown("") == {"ada", "bob"}
    assert shown("?state=inside") == {"ada"}
    assert shown("?state=ended") == {"bob"}
    assert shown("?state=parked") == set()
    assert shown("?step=wait") == {"ada"}
    assert shown("?step=if") == set()
    assert shown("?q=BOB") == {"bob"}
    assert "Ended by hand" in marketer.get(f"{at('automation_people', one.pk)}").content.decode()


def test_a_way_tells_each_step_with_what_came_of_it(marketer, store):
    one = publish(tag("vip"), step("if", where=ACTIVE, yes=[days(3)], no=[]))
    pay(store)
    go()
    page = marketer.get(at("automation_path", one.pk, only().pk)).content.decode()
    assert "A recurring payment is created" in page
    assert "Add the tag “vip”" in page
    assert ">Yes</strong>" in page
    assert "Here now" in page
    assert "fl-here" in page


def test_who_is_stopped_tries_again_with_one_click(marketer, store):
    one = publish(step("subscribe", list=ContactList.objects.create(name="Letter").pk))
    ContactList.objects.all().delete()
    pay(store)
    go()
    page = marketer.get(at("automation_people", one.pk)).content.decode()
    assert "1 person is stopped by a problem" in page
    assert "The list is gone" in page
    marketer.post(at("automation_retry", one.pk))
    assert only().state == "active"
    assert acts() == ["automation.people_retried"]


def test_a_way_is_ended_by_hand(marketer, store):
    one = publish(days(3))
    pay(store)
    go()
    marketer.post(at("automation_end", one.pk, only().pk))
    assert (only().state, only().reason) == ("ended", "by_hand")
    assert acts() == ["automation.person_ended"]


def test_an_earlier_version_becomes_the_draft_again(marketer):
    one = publish(days(1))
    publishing.save(one, draft=flow(days(2)))
    publishing.publish(one)
    page = marketer.get(at("automation_versions", one.pk)).content.decode()
    assert "Version 1" in page
    assert "Wait for 2 days" in page
    marketer.post(at("automation_go_back", one.pk, 1))
    one.refresh_from_db()
    assert one.draft == flow(days(1))
    assert one.version == 2
    assert marketer.post(at("automation_go_back", one.pk, 7)).status_code == 404


def test_settings_rename_it_and_renew_its_secret(marketer):
    one = publishing.create(name="Flow")
    publishing.create(name="Taken")
    secret = one.webhook_secret
    assert marketer.post(at("automation_settings", one.pk), {"name": "taken", "description": ""}).status_code == 422
    marketer.post(at("automation_settings", one.pk), {"name": "Better", "description": "Why"})
    marketer.post(at("automation_renew_secret", one.pk))
    one.refresh_from_db()
    assert (one.name, one.description, one.revision) == ("Better", "Why", 1)
    assert one.webhook_secret not in {secret, ""}
    assert one.webhook_secret in marketer.get(at("automation_settings", one.pk)).content.decode()


def test_viewers_do_not_see_the_secret(client):
    one = publishing.create(name="Flow")
    client.force_login(member("Viewer"))
    page = client.get(at("automation_settings", one.pk)).content.decode()
    assert one.webhook_secret not in page


def _file(told: Any) -> SimpleUploadedFile:
    text = told if isinstance(told, bytes) else json.dumps(told).encode()
    return SimpleUploadedFile("flow.json", text, "application/json")


def test_an_automation_goes_to_another_account_as_a_file(marketer):
    letter = ContactList.objects.create(name="Letter")
    ours = saved.create({"all": []}, name="Everybody")
    steps = [step("subscribe", list=letter.pk), step("if", where={"segment": ours.pk, "op": "in"}, yes=[], no=[])]
    one = publishing.create(name="Flow", description="Why", draft=flow(*steps))
    told = json.loads(marketer.get(at("automation_export", one.pk)).content)
    letter.delete()
    ContactList.objects.create(name="Another")
    there = ContactList.objects.create(name="Letter")
    assert there.pk != letter.pk
    answer = marketer.post(at("automation_import"), {"file": _file(told)})
    copy = Automation.objects.get(name="Flow 2")
    assert answer.url == at("automation", copy.pk)
    assert copy.draft["steps"][0]["list"] == there.pk
    assert copy.draft["steps"][1]["where"]["segment"] == ours.pk
    assert copy.description == "Why"


def test_what_there_is_not_in_the_other_account_is_said(marketer):
    letter = ContactList.objects.create(name="Letter")
    one = publishing.create(name="Flow", draft=flow(step("subscribe", list=letter.pk)))
    told = json.loads(marketer.get(at("automation_export", one.pk)).content)
    ContactList.objects.all().delete()
    page = marketer.post(at("automation_import"), {"file": _file(told)}, follow=True).content.decode()
    assert "There is no list “Letter” here" in page


@pytest.mark.parametrize(
    "told", [b"", b"{", b"[]", {"format": "other"}, {"format": "ritournelle.automation", "flow": []}, b"\xff\xfe"]
)
def test_a_file_that_is_none_makes_nothing(marketer, told):
    assert marketer.post(at("automation_import"), {"file": _file(told)}).status_code == 422
    assert not Automation.objects.exists()


def test_who_comes_back_to_the_address_of_files_is_asked_for_one(marketer):
    assert marketer.get(at("automation_import")).url == at("automation_new")


def test_deleting_a_segment_leads_to_the_automation_that_uses_it(manager):
    ours = saved.create({"all": []}, name="Everybody")
    one = publishing.create(name="Flow", draft=flow(step("if", where={"segment": ours.pk, "op": "in"}), on=CREATED))
    assert at("automation", one.pk) in manager.get(at("segment_delete", ours.pk)).content.decode()


def test_a_store_that_is_left_out_changes_nothing(marketer, store: Store):
    one = publish(days(3))
    assert marketer.get(at("automation_counts", one.pk)).json() == {"state": "active", "steps": {}}


def test_a_contact_s_page_tells_of_their_automations(marketer, store):
    one = publish(days(3), name="Welcome")
    publish(tag("vip"), name="Tagging")
    pay(store)
    go()
    way = one.enrolments.get()
    page = marketer.get(at("admin:contacts_contact_change", way.contact_id)).content.decode()
    assert f'href="{at("automation_path", one.pk, way.pk)}">Welcome</a>' in page
    assert "Wait for 3 days" in page
    assert ">Tagging</a>" in page
