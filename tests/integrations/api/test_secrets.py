"""A key is shown once: no page, no answer, no log and no error report tells it again."""

import logging
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from integrations.api import writing
from integrations.models import ApiKey, Connection, IdempotentAnswer
from tests.integrations.api.plugin import Plugin, row

ADMIN = "/admin/integrations/connection"


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """Everything that anybody logs, every statement too."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(logging.getLogger("django"), "propagate", True)
    return caplog


def random_part(plugin: Plugin) -> str:
    return plugin.secret.split("_", 2)[2]


@pytest.mark.parametrize("debug", [False, True])
def test_no_answer_and_no_log_tells_a_key(
    plugin: Plugin,
    logs: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
    debug: bool,
) -> None:
    settings.DEBUG = debug
    database.force_debug_cursor = debug
    answers = [
        plugin.bulk(row()),
        plugin.bulk(row(), Idempotency_Key="x"),
        plugin.send("POST", "/recurring-payments/bulk", b"{"),
        plugin.get("/nowhere"),
        plugin.get("/connections"),
        plugin.get("/schema/", format="json"),
        plugin.graphql("{ nothing }"),
        plugin.graphql("{ searchRecurringPayment { name } }"),
    ]
    monkeypatch.setattr(writing, "apply_records", lambda *_a, **_k: 1 / 0)
    answers.append(plugin.bulk(row()))
    database.force_debug_cursor = False
    assert answers[-1].status_code == 500
    assert "division by zero" in logs.text
    told = [logs.text, *(f"{answer.content!r}{answer.headers}" for answer in answers)]
    told += [str(list(rows)) for rows in (ApiKey.objects.values(), IdempotentAnswer.objects.values())]
    assert not any(random_part(plugin) in text for text in told)


def test_a_wrong_key_is_not_told_either(db: None, logs: pytest.LogCaptureFixture) -> None:
    canary = "rit_12345678_Fringilla"
    answer = Client(headers={"Authorization": f"Bearer {canary}"}).get("/api/v1/connections")
    assert (answer.status_code, "Fringilla" in f"{answer.content!r}{logs.text}") == (401, False)


def test_the_connections_page_stands_without_webhooks_and_tells_no_key(
    plugin: Plugin, administrator: User, shop_connection: Connection
) -> None:
    browser = Client()
    browser.force_login(administrator)
    plugin.bulk(row(store_status="anything"))
    for path in (f"{ADMIN}/", f"{ADMIN}/{shop_connection.pk}/change/", reverse("api:documentation")):
        page = browser.get(path)
        content = page.content.decode()
        assert page.status_code == 200
        assert random_part(plugin) not in content
        assert "data-webhook-url" not in content
        assert "data-unknown-status" not in content


def test_two_keys_differ_in_everything_that_is_kept(plugin: Plugin, other: Plugin) -> None:
    kept: list[dict[str, Any]] = [*ApiKey.objects.values("prefix", "digest")]
    assert len({one["prefix"] for one in kept}) == len({one["digest"] for one in kept}) == 2
