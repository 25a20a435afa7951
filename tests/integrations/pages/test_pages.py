"""A connection's tabs: what they show, whom, and what their buttons do."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactList
from integrations import inbox
from integrations.models import Connection, Delivery, HistoricalSync
from subscriptions.models import RecurringPayment
from tests.integrations.conftest import person, signed_in
from tests.integrations.contracts import CONTRACTS, deliver

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


def at(connection: Connection, name: str) -> str:
    return reverse(f"admin:connection_{name}", args=[connection.pk])


def words(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def filled(connection: Connection) -> Connection:
    """Let five events arrive: two failed for one reason and one for another, one was ignored, one applied."""
    for number in range(5):
        deliver(connection, CONTRACTS["stripe"].news(f"sub_{number}", "active", NOON))
    for number, (state, reason) in enumerate(
        [("failed", "sub_0: amount is missing"), ("failed", "sub_1: amount is missing"), ("failed", "Timeout"),
         ("ignored", "means nothing"), ("applied", "")]
    ):  # fmt: skip
        Delivery.objects.filter(subject=f"subscription:sub_{number}").update(state=state, reason=reason)
    return connection


def states() -> list[str]:
    return list(Delivery.objects.order_by("subject").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 5), ("?state=failed", 3), ("?q=sub_2", 1), ("?q=AMOUNT", 2), ("?event=nothing", 0), ("?day=2020-01-01", 0),
     ("?state=nonsense&day=nonsense", 5), ("?page=99", 5), ("?q=%00", 5)],
)  # fmt: skip
def test_events_are_searched_and_filtered(administrators: Client, keyless: Connection, query: str, found: int) -> None:
    answer = administrators.get(at(filled(keyless), "inbox") + query)
    assert answer.context["page"].paginator.count == found


def test_today_is_a_day_that_can_be_asked_for(administrators: Client, keyless: Connection) -> None:
    answer = administrators.get(f"{at(filled(keyless), 'inbox')}?day={timezone.localdate()}")
    assert answer.context["page"].paginator.count == 5


@pytest.mark.parametrize(
    ("posted", "left"),
    [
        ({"all": ""}, ["waiting", "waiting", "waiting", "ignored", "applied"]),
        ({"all": "", "q": "sub_1"}, ["failed", "waiting", "failed", "ignored", "applied"]),
        ({"cause": "amount is missing"}, ["waiting", "waiting", "failed", "ignored", "applied"]),
        ({"cause": "something else"}, ["failed", "failed", "failed", "ignored", "applied"]),
        ({"selected": "", "event_id": ["x"]}, ["failed", "failed", "failed", "ignored", "applied"]),
    ],
)
def test_what_failed_is_retried_by_search_and_by_cause(
    marketers: Client, keyless: Connection, posted: dict[str, Any], left: list[str]
) -> None:
    told = words(marketers.post(at(filled(keyless), "retry"), posted, follow=True))
    assert states() == left
    count = left.count("waiting")
    assert f"{count} event{'' if count == 1 else 's'} {'is' if count == 1 else 'are'} being retried." in told


def test_the_chosen_are_retried_and_no_event_of_another_connection(administrators: Client, keyless: Connection) -> None:
    chosen = list(filled(keyless).deliveries.values_list("pk", flat=True))
    other = Connection.objects.create(store=keyless.store.__class__.objects.create(name="O", provider="stripe"))
    administrators.post(at(other, "retry"), {"selected": "", "event_id": chosen})
    assert "waiting" not in states()
    administrators.post(at(keyless, "retry"), {"selected": "", "event_id": chosen})
    assert states() == ["waiting"] * 4 + ["applied"]


def test_causes_are_gathered_without_the_ids(administrators: Client, keyless: Connection) -> None:
    causes = administrators.get(at(filled(keyless), "inbox")).context["causes"]
    assert [(one.words, one.count) for one in causes] == [("amount is missing", 2), ("Timeout", 1)]


def test_three_hundred_events_cost_as_many_queries_as_one(administrators: Client, keyless: Connection) -> None:
    def cost(name: str) -> int:
        with CaptureQueriesContext(database) as captured:
            assert administrators.get(at(keyless, name)).status_code == 200
        return len(captured)

    deliver(keyless, CONTRACTS["stripe"].news("sub_0", "active", NOON))
    few = {name: cost(name) for name in ("inbox", "history", "audit")}
    [one] = Delivery.objects.all()
    for number in range(299):
        one.pk, one.key, one.state, one.reason = None, f"k{number}", "failed", f"sub_{number}: missing"
        one.save()
    assert {name: cost(name) for name in few} == few


def test_history_asks_before_automations_start_on_it(administrators: Client, keyless: Connection) -> None:
    HistoricalSync.objects.create(connection=keyless, state="finished", total=1240, started_at=NOON)
    start = reverse("admin:sync_start", args=[keyless.pk])
    assert "it has 1,240 recurring payments" in words(administrators.post(start, {"announces": "on"}))
    assert HistoricalSync.objects.count() == 1
    administrators.post(start, {"announces": "on", "confirmed": "yes"})
    assert HistoricalSync.objects.latest("pk").announces


def test_a_paused_connection_says_so_and_resumes_by_button(administrators: Client, keyless: Connection) -> None:
    told = words(administrators.post(at(keyless, "pause"), {"tab": at(keyless, "inbox")}, follow=True))
    assert "Paused since" in told
    refused = administrators.post(reverse("admin:sync_start", args=[keyless.pk]), follow=True)
    assert "The connection is paused. Resume it first" in words(refused)
    told = words(administrators.post(at(keyless, "resume"), {"tab": "//evil.example"}, follow=True))
    assert "The connection is resumed." in told
    shown = administrators.get(at(keyless, "audit"))
    assert [entry.action for entry in shown.context["entries"]][:2] == ["connection.resumed", "connection.paused"]


def test_removing_takes_the_exact_name(administrators: Client, keyless: Connection) -> None:
    deliver(keyless, CONTRACTS["stripe"].news("sub_0", "active", NOON))
    inbox.process()
    page = at(keyless, "disconnect")
    assert "This is not the connection's name" in words(administrators.post(page, {"payments": "remove", "name": "s"}))
    assert "Say whether" in words(administrators.post(page, {}))
    assert RecurringPayment.objects.count() == 1
    told = words(administrators.post(page, {"payments": "remove", "name": "Shop"}, follow=True))
    assert "Shop is disconnected." in told
    assert (Connection.objects.count(), RecurringPayment.objects.count()) == (0, 0)


def test_a_viewer_sees_the_tabs_without_settings(keyless: Connection) -> None:
    viewers = signed_in(person("vera", "Viewer"))
    shown = viewers.get(at(keyless, "inbox"))
    assert [str(tab["label"]) for tab in shown.context["tabs"]] == ["Inbox", "History"]
    assert b'name="pause_connection"' not in shown.content
    assert viewers.get(at(keyless, "audit")).status_code == 403


def test_newcomers_are_put_on_the_list_that_the_settings_name(administrators: Client, keyless: Connection) -> None:
    chosen = ContactList.objects.create(name="News")
    page = reverse("admin:integrations_connection_change", args=[keyless.pk])
    form = {"name": "Shop", "requests_per_second": "20", "newcomer_list": chosen.pk}
    assert administrators.post(page, form).status_code == 302
    keyless.store.refresh_from_db()
    assert keyless.store.newcomer_list == chosen


def test_an_event_shows_no_secret(administrators: Client, keyless: Connection) -> None:
    deliver(keyless, CONTRACTS["stripe"].news("sub_1", "active", NOON, metadata={"api_key": "hush-hush"}))
    event = Delivery.objects.get()
    Delivery.objects.update(reason="refused sk_live_1234567890", received_at=timezone.now() - timedelta(minutes=2))
    for path in (reverse("admin:integrations_delivery_change", args=[event.pk]), at(keyless, "inbox")):
        content = administrators.get(path).content.decode()
        assert "hush-hush" not in content
        assert "sk_live_1234567890" not in content


def test_the_menu_shows_where_one_is_on_each_page_of_a_connection(administrators: Client, keyless: Connection) -> None:
    for page in (at(keyless, "inbox"), at(keyless, "disconnect"), reverse("connected_apps"), reverse("setup_app")):
        menu = administrators.get(page).context["sidebar_navigation"]
        active = [str(item["title"]) for group in menu for item in group["items"] if item["active"]]
        assert active == ["Connected apps"]


def test_where_nothing_can_be_retried_nothing_can_be_chosen(administrators: Client, keyless: Connection) -> None:
    assert b'name="selected"' in administrators.get(at(filled(keyless), "inbox")).content
    Delivery.objects.update(state="applied")
    shown = administrators.get(at(keyless, "inbox")).content
    assert b'name="selected"' not in shown
    assert b'name="event_id"' not in shown
