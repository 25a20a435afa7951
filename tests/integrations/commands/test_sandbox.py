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
    options = ["--port", str(port), "--subscriptions", "5", "--live", "60", "--state", str(state)]
    if shop == "api":
        options += ["--address", "http://127.0.0.1:1", "--key-file", str(_key_file(tmp_path))]
    with running(*MANAGE, "sandbox", shop, *options, log=tmp_path / "log") as process:
        until(lambda: ports.answers(port, "/_sandbox/state"))
        assert ports.answers(port, "/dashboard/")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert state.exists()


def test_a_store_that_writes_by_itself_needs_an_address_and_a_key(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="needs --address and --key-file"):
        call_command("sandbox", "api")
    with pytest.raises(CommandError, match=r"nowhere\.key cannot be read: No such file"):
        call_command("sandbox", "api", address="http://127.0.0.1:1", key_file=tmp_path / "nowhere.key")
    with pytest.raises(CommandError, match="may be read by others than its owner; chmod 600"):
        call_command("sandbox", "api", address="http://127.0.0.1:1", key_file=_key_file(tmp_path, mode=0o640))
    with pytest.raises(CommandError, match="are for the store that writes by itself"):
        call_command("sandbox", "stripe", address="http://127.0.0.1:1")


def _key_file(folder: Path, *, mode: int = 0o600) -> Path:
    file = folder / "store.key"
    file.write_text("rit_12345678_secret")
    file.chmod(mode)
    return file
