"""Webhooks that we set up ourselves, and their secrets, rotated under shops that go on talking."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import stripe
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.audit.log import about
from integrations import connecting, inbox
from integrations.connecting import Credentials, connect
from integrations.models import Connection, Delivery
from integrations.problems import Problem
from integrations.providers.base import ProviderError
from integrations.providers.stripe.webhooks import TYPES
from integrations.sandbox.shop import Shop
from integrations.sandbox.woocommerce import FULL, READER, WooShop
from tests.integrations.conftest import KEY
from tests.integrations.contracts import CONTRACTS, deliver, made
from tests.integrations.shops import ServedShop
from tests.integrations.woocommerce.conftest import connected, woo  # noqa: F401

NOON = datetime(2026, 10, 20, 12, tzinfo=timezone.get_fixed_timezone(0))


@pytest.fixture
def public(live_server: Any, settings: Any) -> None:
    """We answer at an address that shops reach."""
    settings.PUBLIC_URL = live_server.url


@pytest.fixture
def account(shop: ServedShop, transactional_db: None, public: None) -> Connection:
    """A connection to a Stripe account whose endpoint we have set up."""
    made_now, _ = connect(
        "stripe", name="Shop", credentials=Credentials(api_key=KEY, livemode=False, api_address=shop.address)
    )
    Connection.objects.update(requests_per_second=1000)
    made_now.refresh_from_db()
    connecting.set_up(made_now)
    return made_now


@pytest.fixture
def woo_connection(woo: WooShop, transactional_db: None, public: None) -> Connection:  # noqa: F811
    """A connection to a WooCommerce shop whose webhooks we have set up."""
    made_now = connected(woo)
    connecting.set_up(made_now)
    return made_now


@contextmanager
def talking(shop: Shop) -> Iterator[None]:
    """Let something happen in a shop all the time while the block runs."""
    over = threading.Event()

    def talk() -> None:
        while not over.wait(0.01):
            shop.tick()

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def endpoints(shop: ServedShop) -> list[dict[str, Any]]:
    return [shop.retrieve(one) for one in shop.ids("webhook_endpoint")]


def a_day_later() -> None:
    Connection.objects.update(old_secret_until=timezone.now() - timedelta(seconds=1))


# Stripe: setting the endpoint up


def test_the_endpoint_at_stripe_is_made_for_the_events_that_are_read(account: Connection, shop: ServedShop) -> None:
    [endpoint] = endpoints(shop)
    assert (endpoint["url"], endpoint["enabled_events"]) == (account.webhook_url, TYPES)
    assert (endpoint["api_version"], endpoint["id"]) == (stripe.api_version, account.webhook_id)
    shop.create_subscription()
    assert shop.flush(retries=True)
    inbox.process()
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"applied", "ignored"}
    assert account.store.recurring_payments.count() == 1


def test_an_endpoint_that_is_there_is_brought_up_to_date_and_keeps_its_secret(
    account: Connection, shop: ServedShop
) -> None:
    record = shop.store["webhook_endpoint"][account.webhook_id]
    shop.keep_endpoint(record | {"enabled_events": ["invoice.paid"], "status": "disabled"})
    before = account.webhook_secrets()
    assert connecting.set_up(account) == ""
    [endpoint] = endpoints(shop)
    assert (endpoint["enabled_events"], endpoint["status"]) == (TYPES, "enabled")
    assert Connection.objects.get().webhook_secrets() == before


def test_an_endpoint_whose_secret_nobody_knows_is_replaced_and_that_is_said(
    account: Connection, shop: ServedShop
) -> None:
    Connection.objects.update(webhook_secret="", webhook_id="")
    account.refresh_from_db()
    [before] = shop.ids("webhook_endpoint")
    assert "replaced by a new one" in connecting.set_up(account)
    [endpoint] = endpoints(shop)
    assert endpoint["id"] == account.webhook_id != before
    assert Connection.objects.get().webhook_secret


@pytest.mark.parametrize("verb", [connecting.set_up, connecting.rotate])
def test_a_key_that_may_write_no_endpoints_is_told_what_it_lacks_and_changes_nothing(
    account: Connection, shop: ServedShop, verb: Any
) -> None:
    before = account.webhook_secrets()
    shop.faults.forbidden = ["rak_webhook_write"]
    with pytest.raises(ProviderError) as refused:
        verb(account)
    assert refused.value.problem is Problem.WEBHOOK_PERMISSION
    assert "rak_webhook_write" in refused.value.words
    assert "set the webhook up there by hand" in refused.value.words
    assert (Connection.objects.get().webhook_secrets(), len(endpoints(shop))) == (before, 1)


def test_the_command_sets_stripes_endpoint_up_unless_its_secret_is_given(
    shop: ServedShop, transactional_db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand = ("--api-key", KEY, "--api-address", shop.address, "--webhook-secret", "whsec_1")
    call_command("connect", "stripe", "--name", "By hand", *by_hand)
    assert endpoints(shop) == []
    call_command("connect", "stripe", "--name", "Shop", "--api-key", KEY, "--api-address", shop.address)
    assert "Its webhook is set up" in capsys.readouterr().err
    [first] = endpoints(shop)
    call_command("connect", "stripe", "--name", "Shop", "--rotate-webhook-secret")
    assert "a new secret; the old one stays valid for a day" in capsys.readouterr().err
    kept = Connection.objects.get(store__name="Shop")
    assert [entry.action for entry in about(kept)[:2]] == ["webhook.registered", "webhook.rotated"]
    assert len(kept.webhook_secrets()) == 2
    assert kept.webhook_id != first["id"]


# Rotation


def test_no_event_of_stripe_is_lost_while_its_secret_is_rotated(account: Connection, shop: ServedShop) -> None:
    shop.queue.schedule = (0.02,) * 20
    [old] = account.webhook_secrets()
    with talking(shop):
        connecting.rotate(account)
        assert account.webhook_secrets()[1:] == [old]
    shop.tick(n=3)
    assert shop.flush(retries=True)
    wanted = {event["id"] for event in shop.events if event["type"] in TYPES}
    assert set(Delivery.objects.values_list("key", flat=True)) == wanted
    a_day_later()
    assert connecting.retire_old_secrets() == 1
    [endpoint] = endpoints(shop)
    kept = Connection.objects.get()
    assert (endpoint["id"], kept.old_webhook_secret, kept.old_secret_until) == (kept.webhook_id, "", None)
    assert connecting.retire_old_secrets() == 0


def test_an_old_endpoint_that_cannot_be_deleted_yet_is_tried_again_and_its_secret_is_over(
    account: Connection, shop: ServedShop
) -> None:
    connecting.rotate(account)
    a_day_later()
    shop.faults.apply({"answer_500": 1})
    assert connecting.retire_old_secrets() == 0
    kept = Connection.objects.get()
    assert (kept.webhook_secrets(), len(endpoints(shop))) == ([kept.webhook_secret], 2)
    a_day_later()
    assert (connecting.retire_old_secrets(), len(endpoints(shop))) == (1, 1)


def test_rotated_twice_in_a_day_only_the_newest_two_secrets_and_endpoints_remain(
    account: Connection, shop: ServedShop
) -> None:
    connecting.rotate(account)
    second = account.webhook_secret
    connecting.rotate(account)
    assert (account.webhook_secrets()[1], len(endpoints(shop))) == (second, 2)


def test_no_event_of_woocommerce_is_lost_while_its_secret_is_rotated(
    woo_connection: Connection,
    woo: WooShop,  # noqa: F811
) -> None:
    [old] = woo_connection.webhook_secrets()
    with talking(woo):
        connecting.rotate(woo_connection)
        woo.flush()
    assert woo.flush(retries=True)
    sent = [one for one in woo.deliveries if one.type != "ping"]
    assert sent
    assert {one.status for one in sent} == {200}
    secrets = {hook["secret"] for hook in woo.store["webhook"]}
    assert secrets == {woo_connection.webhook_secret} != {old}
    assert woo_connection.webhook_secret.isalnum()
    assert Connection.objects.get().webhook_secrets() == [woo_connection.webhook_secret, old]


def test_a_shop_that_goes_away_in_the_middle_signs_as_it_likes_until_the_rotation_is_taken_up_again(
    woo_connection: Connection,
    woo: WooShop,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [old] = woo_connection.webhook_secrets()
    keep, told = woo.mail.keep, [3]

    def keep_some(record: Any) -> Any:
        if record["secret"] != old:  # what was delivered meanwhile is kept too
            told[0] -= 1
            if told[0] == 0:
                woo.faults.apply({"answer_500": 99})
        return keep(record)

    monkeypatch.setattr(woo.mail, "keep", keep_some)
    with pytest.raises(ProviderError):
        connecting.rotate(woo_connection)
    woo.faults.clear()
    half = {hook["secret"] for hook in woo.store["webhook"]}
    assert half == {old, Connection.objects.get().webhook_secret}
    a_day_later()
    assert connecting.retire_old_secrets() == 0
    woo.tick(n=8)
    woo.flush(retries=True)
    assert {one.status for one in woo.deliveries} == {200}
    again = Connection.objects.get()
    connecting.rotate(again)
    assert {hook["secret"] for hook in woo.store["webhook"]} == half - {old}
    assert again.webhook_secrets() == [again.webhook_secret, old]


def test_a_key_that_may_only_read_rotates_nothing_at_the_shop(
    woo_connection: Connection,
    woo: WooShop,  # noqa: F811
) -> None:
    reader = Credentials(client_id=READER.consumer_key, api_key=READER.consumer_secret)
    kept, _ = connect("woocommerce", name="Woo", credentials=reader)
    before = kept.webhook_secrets()
    with pytest.raises(ProviderError, match="webhook_permission"):
        connecting.rotate(kept)
    assert Connection.objects.get().webhook_secrets() == before


def woo_form(shop: WooShop, **changes: str) -> dict[str, str]:
    usual = {"name": "Woo", "client_id": FULL.consumer_key, "api_key": "", "requests_per_second": "999"}
    return usual | {"api_address": shop.address} | changes


@pytest.mark.parametrize("key", [FULL, READER])
def test_a_secret_that_is_entered_is_told_to_the_shop_where_the_key_may(
    woo_connection: Connection,
    woo: WooShop,  # noqa: F811
    administrators: Client,
    key: Any,
) -> None:
    [old] = woo_connection.webhook_secrets()
    Connection.objects.update(client_id=key.consumer_key, api_key=key.consumer_secret)
    form = woo_form(woo, client_id=key.consumer_key, webhook_secret="Entered42")
    page = reverse("admin:integrations_connection_change", args=[woo_connection.pk])
    shown = administrators.post(page, form, follow=True).content.decode()
    may = key is FULL
    assert {hook["secret"] for hook in woo.store["webhook"]} == {"Entered42" if may else old}
    assert ("may not change webhooks" in shown) is not may
    assert Connection.objects.get().webhook_secrets() == ["Entered42", old]
    a_day_later()
    assert Connection.objects.get().webhook_secrets() == ["Entered42"]


@pytest.mark.parametrize("provider", [name for name, contract in CONTRACTS.items() if contract.rolls])
def test_both_secrets_are_taken_for_a_day_and_the_old_one_is_refused_after(db: None, provider: str) -> None:
    connection, contract = made(provider), CONTRACTS[provider]
    old = connection.webhook_secret
    connect(provider, name="Shop", credentials=Credentials(webhook_secret="OfTomorrow"))

    def answers() -> list[int]:
        event = contract.news("one", "active", NOON)
        return [deliver(connection, event, secrets=(secret,)).status_code for secret in ("OfTomorrow", old)]

    assert answers() == [200, 200]
    a_day_later()
    assert answers() == [200, 400]


def test_paypal_has_no_secret_to_rotate(db: None) -> None:
    connection = made("paypal")
    assert not connecting.may_rotate(connection)
    connecting.rotate(connection)
    assert Connection.objects.get().webhook_id == connection.webhook_id
