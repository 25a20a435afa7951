"""manage.py sandbox: a pretend shop, and never in production."""

import signal
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from config.demo import ports
from tests.integrations.running import MANAGE, running, until


def test_it_is_refused_without_the_switch(settings: LazySettings) -> None:
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="SANDBOX=1"):
        call_command("sandbox", "stripe")


def test_it_serves_a_shop_until_it_is_stopped(db: None, tmp_path: Path) -> None:
    port, state = ports.any_free(), tmp_path / "shop.json"
    options = ("--port", str(port), "--subscriptions", "5", "--live", "60", "--state", str(state))
    with running(*MANAGE, "sandbox", "stripe", *options, log=tmp_path / "log") as process:
        until(lambda: ports.answers(port, "/_sandbox/state"))
        assert ports.answers(port, "/dashboard/")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert state.exists()
