"""manage.py sync: progress, and an end that is told in words."""

import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from integrations import history
from integrations.models import Connection, HistoricalSync
from integrations.providers.stripe import pages
from subscriptions.models import RecurringPayment
from tests.integrations.running import MANAGE, running, until
from tests.integrations.shops import ServedShop

CAPTURED = pytest.CaptureFixture[str]


def test_it_shows_how_far_it_is_and_what_it_brought(
    connection: Connection, capsys: CAPTURED, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 10)
    call_command("sync", "Shop")
    said = capsys.readouterr()
    assert said.out == "Finished: 30 created, 0 updated, 0 unchanged, 0 stale, 0 failed.\n"
    assert said.err.splitlines()[0] == f"10 recurring payments [{'#' * 10}{'.' * 20}] of 30"


def test_a_total_that_is_only_a_least_one_is_called_that(
    connection: Connection, capsys: CAPTURED, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.providers.stripe.history._COUNTS_UP_TO", 30)
    call_command("sync", "Shop")
    assert "of more than 30" in capsys.readouterr().err


def test_an_unknown_name_is_told_the_known_ones(keyless: Connection) -> None:
    with pytest.raises(CommandError, match=r"no connection named 'Shoq'. Connections: Shop\."):
        call_command("sync", "Shoq")


def test_without_a_key_it_says_how_to_give_one(keyless: Connection) -> None:
    with pytest.raises(CommandError, match=r"manage\.py connect"):
        call_command("sync", "Shop")
    assert not HistoricalSync.objects.exists()


def test_a_failure_is_told_in_words_and_the_same_command_goes_on(
    connection: Connection, shop: ServedShop, monkeypatch: pytest.MonkeyPatch, capsys: CAPTURED
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 10)
    opened = history.start(connection)

    def spoil(sync: HistoricalSync) -> None:
        shop.faults.forbidden = ["rak_subscription_read"]

    history.run(opened.pk, progress=spoil)
    with pytest.raises(CommandError, match=r"Failed: The API key may not .* So far: \d0 created"):
        call_command("sync", "Shop")
    shop.faults.clear()
    call_command("sync", "Shop")
    assert "Finished: 30 created" in capsys.readouterr().out
    assert HistoricalSync.objects.count() == 1


def test_while_another_process_works_it_says_so(connection: Connection) -> None:
    in_an_hour = timezone.now() + timedelta(hours=1)
    HistoricalSync.objects.create(connection=connection, state="running", claim="another", claimed_until=in_an_hour)
    with pytest.raises(CommandError, match="Another process works on this sync"):
        call_command("sync", "Shop")


def test_interrupted_by_hand_it_says_how_to_go_on(connection: Connection, shop: ServedShop, tmp_path: Path) -> None:
    shop.faults.hang = 600
    log = tmp_path / "log"
    with running(*MANAGE, "sync", "Shop", log=log, STORE_TIMEOUT="2") as process:
        until(lambda: shop.requests)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert "the same command goes on where it stopped" in log.read_text()
    assert HistoricalSync.objects.get().is_open
    assert not RecurringPayment.objects.exists()
