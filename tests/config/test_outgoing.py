"""Requests reach public addresses only, whatever a name says of itself, except where a deployer allows more."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
from django.conf import LazySettings

from config import outgoing

PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "fec0::1", "::127.0.0.1", "::10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "ff02::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


class _Heard(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.heard.append((self.path, self.headers["Host"]))  # type: ignore[attr-defined]
        moved = self.path == "/moved"
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    """A server on loopback that remembers what it was asked."""
    made: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Heard)
    made.heard = []
    made.address = f"http://127.0.0.1:{made.server_port}"
    thread = Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def public_only(settings: LazySettings) -> None:
    settings.ALLOWED_PRIVATE_NETWORKS = []


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_private_is_refused(public_only: None, address: str) -> None:
    assert not outgoing.is_allowed(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_reached(public_only: None, address: str) -> None:
    assert outgoing.is_allowed(address)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "2130706433", "0x7f.1"])
def test_nothing_is_sent_to_a_private_address_however_it_is_written(public_only: None, server: Any, name: str) -> None:
    with pytest.raises(requests.ConnectionError):
        outgoing.session().get(f"http://{name}:{server.server_port}/", timeout=5)
    assert server.heard == []


def test_a_name_that_changes_its_mind_leads_nowhere_else(
    public_only: None, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["192.0.2.1", "8.8.8.8", "127.0.0.1"])
    real = socket.getaddrinfo

    def fickle(host: str, *args: Any, **kwargs: Any) -> Any:
        return real(next(answers) if host == "fickle.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", fickle)
    next(answers)
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: asked.append(address[0]) or _refuse())
    with pytest.raises(requests.ConnectionError):
        outgoing.session().get(f"http://fickle.example:{server.server_port}/", timeout=5)
    assert set(asked) == {"8.8.8.8"}


def _refuse() -> None:
    raise OSError("nobody goes anywhere in a test")


def test_a_deployer_may_allow_a_network(settings: LazySettings, server: Any) -> None:
    settings.ALLOWED_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    answer = outgoing.session().get(f"http://localhost:{server.server_port}/", timeout=5)
    assert (answer.status_code, server.heard) == (200, [("/", f"localhost:{server.server_port}")])
    assert not outgoing.is_allowed("10.0.0.1")


def test_an_address_that_the_deployer_named_is_reached(public_only: None, server: Any) -> None:
    assert outgoing.session(may_be_private=True).get(server.address, timeout=5).status_code == 200


def test_redirects_are_not_followed(settings: LazySettings, server: Any) -> None:
    settings.ALLOWED_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    with pytest.raises(requests.TooManyRedirects):
        outgoing.session().get(f"{server.address}/moved", timeout=5)
    assert [path for path, _ in server.heard] == ["/moved"]
