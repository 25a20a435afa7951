"""Connections and the inbox in the admin: who may look, who may act, and that acting takes a POST."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from integrations import inbox
from integrations.models import Connection, Delivery, HistoricalSync
from subscriptions.models import RecurringPayment
from tests.integrations.conftest import person, signed_in
from tests.integrations.contracts import CONTRACTS, deliver, made

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
CONNECTIONS = reverse("admin:integrations_connection_changelist")
INBOX = reverse("admin:integrations_delivery_changelist")
VERBS = ("sync_start", "sync_cancel", "sync_resume")


def page(row: Connection | Delivery) -> str:
    return reverse(f"admin:integrations_{type(row).__name__.lower()}_change", args=[row.pk])


def tab(row: Connection, name: str = "inbox") -> str:
    return reverse(f"admin:connection_{name}", args=[row.pk])


def words(answer: Any) -> str:
    """Return what a page says, without its tags."""
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def arrived(connection: Connection, count: int = 1, **fields: Any) -> list[Delivery]:
    """Let events arrive, and set some of their fields."""
    for number in range(count):
        deliver(connection, CONTRACTS["stripe"].news(f"sub_{number}", "active", NOON))
    Delivery.objects.update(**fields or {"state": "waiting"})
    return list(Delivery.objects.order_by("pk"))


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        database,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


# Who may


@pytest.mark.parametrize("path", [CONNECTIONS, INBOX, reverse("admin:integrations_connection_add")])
def test_strangers_are_asked_to_sign_in(db: None, path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/admin/login/?next={path}")


def test_a_marketer_may_look_and_not_act(marketers: Client, keyless: Connection) -> None:
    [failed] = arrived(keyless, state="failed")
    for path in (CONNECTIONS, INBOX, tab(keyless), page(failed), reverse("admin:sync_progress", args=[keyless.pk])):
        assert marketers.get(path).status_code == 200
    assert marketers.get(page(keyless)).headers["Location"] == tab(keyless)
    forbidden = [
        reverse("setup_app"),
        reverse("setup_connect", args=["api"]),
        reverse("admin:connection_disconnect", args=[keyless.pk]),
        page(keyless),
    ]
    forbidden += [reverse(f"admin:{verb}", args=[keyless.pk]) for verb in VERBS]
    forbidden += [page(failed), tab(keyless, "pause"), tab(keyless, "resume")]
    assert {marketers.post(path, {"name": "Mine"}).status_code for path in forbidden} == {403}
    assert (Connection.objects.get().name, HistoricalSync.objects.count()) == ("Shop", 0)
    assert Delivery.objects.get().state == "failed"


def test_a_marketers_pages_show_no_buttons_but_the_retry(marketers: Client, keyless: Connection) -> None:
    [failed] = arrived(keyless, state="failed")
    for path in (tab(keyless), tab(keyless, "history"), page(failed)):
        content = marketers.get(path).content.decode()
        assert not re.search(r'name="(start|cancel|resume|_save|pause_connection)"', content)


def test_a_viewer_is_offered_no_retry_and_cannot_retry(keyless: Connection) -> None:
    [failed] = arrived(keyless, state="failed")
    viewers = signed_in(person("vera", "Viewer"))
    for path in (tab(keyless), page(failed)):
        assert not re.search(r'name="(retry|all|selected)"', viewers.get(path).content.decode())
    assert viewers.post(tab(keyless, "retry"), {"all": ""}).status_code == 403
    viewers.post(INBOX, {"action": "retry", "_selected_action": [failed.pk]})
    assert Delivery.objects.get().state == "failed"


@pytest.mark.parametrize(("role", "state"), [("Viewer", "failed"), ("Marketer", "waiting")])
def test_a_marketer_retries_and_a_viewer_does_not(keyless: Connection, role: str, state: str) -> None:
    client = signed_in(person("anna", role))
    for number in range(2):
        [failed, *_] = arrived(keyless, state="failed")
        assert ('value="retry"' in client.get(INBOX).content.decode()) == (state == "waiting")
        assert ('name="retry"' in client.get(page(failed)).content.decode()) == (state == "waiting")
        if number:
            client.post(reverse("admin:delivery_retry", args=[failed.pk]))
        else:
            client.post(INBOX, {"action": "retry", "_selected_action": [failed.pk]})
        assert Delivery.objects.get().state == state


@pytest.mark.parametrize("verb", [*VERBS, "delivery_retry"])
def test_acting_takes_a_post(administrators: Client, keyless: Connection, verb: str) -> None:
    [failed] = arrived(keyless, state="failed")
    target = failed.pk if verb == "delivery_retry" else keyless.pk
    assert administrators.get(reverse(f"admin:{verb}", args=[target])).status_code == 405
    assert not HistoricalSync.objects.exists()


@pytest.mark.parametrize("verb", [*VERBS, "sync_progress", "delivery_retry"])
def test_what_does_not_exist_is_404(administrators: Client, verb: str) -> None:
    path = reverse(f"admin:{verb}", args=[999])
    answer = administrators.get(path) if verb == "sync_progress" else administrators.post(path)
    assert answer.status_code == 404


# The list of connections


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"api_key": "rk_1"}, "Connected"),
        ({}, "No API key"),
        ({"api_key": "rk_1", "webhook_secret": ""}, "No webhook secret"),
        ({"api_key": "rk_1", "problem": "unreachable"}, "Needs attention"),
    ],
)
def test_the_list_says_in_words_how_each_connection_is_doing(
    administrators: Client, keyless: Connection, fields: dict[str, str], state: str
) -> None:
    vars(keyless).update(fields)
    keyless.save()
    assert state in words(administrators.get(CONNECTIONS))


def test_ten_connections_cost_no_more_queries_than_two(administrators: Client) -> None:
    for number in range(2):
        made("stripe", f"Shop {number}")
    few = queries(administrators, CONNECTIONS)
    for number in range(2, 10):
        made("stripe", f"Shop {number}")
    assert queries(administrators, CONNECTIONS) == few


# A connection's page


def test_the_page_tells_the_address_the_figures_and_the_last_event(administrators: Client, keyless: Connection) -> None:
    arrived(keyless, 3)
    inbox.process()
    told = words(administrators.get(page(keyless)))
    assert keyless.webhook_url in told
    assert "Received today 3 Applied today 3 Ignored today 0 Failed today 0" in told
    assert "3 recurring payments" in told
    assert "Last event: customer.subscription.updated" in told


def test_an_unknown_status_is_a_banner(administrators: Client, keyless: Connection) -> None:
    deliver(keyless, CONTRACTS["stripe"].news("sub_1", "flux", NOON))
    inbox.process()
    assert "1 recurring payment has the status “flux”, which is unknown here" in words(
        administrators.get(page(keyless))
    )


def test_trouble_is_told_with_cause_and_remedy(administrators: Client, keyless: Connection) -> None:
    Connection.objects.update(problem="key_refused", problem_detail="Expired key", problem_at=timezone.now())
    told = words(administrators.get(page(keyless)))
    assert "The store refuses the API key. Make a new restricted key at the store" in told
    assert "Expired key" in told


def test_names_from_outside_are_shown_and_not_obeyed(administrators: Client, keyless: Connection) -> None:
    evil = "<img src=x onerror=alert(1)>"
    keyless.store.name = evil
    keyless.store.save()
    Connection.objects.update(problem="refused", problem_detail=evil, problem_at=timezone.now())
    event = CONTRACTS["stripe"].news("sub_1", evil, NOON, description=evil)
    deliver(keyless, event)
    inbox.process()
    Delivery.objects.update(reason=evil, event_type=evil)
    for path in (CONNECTIONS, INBOX, page(keyless), page(Delivery.objects.get())):
        content = administrators.get(path).content.decode()
        assert evil not in content
        assert "&lt;img" in content


def test_a_connection_goes_with_its_events_and_its_payments_stay(administrators: Client, keyless: Connection) -> None:
    arrived(keyless, 2)
    inbox.process()
    path = reverse("admin:connection_disconnect", args=[keyless.pk])
    assert administrators.get(path).status_code == 200
    assert administrators.post(path, {"payments": "keep"}).status_code == 302
    assert (Connection.objects.count(), Delivery.objects.count(), RecurringPayment.objects.count()) == (0, 0, 2)
    assert administrators.get(reverse("admin:subscriptions_recurringpayment_changelist")).status_code == 200


# Historical sync by button


def progress(client: Client, connection: Connection) -> Any:
    return client.get(reverse("admin:sync_progress", args=[connection.pk]))


def test_start_cancel_and_resume_do_what_they_say(administrators: Client, keyless: Connection) -> None:
    states = []
    for verb in ("sync_start", "sync_start", "sync_cancel", "sync_resume", "sync_cancel", "sync_start"):
        answer = administrators.post(reverse(f"admin:{verb}", args=[keyless.pk]))
        assert (answer.status_code, answer.headers["Location"]) == (302, tab(keyless, "history"))
        states.append(list(HistoricalSync.objects.order_by("pk").values_list("state", flat=True)))
    waiting, cancelled = ["waiting"], ["cancelled"]
    assert states == [waiting, waiting, cancelled, waiting, cancelled, ["cancelled", "waiting"]]


@pytest.mark.parametrize(
    ("fields", "told", "buttons"),
    [
        (None, "The history has not been read yet.", ["start"]),
        ({"state": "waiting"}, "Waiting 0 recurring payments", ["cancel"]),
        ({"state": "running", "created": 40, "total": 120}, "40 of 120 recurring payments", ["cancel"]),
        (
            {"state": "running", "created": 40, "total": 10_000, "total_is_least": True},
            "40 of more than 10,000 recurring payments",
            ["cancel"],
        ),
        ({"state": "running", "cancel_requested": True}, "Stopping", ["cancel"]),
        ({"state": "finished", "unchanged": 1, "finished_at": NOON}, "1 recurring payment", ["start"]),
        (
            {"state": "failed", "problem": "permission", "problem_detail": "rak_plan_read"},
            "Give it the missing right at the store. rak_plan",
            ["resume", "start"],
        ),
        ({"state": "cancelled", "failed": 2}, "failed: 2", ["resume", "start"]),
    ],
)
def test_the_fragment_tells_how_far_the_newest_sync_is_and_offers_what_fits(
    administrators: Client, keyless: Connection, fields: dict[str, Any] | None, told: str, buttons: list[str]
) -> None:
    HistoricalSync.objects.create(connection=keyless, state="finished", started_at=NOON - timedelta(days=9))
    if fields is None:
        HistoricalSync.objects.all().delete()
    else:
        HistoricalSync.objects.create(connection=keyless, **fields)
    answer = progress(administrators, keyless)
    assert told.lower() in words(answer).lower()
    assert re.findall(r'<button[^>]* name="(\w+)"', answer.content.decode()) == buttons
    assert ("data-goes-on" in answer.content.decode()) is bool(fields and fields["state"] in HistoricalSync.OPEN)


def test_without_a_key_history_cannot_be_started(administrators: Client, keyless: Connection) -> None:
    assert re.search(r'name="start" disabled', progress(administrators, keyless).content.decode())
    keyless.api_key = "rk_1"
    keyless.save()
    assert not re.search(r'name="start" disabled', progress(administrators, keyless).content.decode())


def test_a_marketer_sees_the_progress_without_buttons(marketers: Client, keyless: Connection) -> None:
    HistoricalSync.objects.create(connection=keyless, state="running", created=40, total=120)
    answer = progress(marketers, keyless)
    assert ("40 of 120" in words(answer), b"<form" in answer.content) == (True, False)


# The inbox


def test_forty_events_cost_no_more_queries_than_two(administrators: Client, keyless: Connection) -> None:
    arrived(keyless, 2)
    few = queries(administrators, INBOX)
    arrived(keyless, 40)
    assert queries(administrators, INBOX) == few


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 3), ("?state__exact=failed", 1), ("?q=sub_2", 1), ("?q=because", 1), ("?event_type=nothing", 0)],
)
def test_the_inbox_is_searched_and_filtered(
    administrators: Client, keyless: Connection, query: str, found: int
) -> None:
    arrived(keyless, 3)
    Delivery.objects.filter(subject="subscription:sub_1").update(state="failed", reason="because")
    answer = administrators.get(f"{INBOX}{query}")
    assert answer.context["cl"].result_count == found


def test_an_event_shows_what_came_readably(administrators: Client, keyless: Connection) -> None:
    deliver(keyless, CONTRACTS["stripe"].news("sub_1", "active", NOON, description="Zoë — 木"))
    told = words(administrators.get(page(Delivery.objects.get())))
    assert '"description": "Zoë — 木"' in told
    assert "subscription" in told


def test_an_event_that_is_no_json_any_more_is_shown_as_it_is(administrators: Client, keyless: Connection) -> None:
    [kept] = arrived(keyless, body="{ broken")
    assert "{ broken" in words(administrators.get(page(kept)))


@pytest.mark.parametrize(("state", "is_offered"), [("failed", True), ("ignored", True), ("applied", False)])
def test_only_what_failed_or_was_ignored_offers_a_retry(
    administrators: Client, keyless: Connection, state: str, is_offered: bool
) -> None:
    [kept] = arrived(keyless, state=state)
    assert ("Retry this event" in words(administrators.get(page(kept)))) is is_offered


def test_one_event_is_retried_and_two_clicks_have_one_effect(administrators: Client, keyless: Connection) -> None:
    [failed] = arrived(keyless, state="failed", attempts=18, reason="because")
    for _ in range(2):
        assert administrators.post(reverse("admin:delivery_retry", args=[failed.pk])).status_code == 302
    inbox.process()
    assert administrators.post(reverse("admin:delivery_retry", args=[failed.pk])).status_code == 302
    assert inbox.process() == 0
    assert (Delivery.objects.get().state, RecurringPayment.objects.count()) == ("applied", 1)


def test_selected_events_are_retried_together(administrators: Client, keyless: Connection) -> None:
    failed = arrived(keyless, 3, state="failed")
    chosen = {"action": "retry", "_selected_action": [one.pk for one in failed[:2]]}
    assert "2 events are being retried." in words(administrators.post(INBOX, chosen, follow=True))
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["failed", "waiting", "waiting"]


def test_nobody_adds_changes_or_throws_away_events(administrators: Client, keyless: Connection) -> None:
    [kept] = arrived(keyless)
    assert administrators.get(f"{INBOX}add/").status_code == 403
    assert administrators.post(page(kept).replace("change", "delete"), {"post": "yes"}).status_code == 403
    administrators.post(page(kept), {"state": "applied", "body": "{}"})
    kept.refresh_from_db()
    assert (kept.state, kept.body != "{}") == ("waiting", True)


# French


def test_everything_speaks_french(administrator: User, keyless: Connection) -> None:
    french = Client(headers={"Accept-Language": "fr"})
    french.force_login(administrator)
    [failed] = arrived(keyless, state="failed")
    Connection.objects.update(problem="key_refused", problem_at=timezone.now())
    told = words(french.get(tab(keyless, "history")))
    for text in ("La boutique refuse la clé d’API.", "Historique", "Lire l’historique", "Demande votre attention"):
        assert text in told
    assert "Réessayer cet événement" in words(french.get(page(failed)))
    assert "En échec" in words(french.get(INBOX))
