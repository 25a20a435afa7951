"""manage.py drain: everything that waits is worked off, and what is left is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from integrations import history
from integrations.models import Connection, Delivery, HistoricalSync
from subscriptions.models import RecurringPayment
from tests.integrations.contracts import CONTRACTS, deliver
from tests.integrations.shops import ServedShop

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
NEWS = CONTRACTS["stripe"].news


def drained(capsys: pytest.CaptureFixture[str]) -> list[str]:
    call_command("drain")
    return capsys.readouterr().out.splitlines()


def test_with_nothing_to_do_it_says_so(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert drained(capsys) == ["Handled 0 events.", "Nothing is left."]


def test_it_works_off_inbox_and_open_syncs(connection: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    deliver(connection, NEWS("sub_gone", "active", NOON))
    history.start(connection)
    assert drained(capsys) == ["Handled 1 events.", "Nothing is left."]
    assert RecurringPayment.objects.count() == 31


def test_it_tells_what_waits_what_failed_and_what_others_work_on(
    connection: Connection, shop: ServedShop, capsys: pytest.CaptureFixture[str]
) -> None:
    for state in ("waiting", "failed", "applied"):
        deliver(connection, NEWS(state, "active", NOON))
        Delivery.objects.filter(subject=f"subscription:{state}").update(state=state, due_at=NOON.replace(year=2100))
    in_an_hour = timezone.now() + timedelta(hours=1)
    HistoricalSync.objects.create(connection=connection, state="running", claimed_until=in_an_hour)
    assert drained(capsys) == [
        "Handled 0 events.",
        "1 wait for their next attempt, the first at 2100-10-20 12:00:00 UTC.",
        "1 failed and can be retried in the inbox.",
        "1 historical syncs are being worked on by other processes.",
    ]
