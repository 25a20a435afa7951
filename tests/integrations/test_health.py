"""How a connection is doing: its last trouble, unknown words, today's figures."""

from datetime import timedelta

from django.utils import timezone

from integrations import health
from integrations.models import Connection, Delivery
from integrations.problems import Problem
from integrations.providers.base import ProviderError
from subscriptions.models import RecurringPayment
from tests.integrations.contracts import made


def payment(connection: Connection, number: int, word: str) -> None:
    RecurringPayment.objects.create(
        store=connection.store, store_recurring_payment_id=str(number), store_status=word, as_of=timezone.now()
    )


def test_trouble_is_remembered_until_it_is_over(keyless: Connection) -> None:
    health.report(keyless, ProviderError(Problem.KEY_REFUSED, "x" * 900))
    stored = Connection.objects.get()
    assert (stored.problem, len(stored.problem_detail), bool(stored.problem_at)) == ("key_refused", 500, True)
    health.clear(stored)
    stored.refresh_from_db()
    assert (stored.problem, stored.problem_detail, stored.problem_at) == ("", "", None)


def test_reporting_trouble_touches_nothing_else(keyless: Connection) -> None:
    stale = Connection.objects.get()
    Connection.objects.update(requests_per_second=3, next_request_at=5.0)
    health.report(stale, ProviderError(Problem.UNREACHABLE))
    stored = Connection.objects.get()
    assert (stored.requests_per_second, stored.next_request_at) == (3, 5.0)


def test_only_words_that_neither_provider_nor_overrides_know_are_unknown(keyless: Connection) -> None:
    for number, word in enumerate(["active", "flux", "flux", "warp", "", "paused"]):
        payment(keyless, number, word)
    payment(made("stripe", "Other shop"), 9, "elsewhere")
    assert health.unknown_statuses(keyless) == {"flux": 2, "warp": 1}
    keyless.status_overrides = {"warp": "paused"}
    assert health.unknown_statuses(keyless) == {"flux": 2}


def test_figures_count_what_came_today(keyless: Connection) -> None:
    now = timezone.now()
    states = ["applied", "applied", "ignored", "waiting", "failed"]
    rows = [(state, now) for state in states] + [("failed", now - timedelta(days=1))]
    Delivery.objects.bulk_create(
        Delivery(
            connection=keyless,
            key=str(number),
            state=state,
            event_type="a",
            body="{}",
            occurred_at=now,
            received_at=moment,
            due_at=now,
            claimed_until=now,
        )
        for number, (state, moment) in enumerate(rows)
    )
    assert health.figures(keyless) == {"received": 5, "applied": 2, "ignored": 1, "waiting": 1, "failed": 1}
