"""manage.py prepare_demo: accounts, the shop, its webhook and its history, once."""

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from integrations.models import Connection, HistoricalSync
from integrations.providers.stripe import webhooks
from tests.integrations.shops import ServedShop


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    """The password of the demo's accounts."""
    monkeypatch.setenv("DEMO_PASSWORD", "correct horse")
    return "correct horse"


def test_it_makes_accounts_connection_webhook_and_sync(db: None, shop: ServedShop, password: str) -> None:
    call_command("prepare_demo", "--shop", shop.address)
    roles = {user.username: (user.groups.get().name, user.is_superuser) for user in User.objects.all()}
    assert roles == {"admin": ("Administrator", True), "marketer": ("Marketer", False)}
    assert all(user.is_staff and user.check_password(password) for user in User.objects.all())
    connection = Connection.objects.get()
    [endpoint] = [shop.retrieve(one) for one in shop.ids("webhook_endpoint")]
    assert (endpoint["url"], endpoint["enabled_events"]) == (connection.webhook_url, webhooks.TYPES)
    assert connection.webhook_secret.startswith("whsec_")
    assert HistoricalSync.objects.get().state == "waiting"


def test_run_again_it_changes_nothing_but_the_password(
    db: None, shop: ServedShop, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("prepare_demo", "--shop", shop.address)
    secret = Connection.objects.get().webhook_secret
    monkeypatch.setenv("DEMO_PASSWORD", "another horse")
    call_command("prepare_demo", "--shop", shop.address)
    assert Connection.objects.get().webhook_secrets() == [secret]
    assert (len(shop.ids("webhook_endpoint")), HistoricalSync.objects.count()) == (1, 1)
    assert all(user.check_password("another horse") for user in User.objects.all())


@pytest.mark.parametrize(("sandbox", "word"), [(False, "correct horse"), (True, "")])
def test_it_is_refused_outside_the_demo(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, sandbox: bool, word: str
) -> None:
    settings.SANDBOX = sandbox
    monkeypatch.setenv("DEMO_PASSWORD", word)
    with pytest.raises(CommandError, match="SANDBOX=1 and DEMO_PASSWORD"):
        call_command("prepare_demo", "--shop", "http://127.0.0.1:1")
    assert not User.objects.exists()
