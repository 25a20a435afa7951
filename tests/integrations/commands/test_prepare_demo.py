"""manage.py prepare_demo: accounts, the shop, its webhook and its history, once."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from contacts.models import ContactList
from integrations.api import keys
from integrations.models import ApiKey, Connection, HistoricalSync
from integrations.providers.base import ProviderError
from integrations.providers.stripe import webhooks
from integrations.providers.woocommerce.webhooks import TOPICS
from integrations.sandbox.server import serve
from integrations.sandbox.woocommerce import WooShop
from subscriptions.models import Segment
from subscriptions.segments import saved, sentences
from tests.integrations.shops import ServedPayPal, ServedShop


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    """The password of the demo's accounts."""
    monkeypatch.setenv("DEMO_PASSWORD", "correct horse")
    return "correct horse"


def test_it_makes_accounts_connection_webhook_and_sync(db: None, shop: ServedShop, password: str) -> None:
    call_command("prepare_demo", "--shop", shop.address)
    roles = {user.username: (user.groups.get().name, user.is_superuser) for user in User.objects.all()}
    others = {name.lower(): (name, False) for name in ("Viewer", "Marketer", "Manager")}
    assert roles == {"admin": ("Administrator", True)} | others
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


def test_the_list_and_the_segments_that_it_begins_with_are_not_made_again(
    db: None, shop: ServedShop, password: str
) -> None:
    call_command("prepare_demo", "--shop", shop.address)
    store = Connection.objects.get().store
    assert store.newcomer_list == ContactList.objects.get()
    at_risk = Segment.objects.get(name="At risk")
    said = "People in the segment “On hold” or in the segment “Card expires soon”"
    assert sentences.sentence(saved.tree_of(at_risk)).startswith(said.replace(" or", ","))
    at_risk.delete()
    store.newcomer_list = None
    store.save()
    call_command("prepare_demo", "--shop", shop.address)
    assert Segment.objects.count() == 2
    assert Connection.objects.get().store.newcomer_list is None


def test_a_first_start_that_came_no_further_is_no_hindrance(db: None, shop: ServedShop, password: str) -> None:
    with pytest.raises(ProviderError):
        call_command("prepare_demo", "--shop", "http://127.0.0.1:1")
    call_command("prepare_demo", "--shop", shop.address)
    assert Segment.objects.count() == 3


def test_it_connects_all_four_kinds_of_stores(
    db: None, shop: ServedShop, paypal_shop: ServedPayPal, password: str, tmp_path: Path
) -> None:
    with serve(WooShop(subscriptions=5)) as woo:
        addresses = {"stripe": shop.address, "paypal": paypal_shop.address, "woocommerce": woo.address}
        call_command("prepare_demo", **addresses, key_file=tmp_path / "key")
        first = _told(tmp_path / "key")
        call_command("prepare_demo", **addresses, key_file=tmp_path / "key")
        hooks = {hook["topic"]: hook["delivery_url"] for hook in woo.shop.store["webhook"]}
    assert _told(tmp_path / "key") == first
    ours = {one.provider_name: one for one in Connection.objects.select_related("store")}
    assert sorted(ours) == ["api", "paypal", "stripe", "woocommerce"]
    assert [hook["url"] for hook in paypal_shop.store["webhook"]] == [ours["paypal"].webhook_url]
    assert set(hooks) == set(TOPICS)
    assert set(hooks.values()) == {ours["woocommerce"].webhook_url}
    read = HistoricalSync.objects.values_list("connection__store__provider", flat=True)
    assert sorted(read) == ["stripe", "woocommerce"]
    assert ApiKey.objects.get().connection == ours["api"]


def test_a_key_that_opens_nothing_any_more_is_replaced(
    db: None, shop: ServedShop, password: str, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    call_command("prepare_demo", stripe=shop.address, key_file=file)
    before = file.read_text()
    keys.revoke(ApiKey.objects.get())
    call_command("prepare_demo", stripe=shop.address, key_file=file)
    assert file.read_text() != before
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys.find(file.read_text())


def _told(file: Path) -> tuple[str, int, int]:
    return file.read_text(), ApiKey.objects.count(), HistoricalSync.objects.count()


@pytest.mark.parametrize(("sandbox", "word"), [(False, "correct horse"), (True, "")])
def test_it_is_refused_outside_the_demo(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, sandbox: bool, word: str
) -> None:
    settings.SANDBOX = sandbox
    monkeypatch.setenv("DEMO_PASSWORD", word)
    with pytest.raises(CommandError, match="SANDBOX=1 and DEMO_PASSWORD"):
        call_command("prepare_demo", "--shop", "http://127.0.0.1:1")
    assert not User.objects.exists()
