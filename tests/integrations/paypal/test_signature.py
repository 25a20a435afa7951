"""PayPal's signatures as the pretend account makes them: only its certificate at its address proves anything."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from integrations.models import Connection, Delivery
from integrations.providers.base import BadDelivery
from integrations.providers.paypal import certificates
from integrations.providers.paypal.signature import verify
from tests.integrations.contract import SECRET
from tests.integrations.contracts import encoded, made
from tests.integrations.paypal.contract import event, sign
from tests.integrations.shops import ServedPayPal

HOST = "https://api.sandbox.paypal.com"
PATH = "/v1/notifications/certs/CERT-1"


@pytest.fixture(autouse=True)
def nothing_proven() -> None:
    """No certificate is known from another test."""
    certificates._proven.clear()


def kept() -> int:
    return Delivery.objects.count()


def test_what_the_account_signs_is_kept(listening: Connection, account: ServedPayPal) -> None:
    account.create_subscription()
    assert account.flush()
    assert kept() == len(account.events)


@pytest.mark.parametrize(
    "fault",
    [
        "mis_sign",
        "foreign_root",
        "expired_certificate",
        "wrong_name",
        "lone_certificate",
        "other_host",
        "plain_http",
        "user_info",
        "other_port",
        "redirected",
        "oversized",
        "old_time",
        "other_algorithm",
    ],
)
def test_what_proves_nothing_is_refused_and_comes_again(
    listening: Connection, account: ServedPayPal, fault: str
) -> None:
    setattr(account.faults, fault, 99)
    account.create_subscription()
    account.flush()
    assert kept() == 0
    account.faults.clear()
    account.clock.move_to(account.clock.now() + 600)
    account.flush(retries=True)
    assert kept() == len(account.events)


def test_a_new_certificate_is_believed_as_the_old_one_was(listening: Connection, account: ServedPayPal) -> None:
    account.create_subscription()
    account.flush()
    account.rotate_certificate()
    account.create_subscription()
    account.flush()
    assert kept() == len(account.events)


def test_a_certificate_is_fetched_once(listening: Connection, account: ServedPayPal) -> None:
    for _ in range(3):
        account.create_subscription()
    account.flush()
    assert sum(count for (_, path), count in account.requested.items() if "/certs/" in path) == 1


@pytest.mark.parametrize(
    "url",
    [
        f"https://api.sandbox.paypal.com.evil.example{PATH}",
        f"https://evil.example{PATH}",
        f"https://evil.example/api.paypal.com{PATH}",
        f"https://api.paypal.com@evil.example{PATH}",
        f"https://evil.example#@api.paypal.com{PATH}",
        f"https://evil.example\\@api.paypal.com{PATH}",
        f"https://user@api.paypal.com{PATH}",
        f"https://api.paypal.com:8443{PATH}",
        f"http://api.paypal.com{PATH}",
        f"ftp://api.paypal.com{PATH}",
        f"//api.paypal.com{PATH}",
        f"https://API.PAYPAL.COM.{PATH}",
        f"https://127.0.0.1{PATH}",
        f"https://[::1]{PATH}",
        f"https://[{PATH}",
        "",
        "api.paypal.com",
        "file:///etc/passwd",
        f"https://api.paypal.com{PATH}?" + "x" * 1000,
    ],
)
def test_no_request_leaves_for_an_address_that_is_not_paypals(
    db: None, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    asked: list[str] = []

    def request(_session: requests.Session, _method: str, address: str, **_: Any) -> None:
        asked.append(address)
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "request", request)
    connection = made("paypal")
    connection.api_address = ""
    body = encoded(event("BILLING.SUBSCRIPTION.UPDATED"))
    headers = sign(body, [SECRET], 1) | {"PAYPAL-CERT-URL": url, "PAYPAL-TRANSMISSION-TIME": _now()}
    with pytest.raises(BadDelivery):
        verify(connection, body, headers)
    assert asked == []


@pytest.mark.parametrize(
    ("livemode", "host", "is_asked"),
    [
        (True, "api.paypal.com", True),
        (True, "api-m.paypal.com", True),
        (True, "api.sandbox.paypal.com", False),
        (False, "api.sandbox.paypal.com", True),
        (False, "api-m.sandbox.paypal.com:443", True),
        (False, "api.paypal.com", True),
    ],
)
def test_the_sandbox_proves_nothing_to_a_live_connection(
    db: None, monkeypatch: pytest.MonkeyPatch, livemode: bool, host: str, is_asked: bool
) -> None:
    asked: list[str] = []

    def request(_session: requests.Session, _method: str, address: str, **_: Any) -> None:
        asked.append(address)
        raise requests.ConnectionError

    body = encoded(event("BILLING.SUBSCRIPTION.UPDATED"))
    headers = sign(body, [SECRET], 1)
    monkeypatch.setattr(requests.Session, "request", request)
    connection = made("paypal")
    connection.api_address, connection.livemode = "", livemode
    with pytest.raises(BadDelivery):
        verify(
            connection,
            body,
            headers | {"PAYPAL-CERT-URL": f"https://{host}{PATH}", "PAYPAL-TRANSMISSION-TIME": _now()},
        )
    assert asked == ([f"https://{host}{PATH}"] if is_asked else [])


def _now() -> str:
    return datetime.now(UTC).isoformat()
