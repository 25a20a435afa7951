"""The webhook address under load and under attack: what it reads, what it answers, and what survives a power cut."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from config.demo import ports
from integrations import inbox
from integrations.models import Connection, Delivery
from subscriptions.models import Change, RecurringPayment
from tests.integrations.contracts import CONTRACTS, Headers, address, deliver, encoded, made, post, signed
from tests.integrations.running import GUNICORN, kill, running, until

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
NEWS = CONTRACTS["stripe"].news
Server = tuple[int, Popen[bytes]]


def send(port: int, path: str, body: bytes, headers: Headers) -> int:
    """Post over a connection of its own; return the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, body, headers | {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_body_of_two_mebibytes_is_refused_before_it_is_sent(live_server: Any, transactional_db: None) -> None:
    path = address(made("stripe"))
    host, port = live_server.thread.host, live_server.thread.port
    with socket.create_connection((host, port), timeout=30) as wire:
        wire.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {2 * 1024 * 1024}\r\n\r\n".encode())
        assert wire.recv(4096).split(b"\r\n")[0].split()[1] == b"413"


def test_the_largest_body_is_taken_and_one_byte_more_is_not(keyless: Connection, settings: LazySettings) -> None:
    body = encoded(NEWS("sub_1", "active", NOON))
    padded = body + b" " * (settings.WEBHOOK_MAX_BYTES - len(body))
    assert post(keyless, *signed(keyless, padded + b" ")).status_code == 413
    assert post(keyless, *signed(keyless, padded)).status_code == 200


@pytest.mark.parametrize("length", ["abc", "-1", "-99999", "1e3", "0x10", "9" * 5000, "１２a"])
def test_a_content_length_that_is_none_is_refused(keyless: Connection, length: str) -> None:
    body, headers = signed(keyless, NEWS("sub_1", "active", NOON))
    options: dict[str, Any] = {"content_type": "application/json", "headers": headers, "CONTENT_LENGTH": length}
    assert Client().post(address(keyless), data=body, **options).status_code == 400
    assert not Delivery.objects.exists()


def test_without_a_content_length_nothing_is_read(keyless: Connection) -> None:
    body, headers = signed(keyless, NEWS("sub_1", "active", NOON))
    options: dict[str, Any] = {"content_type": "application/json", "headers": headers, "CONTENT_LENGTH": ""}
    assert Client().post(address(keyless), data=body, **options).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [{"Accept": "image/png"}, {"Content-Type": "text/plain"}, {"Origin": "https://evil.example"}, {"Cookie": "a=b"}],
)
def test_a_store_need_not_say_what_it_accepts_nor_have_a_token_against_forgery(
    keyless: Connection, headers: Headers
) -> None:
    body, signature = signed(keyless, NEWS("sub_1", "active", NOON))
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(address(keyless), data=body, content_type="application/json", headers=signature | headers)
    assert (answer.status_code, answer.cookies.output()) == (200, "")


def test_without_worker_and_broker_a_hundred_events_are_taken(keyless: Connection) -> None:
    answers = {deliver(keyless, NEWS(f"sub_{number}", "active", NOON)).status_code for number in range(100)}
    assert (answers, Delivery.objects.due().count()) == ({200}, 100)


def test_a_webhook_costs_two_statements(keyless: Connection, django_assert_num_queries: Any) -> None:
    body, headers = signed(keyless, NEWS("sub_1", "active", NOON))
    with django_assert_num_queries(2):
        assert post(keyless, body, headers).status_code == 200


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """The production server with two processes of four threads."""
    port = ports.any_free()
    size = ("--worker-class", "gthread", "--workers", "2", "--threads", "4")
    with running(*GUNICORN, "--bind", f"127.0.0.1:{port}", *size, log=tmp_path / "log") as process:
        until(lambda: ports.answers(port, "/healthz"))
        yield port, process


def test_the_same_event_fifty_times_at_once_is_one_row_and_one_change(server: Server) -> None:
    connection = made("stripe")
    delivery = (address(connection), *signed(connection, NEWS("sub_1", "active", NOON)))
    start, answers = threading.Barrier(50), []

    def knock() -> None:
        start.wait()
        answers.append(send(server[0], *delivery))

    threads = [threading.Thread(target=knock) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 50
    inbox.process()
    assert (Delivery.objects.count(), Change.objects.count()) == (1, 1)


def test_what_was_answered_with_200_outlives_the_server(server: Server) -> None:
    connection, (port, process) = made("stripe"), server
    news = [signed(connection, NEWS(f"sub_{number}", "active", NOON)) for number in range(20)]
    accepted = [send(port, address(connection), *delivery) for delivery in news]
    kill(process)
    assert accepted == [200] * 20
    assert inbox.process() == 20
    assert RecurringPayment.objects.count() == 20
