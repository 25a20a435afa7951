"""The pages of performance: what they say, and that each number opens exactly what it counts."""

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from automations import labels
from automations.models import Automation, Campaign, Enrolment, Passage
from contacts.models import ContactList
from contacts.services import subscribe
from reports.models import Episode
from reports.pages.performance import shell
from reports.performance import keeping
from subscriptions.models import RecurringPayment, Store
from subscriptions.segments import haste, saved
from tests import html
from tests.reports.performance.sent import automation, campaign, did, message, person
from tests.statements import statements

pytestmark = pytest.mark.django_db
GOAL = {"id": "g", "do": "goal", "where": {"tag": "vip", "op": "has"}}
WAIT = {"id": "w", "do": "wait", "for": {"n": 1, "unit": "days"}}


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.fixture
def world() -> dict[str, Any]:
    """Two automations and a direct campaign, with people who did all sorts of things, now and in the days before."""
    now = timezone.now()
    dunning, welcome = automation("Dunning", steps=[WAIT, GOAL]), automation("Welcome")
    sent = [message(f"p{n}", at=now - timedelta(hours=n), by=dunning) for n in range(4)]
    did(sent[0], "opened", "opened", "clicked", "delivered")
    did(sent[1], "opened", is_machine=True)
    did(sent[2], "bounced")
    did(sent[3], "soft_bounced", "replied", "unsubscribed", "complained")
    did(message("old", at=now - timedelta(days=40), by=welcome), "opened")
    direct = message("dora", at=now - timedelta(days=1), of=campaign("News", "direct"))
    did(direct, "clicked")
    ways = list(Enrolment.objects.filter(automation=dunning).order_by("pk"))
    Enrolment.objects.filter(pk=ways[0].pk).update(state="finished", ended_at=now, step="")
    Enrolment.objects.filter(pk=ways[1].pk).update(state="ended", ended_at=now, step="w", reason="end")
    Enrolment.objects.filter(pk__in=[one.pk for one in ways[2:]]).update(step="w")
    for step, outcome in (("w", "done"), ("g", "reached")):
        told = {"version": ways[0].version, "arrived_at": now, "left_at": now}
        Passage.objects.create(enrolment=ways[0], step=step, outcome=outcome, **told)
    return {"dunning": dunning, "welcome": welcome, "sent": sent, "direct": direct.campaign, "ways": ways}


def page(browser: Client, name: str, *args: Any, **asked: Any) -> html.Element:
    keeping.work(seconds=60)
    answer = browser.get(reverse(name, args=args), asked)
    assert answer.status_code == 200, answer
    return html.read(answer.content)


def numbers_of(shown: html.Element) -> list[tuple[str, str]]:
    """All numbers that open people, with their addresses."""
    found = [(one.text, one.attributes["href"]) for one in shown.every("a", href=None)]
    return [(text, href) for text, href in found if "number=" in href]


def row_of(shown: html.Element, name: str) -> str:
    [row] = [one.text for one in shown.every("tr") if one.text.startswith(name)]
    return row


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("report_automations", {}),
        ("report_automations", {"period": "all"}),
        ("report_campaigns", {}),
        ("report_campaigns", {"period": "all", "kind": "direct"}),
        ("report_automation", {"period": "last_7"}),
    ],
)
def test_every_number_opens_as_many_as_it_counts(browser, world, name, asked):
    shown = page(browser, name, *([world["dunning"].pk] if name == "report_automation" else []), **asked)
    links = numbers_of(shown)
    assert len(links) > 5
    for text, href in links:
        figure = html.read(browser.get(href).content)
        words = " ".join(one.text for one in figure.every("footer"))
        value = int("".join(filter(str.isdigit, _first_number(text))))
        assert f"{value} row" in words, (text, href, words)
        assert len(figure.one("tbody").every("tr")) == value, (text, href)


def _first_number(text: str) -> str:
    """The number of a link; in a figure it stands behind its label and before its share and change."""
    return next(word for word in text.split() if word.replace(",", "").isdigit())


def test_an_automation_shows_where_people_are_what_they_reached_and_its_e_mails(browser, world):
    shown = page(browser, "report_automation", world["dunning"].pk)
    rows = [[cell.text for cell in row.every() if cell.tag in ("td", "th")] for row in shown.every("tr")]
    assert ["2", "1", "", "1"] in [_numbers(row) for row in rows if "1 day" in row[0]]
    assert ["0", "1", "1", "0"] in [_numbers(row) for row in rows if "vip" in row[0]]
    assert row_of(shown, "Reminder")


def _numbers(row: list[str]) -> list[str]:
    """The numbers of a row, each without its label."""
    return ["".join(filter(str.isdigit, text)) for text in row[1:]]


def _figure(shown: html.Element, label: str) -> html.Element:
    return next(one for one in shown.every() if one.attributes.get("class") == "rp-figure" and label in one.text)


def test_campaigns_are_told_with_rates_and_machine_opens_apart(browser, world):
    shown = page(browser, "report_campaigns", automation=world["dunning"].pk)
    text = row_of(shown, "Reminder")
    assert "25.0%" in text
    assert "By programs only" in [one.text for one in shown.every("th", scope="col")]


def test_what_was_before_stands_beside(browser, world):
    message("x", at=timezone.now() - timedelta(days=35), by=world["dunning"])
    assert "+100%" in page(browser, "report_campaigns").text


@pytest.mark.parametrize("sort", ["name", "-name", "sent", "-sent", "click_to_open", "-click_to_open", "nonsense"])
def test_a_table_is_sorted_as_its_address_says(browser, world, sort):
    names = [one.text for one in page(browser, "report_campaigns", period="all", sort=sort).every("th", scope="row")]
    rows = [name for name in names if name.startswith(("Reminder", "News"))]
    first = {"name": "News", "-name": "Reminder", "sent": "News", "-sent": "Reminder", "nonsense": "News"}
    assert len(rows) == 2
    assert rows[0].startswith(first.get(sort, rows[0]))


def test_filters_of_labels_kinds_and_payments(browser, world):
    labels.put(world["dunning"], ["Money"])
    labels.put(world["direct"], ["Letters"])
    money, letters = (labels.Label.objects.get(name=name).pk for name in ("Money", "Letters"))
    shown = page(browser, "report_automations", label=money).text
    assert "Dunning" in shown
    assert "count=1" not in shown
    assert not [one for one in page(browser, "report_automations", label=money).every("th") if one.text == "Welcome"]
    assert "News" in row_of(page(browser, "report_campaigns", label=letters), "News")
    assert "Nothing was sent" in page(browser, "report_campaigns", payments="1").text
    Automation.objects.filter(pk=world["dunning"].pk).update(draft={"triggers": [{"id": "t", "on": "created"}]})
    assert row_of(page(browser, "report_automations", payments="1"), "Dunning")


def test_a_list_and_a_segment_count_only_the_people_who_are_there(browser, world):
    letter = ContactList.objects.create(name="Letter")
    subscribe([person("p0").pk, person("dora").pk], letter.pk, source="person")
    segment = saved.create({"contact": "email", "op": "is", "value": "p0@example.com"}, name="P0")
    assert "2" in row_of(page(browser, "report_campaigns", list=letter.pk), "All together")
    shown = page(browser, "report_automations", segment=segment.pk)
    assert "1" in _figure(shown, "Entered").text.split()


def test_a_filter_that_holds_for_everybody_changes_no_number(browser, world):
    everybody = saved.create({"all": []}, name="Everybody")
    for name in ("report_automations", "report_campaigns"):
        told, again = (page(browser, name, period="all", **more) for more in ({}, {"segment": everybody.pk}))
        assert [text for text, _href in numbers_of(told)] == [text for text, _href in numbers_of(again)]


def test_a_segment_that_cannot_be_asked_is_said(browser, world):
    letter = ContactList.objects.create(name="Letter")
    segment = saved.create({"list": letter.pk, "op": "subscribed"}, name="Gone")
    letter.delete()
    assert "cannot be asked" in page(browser, "report_campaigns", segment=segment.pk).text


def test_numbers_of_some_people_that_take_too_long_are_given_up(browser, world, monkeypatch):
    everybody = saved.create({"all": []}, name="Everybody")
    monkeypatch.setattr(shell, "SECONDS", 0)
    monkeypatch.setattr(haste, "_STEPS", 1)  # so few people are asked about soon
    for name in ("report_automations", "report_campaigns"):
        assert "Choose a shorter period" in page(browser, name, segment=everybody.pk).text
        assert "Choose a shorter period" not in page(browser, name).text


def test_a_payment_that_is_paid_again_while_its_person_is_inside_is_recovered(browser, world):
    now = timezone.now()
    store = Store.objects.create(name="Shop", provider="stripe")
    one = person("p2")
    payment = RecurringPayment.objects.create(
        store=store, contact=one, store_recurring_payment_id="1", name="Pro", as_of=now
    )
    told = {
        "payment": payment,
        "kind": "failed",
        "outcome": "recovered",
        "amount": 490_000,
        "currency": "EUR",
        "contact": one,
    }
    before = now - timedelta(days=2)
    Episode.objects.all().delete()
    Episode.objects.create(since=before, until=now - timedelta(minutes=1), **told)
    Episode.objects.create(since=before - timedelta(days=9), until=before - timedelta(days=8), **told)
    shown = page(browser, "report_automation", world["dunning"].pk)
    figure = _figure(shown, "Payments recovered")
    assert "€49.00" in figure.text
    assert " 1 " in f" {figure.text} "
    people = browser.get(figure.attributes["href"]).content.decode()
    assert "Pro" in people
    assert "1 row" in html.read(people).text


def test_the_tables_and_the_people_come_as_csv(browser, world):
    keeping.work(seconds=60)
    answer = browser.get(reverse("report_campaigns_export"), {"period": "all"})
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[0][:3] == ["Campaign", "Sent", "Sent, before"]
    assert [row[:2] for row in rows[1:]] == [["News", "1"], ["Reminder", "5"]]
    Campaign.objects.filter(pk=world["direct"].pk).update(name="=cmd|' /C calc'!A0")
    answer = browser.get(reverse("report_campaigns_export"), {"period": "all"})
    assert "'=cmd" in b"".join(answer).decode()
    answer = browser.get(reverse("report_campaign_people_export"), {"number": "opened"})
    people = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert {row[1] for row in people[1:]} == {"p0@example.com", "dora@example.com"}
    answer = browser.get(reverse("report_automation_export", args=[world["dunning"].pk]))
    assert [row[1:] for row in csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig")))][1:] == [
        ["2", "1", "0", "1"],
        ["0", "1", "1", "0"],
    ]
    answer = browser.get(reverse("report_automations_export"))
    assert b"Dunning" in b"".join(answer)


def test_people_are_searched(browser, world):
    shown = page(browser, "report_campaign_people", number="sent", q="dora")
    assert "1 row" in shown.text
    assert "Nobody matches" in page(browser, "report_campaign_people", number="sent", q="zzz").text


def test_a_number_that_there_is_not_leads_nowhere(browser, world):
    assert browser.get(reverse("report_campaign_people"), {"number": "x"}).status_code == 404


def test_with_nothing_there_the_pages_say_what_to_do(browser):
    assert "No automation yet" in page(browser, "report_automations").text
    assert "Nothing was sent" in page(browser, "report_campaigns").text
    assert page(browser, "report_automation", automation("Empty").pk)


@pytest.mark.parametrize(
    "asked", [{"automation": "x"}, {"campaign": "9" * 30}, {"period": "custom", "from": "2026-13-45"}]
)
def test_nonsense_in_the_address_is_no_error(browser, world, asked):
    for name in ("report_automations", "report_campaigns"):
        assert page(browser, name, **asked)


def test_many_automations_take_no_more_queries(browser, world):
    with statements() as few:
        page(browser, "report_automations")
    for number in range(20):
        message(f"q{number}", at=timezone.now(), by=automation(f"More {number}"), of=campaign(f"Mail {number}"))
    page(browser, "report_automations")
    with statements() as many:
        page(browser, "report_automations")
    assert len(many) <= len(few) + 2


def test_the_report_of_an_automation_is_one_of_its_tabs_and_a_campaign_leads_to_its_own(browser, world):
    shown = page(browser, "automation_people", world["dunning"].pk)
    assert shown.one("a", href=reverse("report_automation", args=[world["dunning"].pk]))
    results = page(browser, "campaign_results", world["direct"].pk)
    link = results.one("a", href=reverse("report_campaign", args=[world["direct"].pk]))
    answer = browser.get(link.attributes["href"])
    assert parse_qs(urlsplit(answer.url).query)["campaign"] == [str(world["direct"].pk)]
