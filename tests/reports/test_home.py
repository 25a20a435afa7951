"""The first page: what needs attention, what happened today, first steps."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from config.celery import PERIODIC
from config.pulse import beats
from config.pulse.models import Beat
from integrations.models import Connection
from subscriptions.models import FieldOrder, Segment, Store
from tests.html import Element, read
from tests.reports.business import kept, lives


@pytest.fixture
def viewer(client: Client, db: None) -> Client:
    """Somebody who looks only."""
    user = User.objects.create_user("vera", is_staff=True)
    user.groups.add(Group.objects.get(name="Viewer"))
    client.force_login(user)
    return client


def _home(browser: Client) -> Element:
    answer = browser.get("/", follow=True)
    assert answer.status_code == 200
    return read(answer.content)


def test_a_newcomer_is_told_what_to_do_first(admin: Client) -> None:
    steps = _home(admin).one("section", aria_labelledby="rp-steps")
    assert [one.text for one in steps.every("a")] == [
        "Connect a store",
        "See a contact with a recurring payment",
        "Order the fields",
        "Build a segment",
        "Start a recipe",
    ]


def test_what_is_done_is_ticked_off_and_all_of_it_is_gone(admin: Client, store: Store) -> None:
    lives.live(store)
    steps = _home(admin).one("section", aria_labelledby="rp-steps")
    assert [one.text for one in steps.every("s")] == ["Connect a store", "See a contact with a recurring payment"]
    FieldOrder.objects.create(version=1, names=[], action="move")
    Segment.objects.create(name="All", tree={"all": []})
    from automations.models import Automation

    Automation.objects.create(name="Welcome")
    assert not _home(admin).every("section", aria_labelledby="rp-steps")


def test_who_only_looks_is_not_asked_to_set_anything_up(viewer: Client) -> None:
    steps = _home(viewer).one("section", aria_labelledby="rp-steps")
    assert [one.text for one in steps.every("a")] == ["See a contact with a recurring payment"]


def test_figures_say_how_they_stand_against_last_month(admin: Client, store: Store) -> None:
    lives.live(store)
    kept.keep_up()
    page = _home(admin)
    figures = {one.every("span")[0].text: one.every("b")[0].text for one in page.every("a", **{"class": "rp-figure"})}
    assert figures == {
        "Monthly recurring revenue": "€81.00",
        "Customers": "5",
        "In trial": "0",
        "Payment failed": "1",
    }
    assert "Figures and chart are without what is paid in USD" in page.text


def test_what_failed_today_needs_attention_and_leads_to_whom(admin: Client, store: Store) -> None:
    lives.live(store)
    kept.keep_up()
    attention = _home(admin).one("section", aria_labelledby="rp-attention")
    [link] = attention.every("a")
    assert "1 recurring payment failed today" in link.text
    assert len(read(admin.get(link.attributes["href"]).content).one("tbody").every("tr")) == 1


def test_a_clock_that_has_stopped_needs_attention_until_it_goes_again(viewer: Client) -> None:
    assert "The clock has stopped" in _home(viewer).one("section", aria_labelledby="rp-attention").text
    for task in PERIODIC:
        beats.note(task)
    assert not _home(viewer).every("section", aria_labelledby="rp-attention")
    Beat.objects.update(done_at=timezone.now() - timedelta(hours=2))
    assert "has not been done since" in _home(viewer).one("section", aria_labelledby="rp-attention").text


def test_a_connection_in_trouble_needs_attention(admin: Client, store: Store, viewer: Client) -> None:
    Connection.objects.create(store=store, problem="key_refused")
    assert store.name in _home(viewer).one("section", aria_labelledby="rp-attention").text


def test_today_says_what_moved_and_leads_to_whom(admin: Client, store: Store) -> None:
    lives.told(store, "new", 0, **lives.MONTHLY, **lives.ADA, payment_amount="10", start_date=lives.ago(0))
    today = _home(admin).one("section", aria_labelledby="rp-today")
    assert "1 New €10.00 a month" in today.text
    listed = read(admin.get(today.every("a")[0].attributes["href"]).content)
    assert "ada@example.com" in listed.one("tbody").text


def test_home_takes_few_queries(admin: Client, store: Store, django_assert_max_num_queries: Any) -> None:
    lives.live(store)
    kept.keep_up()
    admin.get("/admin/home/")
    with django_assert_max_num_queries(40):
        admin.get("/admin/home/")
