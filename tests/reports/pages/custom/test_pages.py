"""The pages of custom reports without a browser: what they say, whom they let, and what they write down."""

import csv
import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from config.audit.models import Entry
from reports import periods
from reports.custom import asking, behind, reading, saved, scheduling
from reports.custom.starts import STARTS
from reports.models import Report, ReportMail, Schedule
from subscriptions.models import Store
from tests.html import read
from tests.people import allowed, member
from tests.statements import statements
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db
ABOVE = "/admin/reports/custom/"
BY_NAME = {"about": "payments", "groups": [{"by": "name"}], "measures": [{"of": "payments"}], "chart": "bar"}


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def client() -> Client:
    return signed_in(User.objects.create_superuser("anna", first_name="Anna", email="anna@example.com"))


@pytest.fixture
def paid(store: Store) -> Store:
    """Three people; one of them has two payments."""
    names = ("Pro", "Pro", "Box", "<b>Bold</b>")
    emails = ("ada", "ada", "bob", "cleo")
    pairs = enumerate(zip(names, emails, strict=True))
    tell(store, *(report(f"s{n}", name=name, email=f"{who}@example.com", status="active") for n, (name, who) in pairs))
    return store


@pytest.fixture
def kept(paid: Store) -> Report:
    return saved.create(BY_NAME, name="By plan", description="For Monday", owner=None)


def text(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode()


# ---- the list


def test_the_list_finds_by_name_and_says_each_report_in_words(client: Client, kept: Report) -> None:
    saved.create(BY_NAME, name="Other")
    page = text(client.get(ABOVE, {"q": "PLAN"}))
    assert "By plan" in page and "Other" not in page
    assert "for each “Name”" in page


def test_an_empty_list_says_what_to_do_and_offers_five_to_start_from(client: Client) -> None:
    page = text(client.get(ABOVE))
    assert "No report yet" in page
    assert page.count("?start=") == 5


def test_the_list_asks_no_more_for_many_reports_than_for_few(client: Client, kept: Report) -> None:
    with statements() as few:
        client.get(ABOVE)
    for number in range(20):
        saved.create(BY_NAME, name=f"Report {number}")
    with statements() as many:
        client.get(ABOVE)
    assert len(many) == len(few)


def test_a_report_that_cannot_be_read_any_more_is_listed_and_says_why(client: Client, kept: Report) -> None:
    Report.objects.update(definition=BY_NAME | {"groups": [{"by": "gone"}]})
    assert "Cannot be asked any more: there is no such field: gone" in text(client.get(ABOVE))
    page = client.get(f"{ABOVE}{kept.pk}/")
    assert page.status_code == 422
    assert "groups[0].by" in text(page)
    assert client.get(f"{ABOVE}{kept.pk}/change/").status_code == 200


@pytest.mark.parametrize("start", STARTS, ids=lambda one: one.key)
def test_each_report_to_start_from_can_be_asked_and_opens_unsaved(client: Client, paid: Store, start: Any) -> None:
    asking.run(reading.read(start.definition))
    page = client.get(f"{ABOVE}new/", {"start": start.key})
    assert str(start.name) in text(page)
    assert not Report.objects.exists()


# ---- a saved report


def test_a_saved_report_shows_figure_chart_table_and_total(client: Client, kept: Report) -> None:
    page = text(client.get(f"{ABOVE}{kept.pk}/"))
    for words in ("For Monday", "3 groups", "rc-title", "&lt;b&gt;Bold&lt;/b&gt;", "Total"):
        assert words in page
    assert "<b>Bold</b>" not in page


def test_other_days_stand_in_the_address_and_in_every_link(client: Client, kept: Report) -> None:
    tell(Store.objects.get(), report("dated", name="Dated", start_date=periods.begin(date(2026, 3, 4))))
    asked = "of=start_date&span=custom&from=2026-01-01&to=2026-12-31"
    page = text(client.get(f"{ABOVE}{kept.pk}/?{asked}"))
    assert "“Start date”" in page and "1 group<" in page
    for below in ("export/csv/", "export/xlsx/", "behind/"):
        assert f"{ABOVE}{kept.pk}/{below}?{asked}".replace("&", "&amp;") in page


@pytest.mark.parametrize(
    "asked", ["span=custom", "span=custom&from=2026-02-02&to=2026-01-01", "span=custom&from=x&to=y"]
)
def test_days_that_are_none_are_refused_in_words_and_the_saved_ones_shown(
    client: Client, kept: Report, asked: str
) -> None:
    page = text(client.get(f"{ABOVE}{kept.pk}/?{asked}"))
    assert "Choose a first day and a last day that is not before it." in page
    assert "3 groups" in page


def test_an_archived_report_still_shows_and_says_where_it_is(client: Client, kept: Report) -> None:
    client.post(f"{ABOVE}{kept.pk}/archive/")
    assert "in the archive" in text(client.get(f"{ABOVE}{kept.pk}/"))
    assert not read(text(client.get(ABOVE))).every("a", href=f"{ABOVE}{kept.pk}/")
    client.post(f"{ABOVE}{kept.pk}/take-out/")
    assert Report.objects.living().count() == 1
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "report.archived",
        "report.taken_out",
    ]


def test_a_viewer_sees_all_and_changes_nothing(kept: Report) -> None:
    viewer = signed_in(member("Viewer"))
    page = text(viewer.get(f"{ABOVE}{kept.pk}/"))
    assert "3 groups" in page and "Copy link" in page
    assert "/export/" not in page and "/delete/" not in page and "/archive/" not in page


def test_whoever_may_not_see_people_gets_the_numbers_without_what_is_behind(kept: Report) -> None:
    other = signed_in(allowed("view_report"))
    assert "/behind/" not in text(other.get(f"{ABOVE}{kept.pk}/"))
    assert other.get(f"{ABOVE}{kept.pk}/behind/").status_code == 403


# ---- the builder


def test_an_answer_comes_with_its_words_and_what_charts_fit(client: Client, paid: Store) -> None:
    answer = client.post(f"{ABOVE}result/", json.dumps(BY_NAME), content_type="application/json").json()
    assert "3 groups" in answer["html"]
    assert answer["fits"]["bar"] == "" and answer["fits"]["line"]
    assert answer["said"] == "3 groups"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("{", ""),
        ("[]", ""),
        ('{"about": "payments"}', "measures"),
        ('{"about": "payments", "measures": [{"of": "nothing"}]}', "measures[0].of"),
        (json.dumps(BY_NAME | {"where": {"field": "status", "op": "is", "value": "x"}}), "where.value"),
    ],
)
def test_what_cannot_be_asked_is_told_by_path(client: Client, body: str, path: str) -> None:
    answer = client.post(f"{ABOVE}result/", body, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [path])


def test_a_report_is_saved_by_a_plain_form_and_what_is_wrong_keeps_what_was_typed(client: Client) -> None:
    typed = {"name": "Mine", "description": "", "definition": '{"about": "payments"}'}
    refused = client.post(f"{ABOVE}new/", typed)
    assert refused.status_code == 422
    assert "Choose what is to be counted." in text(refused)
    assert 'value="Mine"' in text(refused)
    kept = client.post(f"{ABOVE}new/", typed | {"definition": json.dumps(BY_NAME)})
    assert kept["Location"] == f"{ABOVE}{Report.objects.get().pk}/change/"
    assert Entry.objects.get(action="added").object_label == "Mine"


def test_a_name_that_is_taken_is_refused(client: Client, kept: Report) -> None:
    answer = client.post(
        f"{ABOVE}new/", {"name": "BY PLAN", "definition": json.dumps(BY_NAME)}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["name"])


def test_whoever_comes_second_is_told(client: Client, kept: Report) -> None:
    saved.save(kept, BY_NAME | {"limit": 5}, by=User.objects.get())
    typed = {"name": "By plan", "definition": json.dumps(BY_NAME), "seen": 1}
    answer = client.post(f"{ABOVE}{kept.pk}/change/", typed, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json()["stale"].startswith("Anna saved this report")
    assert answer.json()["revision"] == 2


def test_a_copy_is_saved_beside_the_report(client: Client, kept: Report) -> None:
    typed = {"name": "By plan", "definition": json.dumps(BY_NAME | {"limit": 5}), "copy": "1"}
    client.post(f"{ABOVE}{kept.pk}/change/", typed)
    assert list(Report.objects.values_list("name", "definition__limit")) == [("By plan", 20), ("By plan (copy)", 5)]


def test_deleting_says_what_is_lost(client: Client, kept: Report) -> None:
    scheduling.save(Schedule(report=kept, language="en"), recipients=[])
    page = text(client.get(f"{ABOVE}{kept.pk}/delete/"))
    assert "1 time at which it is sent by e-mail" in page
    client.post(f"{ABOVE}{kept.pk}/delete/")
    assert not Report.objects.exists()


# ---- what is behind a number


def test_every_number_opens_as_many_records_as_it_says(client: Client, kept: Report) -> None:
    page = read(text(client.get(f"{ABOVE}{kept.pk}/")))
    links = {
        one.attributes["href"]: one.text for one in page.every("a", href=None) if "/behind/" in one.attributes["href"]
    }
    numbers = {href: words for href, words in links.items() if words.isdecimal()}
    assert len(numbers) == 4
    for href, words in numbers.items():
        count = f"{words} recurring payment" + ("s" if words != "1" else "")
        assert count in text(client.get(href))


def test_records_of_fewer_people_say_so(client: Client, kept: Report) -> None:
    place = quote(json.dumps({"groups": ["pro"]}))
    page = text(client.get(f"{ABOVE}{kept.pk}/behind/?place={place}"))
    assert "2 recurring payments" in page and "of 1 person" in page


@pytest.mark.parametrize("place", ["{", "[]", '{"groups": []}', '{"groups": [1]}', '{"groups": [{}]}', '{"x": 1}', "1"])
def test_a_place_that_is_none_is_refused_in_words(client: Client, kept: Report, place: str) -> None:
    assert client.get(f"{ABOVE}{kept.pk}/behind/", {"place": place}).status_code == 422


@pytest.mark.parametrize("about", ["payments", "people", "ways", "emails"])
def test_records_of_each_object_are_listed(client: Client, paid: Store, about: str) -> None:
    definition = {"about": about, "measures": [{"of": about}]}
    posted = client.post(f"{ABOVE}behind/", {"definition": json.dumps(definition), "place": "{}"})
    address = urlsplit(posted["Location"])
    assert json.loads(parse_qs(address.query)["definition"][0])["about"] == about
    count = behind.records(reading.read(definition), {}).count()
    assert f"{count} " in text(client.get(posted["Location"]))


def test_a_report_too_long_for_an_address_is_posted_from_page_to_page(client: Client, paid: Store) -> None:
    tell(paid, *(report(f"many{number}", name="Many", status="active") for number in range(60)))
    values = [f"value number {number} of many" for number in range(100)]
    where = {"not": {"field": "billing_city", "op": "is_any_of", "value": values}}
    told = {"definition": json.dumps(BY_NAME | {"where": where}), "place": '{"groups": ["many"]}'}
    first = client.post(f"{ABOVE}behind/", told)
    assert first.status_code == 200 and "60 recurring payments" in text(first)
    assert "Page 2 of 2" in text(client.post(f"{ABOVE}behind/", told | {"page": "2"}))


def test_the_page_behind_asks_no_more_for_many_records_than_for_few(client: Client, kept: Report) -> None:
    address = f"{ABOVE}{kept.pk}/behind/?place=%7B%7D"
    with statements() as few:
        client.get(address)
    tell(kept_store := Store.objects.get(), *(report(f"m{n}", email=f"m{n}@example.com") for n in range(30)))
    assert kept_store
    with statements() as many:
        client.get(address)
    assert len(many) == len(few)


def test_records_are_taken_home_as_csv_and_that_is_written_down(client: Client, kept: Report) -> None:
    answer = client.get(f"{ABOVE}{kept.pk}/behind/", {"place": '{"groups": ["pro"]}', "csv": "1"})
    lines = list(csv.reader(text(answer).lstrip("\ufeff").splitlines()))
    assert [line[:2] for line in lines[1:]] == [["ada@example.com", "ada@example.com"]] * 2
    assert Entry.objects.get(action="report.opened").detail == {"count": 2}
    assert signed_in(member("Viewer")).get(f"{ABOVE}{kept.pk}/behind/?csv=1").status_code == 403


# ---- files


@pytest.mark.parametrize(("ending", "media"), [("csv", "text/csv"), ("xlsx", "spreadsheetml")])
def test_a_report_is_taken_home_as_a_file_and_that_is_written_down(
    client: Client, kept: Report, ending: str, media: str
) -> None:
    answer = client.get(f"{ABOVE}{kept.pk}/export/{ending}/")
    assert media in answer["Content-Type"]
    assert "By-plan-" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content)
    assert Entry.objects.get(action="report.exported").detail == {"count": 3, "file": ending.upper()}


def test_a_report_that_is_not_saved_is_taken_home_too(client: Client, paid: Store) -> None:
    answer = client.post(f"{ABOVE}export/csv/", {"definition": json.dumps(BY_NAME), "name": "So far"})
    assert "So-far-" in answer["Content-Disposition"]
    assert text(answer).count("\n") == 5
    assert client.post(f"{ABOVE}export/pdf/", {}).status_code == 404


# ---- by e-mail


def test_a_schedule_is_made_changed_switched_off_and_deleted(client: Client, kept: Report) -> None:
    anna = User.objects.get(username="anna")
    page, typed = f"{ABOVE}{kept.pk}/schedules/", {"rhythm": "weekly", "weekday": 2, "hour": 7, "language": "en"}
    assert client.post(f"{page}new/", typed).status_code == 422
    client.post(f"{page}new/", typed | {"file": "csv", "recipients": [anna.pk]})
    one = Schedule.objects.get()
    assert (one.day, one.hour, list(one.recipients.all()), one.owner) == (2, 7, [anna], anna)
    assert "every week on Tuesday at 07:00" in text(client.get(page))
    client.post(f"{page}{one.pk}/", {**typed, "rhythm": "monthly", "monthday": 31, "recipients": [anna.pk]})
    assert Schedule.objects.get().day == 31
    client.post(f"{page}{one.pk}/switch/")
    assert Schedule.objects.get().next_at is None
    client.post(f"{page}{one.pk}/switch/")
    assert Schedule.objects.get().next_at is not None
    client.post(f"{page}{one.pk}/delete/")
    assert not Schedule.objects.exists()
    acts = Entry.objects.filter(action__startswith="report.").order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["report.scheduled"] * 2 + ["report.unscheduled", "report.scheduled", "report.unscheduled"]


def test_only_who_may_see_reports_and_has_an_address_can_be_chosen(client: Client, kept: Report) -> None:
    member("Viewer")
    User.objects.create_user("stranger", email="stranger@example.com", is_staff=True)
    page = read(text(client.get(f"{ABOVE}{kept.pk}/schedules/new/")))
    assert [one.attributes["value"] for one in page.every("input", name="recipients")] == [
        str(User.objects.get(username="anna").pk)
    ]


def test_one_is_sent_now_to_whoever_asks(client: Client, kept: Report) -> None:
    one = scheduling.save(Schedule(report=kept, language="en"), recipients=[])
    client.post(f"{ABOVE}{kept.pk}/schedules/{one.pk}/now/")
    assert ReportMail.objects.get().recipient.username == "anna"
    User.objects.update(email="")
    client.post(f"{ABOVE}{kept.pk}/schedules/{one.pk}/now/")
    assert ReportMail.objects.count() == 1
