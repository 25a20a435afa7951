"""PayPal's signatures as the pretend account makes them: only its certificate at its address proves anything."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from integrations.models import Connection, Delivery
from integrations.providers.base import BadDelivery
from integrations.providers.paypal import certificates
from integrations.providers.paypal.signature import verify
from integrations.sandbox.paypal.signing import Transmission, headers_for
from tests.integrations.contract import SECRET
from tests.integrations.contracts import encoded, made, post, signed
from tests.integrations.paypal.contract import account as served_account
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
        f"https://API.PAYPAL.COM{PATH}",
        f"https://api.paypal.com.{PATH}",
        f"https://api.paypal.com:{PATH}",
        f"https://api.paypal.com:0443{PATH}",
        f"https://api.pаypal.com{PATH}",
        f"https://api.xn--pypal-4ve.com{PATH}",
        f"https://api。paypal。com{PATH}",
        f"https://api%2Epaypal.com{PATH}",
        f"https://api.paypal.com%00.evil.example{PATH}",
        f"https://api.paypal.com\t@evil.example{PATH}",
        f"https:\n//api.paypal.com{PATH}",
        f"https://user:secret@api.paypal.com:443{PATH}",
        f"https://@api.paypal.com{PATH}",
        f"https:api.paypal.com{PATH}",
        f"https:///api.paypal.com{PATH}",
        f"https://paypal.com{PATH}",
        f"https://www.paypal.com{PATH}",
        f"https://api-m.paypal.com, https://evil.example{PATH}",
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


# A whole delivery, of which one thing is missing or strange

HEADERS = ("PAYPAL-TRANSMISSION-ID", "PAYPAL-TRANSMISSION-TIME", "PAYPAL-TRANSMISSION-SIG", "PAYPAL-CERT-URL",
           "PAYPAL-AUTH-ALGO")  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("instead", [None, "", "é", "0"])
def test_without_any_one_of_its_headers_a_delivery_is_refused_and_not_kept(
    db: None, name: str, instead: str | None
) -> None:
    connection = made("paypal")
    body, headers = signed(connection, event("BILLING.SUBSCRIPTION.UPDATED"))
    without = {key: value for key, value in headers.items() if key != name}
    strange = without if instead is None else without | {name: instead}
    assert (post(connection, body, strange).status_code, kept()) == (400, 0)
    assert (post(connection, body, headers).status_code, kept()) == (200, 1)


def test_the_checksum_is_of_the_bytes_and_not_of_what_they_mean(db: None) -> None:
    connection = made("paypal")
    told = event("BILLING.SUBSCRIPTION.UPDATED")
    body, headers = signed(connection, told)
    assert post(connection, json.dumps(told, indent=2).encode(), headers).status_code == 400
    assert post(connection, body, headers).status_code == 200


def test_what_the_sandbox_proved_to_its_own_connection_proves_nothing_to_a_live_one(db: None) -> None:
    sandbox, live = made("paypal"), made("paypal", "Live")
    Connection.objects.filter(pk=live.pk).update(livemode=True)
    body, headers = signed(sandbox, event("BILLING.SUBSCRIPTION.UPDATED"))
    assert post(sandbox, body, headers).status_code == 200
    assert post(live, body, headers).status_code == 400
    assert not live.deliveries.exists()


@pytest.mark.parametrize(
    ("livemode", "role", "status"),
    [(False, "leaf", 200), (False, "sandbox leaf", 200), (True, "leaf", 200), (True, "sandbox leaf", 400)],
)
def test_a_certificate_in_the_sandboxs_name_counts_there_alone(
    db: None, livemode: bool, role: str, status: int
) -> None:
    connection = made("paypal")
    Connection.objects.update(livemode=livemode)
    body = encoded(event("BILLING.SUBSCRIPTION.UPDATED"))
    sending = Transmission(id="1", at=int(time.time()), role=role, address="https://api.paypal.com")
    headers = headers_for(body, SECRET, sending, served_account().authority)
    assert post(connection, body, headers).status_code == status


def _now() -> str:
    return datetime.now(UTC).isoformat()
