"""A request that comes again under its name gets its first answer, and has one effect."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from integrations import tasks
from integrations.api import idempotency, writing
from integrations.models import Batch, Connection, IdempotentAnswer
from subscriptions.models import Change, RecurringPayment
from tests.integrations.api.plugin import Plugin, row


def named(plugin: Plugin, *rows: Any, name: str = "order-1", query: str = "") -> Any:
    """Send rows under a name."""
    return plugin.bulk(*rows, query=query, Idempotency_Key=name)


def test_the_first_answer_is_given_again(plugin: Plugin) -> None:
    first, second = named(plugin, row(), {}), named(plugin, row(), {})
    assert first.json() == second.json()
    assert [one["outcome"] for one in second.json()["outcomes"]] == ["created", "error"]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Change.objects.count() == 1


def test_a_batch_is_answered_again_with_where_it_is(plugin: Plugin) -> None:
    many = [row(f"sub_{number}") for number in range(1001)]
    first, second = named(plugin, *many), named(plugin, *many)
    assert (second.status_code, second["Location"], Batch.objects.count()) == (202, first["Location"], 1)


def test_an_erased_payment_is_erased_once(plugin: Plugin) -> None:
    plugin.bulk(row("a"))
    answers = [plugin.send("DELETE", "/recurring-payments/a", Idempotency_Key="x").status_code for _ in range(2)]
    assert answers == [204, 204]


@pytest.mark.parametrize(
    ("rows", "query"), [([row(name="other")], ""), ([row()], "?suppressAutomations=true"), ([row()], "?dryRun=true")]
)
def test_the_same_name_with_another_request_is_refused(plugin: Plugin, rows: list[Any], query: str) -> None:
    named(plugin, row())
    assert named(plugin, *rows, query=query).status_code == 422
    assert RecurringPayment.objects.get().name == ""


def test_names_belong_to_their_key(plugin: Plugin, other: Plugin) -> None:
    assert [named(one, row()).json()["counts"]["created"] for one in (plugin, other)] == [1, 1]


@pytest.mark.parametrize("name", ["", "x" * 256, "é", "a\tb"])
def test_a_name_is_printable(plugin: Plugin, name: str) -> None:
    assert named(plugin, row(), name=name).status_code == 400
    assert not RecurringPayment.objects.exists()


def test_what_was_refused_may_be_mended_under_its_name(plugin: Plugin) -> None:
    headers = {"Idempotency_Key": "x"}
    assert plugin.send("PUT", "/recurring-payments/a", {"status": "flux"}, **headers).status_code == 422
    assert plugin.send("PUT", "/recurring-payments/a", {"status": "active"}, **headers).status_code == 200


def test_what_failed_by_our_fault_is_done_when_it_comes_again(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(writing, "apply_records", lambda *_a, **_k: 1 / 0)
        assert named(plugin, row()).status_code == 500
    assert named(plugin, row()).json()["counts"]["created"] == 1


def test_after_a_day_the_name_is_free_again(plugin: Plugin) -> None:
    named(plugin, row())
    IdempotentAnswer.objects.update(expires_at=timezone.now())
    assert named(plugin, row(name="new")).json()["counts"]["updated"] == 1


def test_the_sweep_forgets_what_is_over(plugin: Plugin) -> None:
    named(plugin, row(), name="old")
    IdempotentAnswer.objects.update(expires_at=timezone.now())
    named(plugin, row(), name="new")
    tasks.sweep()
    assert [*IdempotentAnswer.objects.values_list("name", flat=True)] == ["new"]


def test_what_a_dead_process_began_is_taken_over_once_its_claim_has_run_out(plugin: Plugin) -> None:
    named(plugin, row())
    IdempotentAnswer.objects.update(status=None, body="")
    assert named(plugin, row()).status_code == 409
    IdempotentAnswer.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert named(plugin, row()).json()["counts"]["unchanged"] == 1


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Whoever has taken a name says so, and waits until it may go on."""
    begun, go_on = threading.Event(), threading.Event()
    perform = idempotency._performed

    def wait(*args: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return perform(*args)

    monkeypatch.setattr(idempotency, "_performed", wait)
    return begun, go_on


def in_background(send: Callable[[], Any]) -> threading.Thread:
    def work() -> None:
        send()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_of_requests_that_come_at_once_one_is_done(shop_connection: Connection, transactional_db: None) -> None:
    plugin, answers = Plugin(shop_connection), []
    threads = [in_background(lambda: answers.append(named(plugin, row()))) for _ in range(8)]
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert {answer.json()["counts"]["created"] for answer in answers if answer.status_code == 200} == {1}
    assert Change.objects.count() == 1


def test_while_the_first_is_being_worked_on_the_second_is_told_so(
    shop_connection: Connection, transactional_db: None, slow: tuple[threading.Event, threading.Event]
) -> None:
    begun, go_on = slow
    plugin, first = Plugin(shop_connection), []
    thread = in_background(lambda: first.append(named(plugin, row())))
    assert begun.wait(30)
    assert named(plugin, row()).status_code == 409
    assert named(plugin, row(name="other")).status_code == 422
    go_on.set()
    thread.join()
    assert first[0].json()["counts"]["created"] == 1
    assert named(plugin, row())["Idempotency-Replayed"] == "true"
