"""A secret goes in and is used; it comes out in no page, no answer, no log and no error report, not even in DEBUG."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from integrations import health, history, inbox, sweeps
from integrations.models import Connection, Delivery, HistoricalSync
from integrations.problems import Problem
from integrations.providers.base import ProviderError
from integrations.providers.woocommerce import api as woo_api
from integrations.sandbox.woocommerce import FULL, WooShop
from tests.integrations.conftest import connected
from tests.integrations.contracts import CONTRACTS, address, deliver, signed
from tests.integrations.poison import poison
from tests.integrations.shops import ServedShop
from tests.integrations.woocommerce.conftest import connected as woo_connected
from tests.integrations.woocommerce.conftest import woo  # noqa: F401

CANARY = "Fringilla"
NEW = f"whsec_new_{CANARY}"
NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def guarded(shop: ServedShop, transactional_db: None) -> Connection:
    """A working connection whose every secret holds the canary's name."""
    shop.key = f"rk_test_{CANARY}"
    connection = connected(shop)
    connection.api_key = shop.key
    connection.webhook_secret = f"whsec_{CANARY}"
    connection.take_webhook_secret(f"whsec_newer_{CANARY}")
    connection.save()
    return connection


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """Everything that anybody logs, down to the last detail where the store is asked."""
    for name in ("stripe", "urllib3", "integrations"):
        caplog.set_level(logging.DEBUG, logger=name)
    monkeypatch.setattr(logging.getLogger("django"), "propagate", True)
    return caplog


def pages(connection: Connection) -> list[str]:
    """List every address that has to do with a connection."""
    delivery = connection.deliveries.order_by("pk").first()
    one = f"/admin/integrations/connection/{connection.pk}"
    event = f"/admin/integrations/delivery/{delivery.pk}" if delivery else INBOX
    payment = connection.store.recurring_payments.first()
    return [
        "/admin/",
        "/admin/integrations/connection/",
        "/admin/connected-apps/new/stripe/",
        *(f"{one}/{name}/" for name in ("change", "history", "delete", "sync/progress")),
        INBOX,
        f"{event}/change/",
        f"{event}/history/",
        "/admin/subscriptions/recurringpayment/",
        f"/admin/contacts/contact/{payment.contact_id}/change/" if payment else "/admin/contacts/contact/",
        reverse("schema"),
        reverse("readyz"),
        address(connection),
    ]


INBOX = "/admin/integrations/delivery/"


def test_no_page_shows_a_secret_to_anybody(
    guarded: Connection, administrator: User, marketer: User, logs: pytest.LogCaptureFixture
) -> None:
    history.run(history.start(guarded).pk)
    deliver(guarded, CONTRACTS["stripe"].news("sub_1", "flux", NOON), secrets=[guarded.webhook_secret])
    inbox.process()
    for user in (administrator, marketer, User.objects.create_superuser("root", password="x")):
        browser = Client()
        browser.force_login(user)
        shown = {path: browser.get(path).content.decode() for path in pages(guarded)}
        assert [path for path, content in shown.items() if CANARY in content] == []
    assert CANARY not in logs.text


def test_what_an_administrator_types_is_not_shown_again(
    guarded: Connection, administrator: User, shop: ServedShop
) -> None:
    browser = Client()
    browser.force_login(administrator)
    typed = {"name": "", "api_key": f"rk_test_other_{CANARY}", "webhook_secret": NEW, "requests_per_second": "0"}
    for path in (f"/admin/integrations/connection/{guarded.pk}/change/", "/admin/connected-apps/new/stripe/"):
        for name in ("", "Shop 2"):
            answer = browser.post(path, typed | {"name": name, "api_address": shop.address})
            assert (answer.status_code, CANARY in answer.content.decode()) == (200, False)
    browser.post(
        f"/admin/integrations/connection/{guarded.pk}/change/",
        {"name": "Shop", "webhook_secret": NEW, "requests_per_second": "5", "api_address": shop.address},
    )
    assert Connection.objects.get().webhook_secret == NEW
    assert CANARY not in browser.get(f"/admin/integrations/connection/{guarded.pk}/history/").content.decode()


@pytest.mark.parametrize(
    "faults", [{"answer_500": 99}, {"answer_html": 99}, {"answer_429": 99}, {"forbidden": ["rak_subscription_read"]}]
)
def test_no_trouble_with_the_store_tells_a_secret(
    guarded: Connection,
    shop: ServedShop,
    logs: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    faults: dict[str, Any],
) -> None:
    monkeypatch.setattr(sweeps, "MAX_ATTEMPTS", 1)
    shop.faults.apply(faults)
    news = CONTRACTS["stripe"].news(shop.ids()[0], "active", NOON)
    deliver(guarded, news, secrets=[guarded.webhook_secret])
    call_command("drain")
    with pytest.raises(CommandError) as error:
        call_command("sync", "Shop")
    with pytest.raises(CommandError) as refused:
        call_command("connect", "stripe", "--name", "Shop", "--api-key", f"rk_test_wrong_{CANARY}")
    rows = [*Connection.objects.values("problem_detail"), *HistoricalSync.objects.values("problem_detail")]
    told = f"{logs.text}{error.value}{refused.value}{capsys.readouterr()}{rows}{guarded.deliveries.values('reason')}"
    assert CANARY not in told


@pytest.mark.parametrize("secret", ["whsec_of_nobody", ""])
def test_a_refused_webhook_tells_no_secret(guarded: Connection, logs: pytest.LogCaptureFixture, secret: str) -> None:
    answer = deliver(guarded, CONTRACTS["stripe"].news("sub_1", "active", NOON), secrets=[secret])
    assert (answer.status_code, CANARY in answer.content.decode() + logs.text) == (400, False)


def test_no_error_page_tells_the_proof_of_a_set_up(
    keyless: Connection, administrator: User, settings: LazySettings
) -> None:
    settings.DEBUG = True
    Connection.objects.update(webhook_secret="")
    browser = Client(raise_request_exception=False)
    browser.force_login(administrator)
    with poison(Connection, on="UPDATE"):
        answer = browser.post(reverse("setup_prove", args=[keyless.pk]), {"proof": NEW})
    content = answer.content.decode()
    assert (answer.status_code, "proof" in content, CANARY in content) == (500, True, False)


def test_no_log_tells_the_keys_that_a_shop_wants_in_its_addresses(
    transactional_db: None,
    woo: WooShop,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    woo.faults.apply({"strips_authorization": True})
    woo_api.check(woo_connected(woo))
    assert FULL.consumer_secret not in caplog.text


def test_a_store_that_quotes_the_key_which_it_refuses_is_not_quoted(keyless: Connection) -> None:
    error = ProviderError(Problem.KEY_REFUSED, f"There is no key ck_{CANARY}0123456789.")
    health.report(keyless, error)
    assert CANARY not in f"{error} {error.words} {Connection.objects.get().problem_detail}"


@pytest.mark.parametrize("debug", [False, True])
def test_no_error_page_tells_a_secret(
    guarded: Connection, administrator: User, settings: LazySettings, logs: pytest.LogCaptureFixture, debug: bool
) -> None:
    settings.DEBUG = debug
    browser = Client(raise_request_exception=False)
    browser.force_login(administrator)
    typed = {"name": "Shop", "webhook_secret": NEW, "requests_per_second": "5", "api_address": guarded.api_address}
    body, headers = signed(guarded, CONTRACTS["stripe"].news("sub_1", "active", NOON), secrets=[guarded.webhook_secret])
    with poison(Connection, on="UPDATE"):
        saved = browser.post(f"/admin/integrations/connection/{guarded.pk}/change/", typed)
    with poison(Delivery):
        taken = browser.post(address(guarded), data=body, content_type="application/json", headers=headers)
    for answer in (saved, taken):
        content = answer.content.decode()
        assert (answer.status_code, "Traceback" in content, CANARY in content) == (500, debug, False)
    assert "poison" in logs.text
    assert CANARY not in logs.text
