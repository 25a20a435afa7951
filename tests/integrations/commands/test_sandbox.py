"""manage.py sandbox: a pretend shop, and never in production."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from config.demo import ports
from integrations.management.commands.sandbox import SHOPS
from tests.integrations.running import MANAGE, running, until

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("shop", SHOPS)
def test_it_is_refused_without_the_switch(settings: LazySettings, shop: str) -> None:
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="SANDBOX=1"):
        call_command("sandbox", shop)


def test_nothing_imports_a_pretend_shop_on_its_own() -> None:
    script = "import django, sys; django.setup(); import config.urls, integrations.management.commands.sandbox; "
    script += "print([name for name in sys.modules if name.startswith('integrations.sandbox')])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("shop", SHOPS)
def test_it_serves_a_shop_until_it_is_stopped(db: None, tmp_path: Path, shop: str) -> None:
    port, state = ports.any_free(), tmp_path / "shop.json"
    options = ("--port", str(port), "--subscriptions", "5", "--live", "60", "--state", str(state))
    with running(*MANAGE, "sandbox", shop, *options, log=tmp_path / "log") as process:
        until(lambda: ports.answers(port, "/_sandbox/state"))
        assert ports.answers(port, "/dashboard/")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert state.exists()
