"""manage.py reconcile: what was missed is repaired at once, and told."""

import pytest
from django.core.management import CommandError, call_command

from config.audit.log import about
from config.audit.sentences import sentence
from integrations import pausing, sweeps
from integrations.models import Connection
from tests.integrations.shops import ServedShop
from tests.integrations.states import stored

CAPTURED = pytest.CaptureFixture[str]


def test_it_repairs_what_no_webhook_told_and_says_so(
    connection: Connection, shop: ServedShop, capsys: CAPTURED
) -> None:
    sold = shop.create_subscription()["id"]
    call_command("reconcile", "Shop")
    assert "repaired (0 updated, " in capsys.readouterr().out
    assert sold in stored(connection)
    assert sentence(about(connection)[0]) == "A command had Shop compared with its store"


def test_a_store_that_is_down_is_told_in_words(
    connection: Connection, shop: ServedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "MAX_ATTEMPTS", 1)
    shop.faults.answer_500 = 99
    with pytest.raises(CommandError, match="Failed: The store answers with a fault of its own"):
        call_command("reconcile", "Shop")


def test_a_store_that_rests_is_not_compared(connection: Connection) -> None:
    pausing.pause(connection)
    with pytest.raises(CommandError, match="paused; resume it"):
        call_command("reconcile", "Shop")
    assert not connection.reconciliations.exists()


def test_without_credentials_nothing_can_be_compared(keyless: Connection) -> None:
    with pytest.raises(CommandError, match="no credentials"):
        call_command("reconcile", "Shop")
    with pytest.raises(CommandError, match=r"Connections: Shop\."):
        call_command("reconcile", "Shoq")
