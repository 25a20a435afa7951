"""Visiting the links of an e-mail: which lead nowhere, and that none leads into a private network."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from automations.campaigns import keeping
from automations.email import content, visiting
from tests.people import member


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(int(self.path.strip("/") or 200))
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def body(site: Any, *paths: str) -> str:
    at = f"http://127.0.0.1:{site.server_address[1]}"
    return "".join(f'<p><a href="{at}/{path}">x</a></p>' for path in paths)


def test_each_link_is_visited_once_and_the_dead_are_told(site: Any) -> None:
    told = body(site, "200", "200", "301", "403", "404", "410", "500")
    more = '<p><a href="http://127.0.0.1:1/">x</a><a href="mailto:a@b.example">m</a></p>'
    tagged = body(site, "404?of={{ contact.email }}")
    read = content.read({"subject": "x", "body": told + more + tagged, "translations": {}})
    visits = visiting.visit(read)
    assert [(one.status, one.is_dead) for one in visits] == [
        (200, False), (301, False), (403, False), (404, True), (410, True), (500, True), (0, True),
    ]  # fmt: skip
    assert sorted(site.asked) == ["/200", "/301", "/403", "/404", "/410", "/500"]


def test_no_visit_goes_into_a_private_network(site: Any, settings: Any) -> None:
    settings.ALLOWED_PRIVATE_NETWORKS = []
    [one] = visiting.visit(content.read({"subject": "x", "body": body(site, "200")}))
    assert (one.is_dead, site.asked) == (True, [])


@pytest.mark.django_db
def test_the_page_says_which_links_lead_nowhere(client: Client, site: Any) -> None:
    client.force_login(member("Marketer"))
    at = reverse("campaign_links", args=[keeping.create(name="Mail").pk])
    ask = {"Accept": "application/json"}

    def said(told: str) -> str:
        return str(client.post(at, {"subject": "x", "body": told}, headers=ask).json()["said"])

    assert said(body(site, "200", "301")) == "All 2 links lead somewhere."
    assert "/404 (404)" in said(body(site, "404", "200"))
    assert said("<p>x</p>") == "There is no link to visit."
    assert said("") == "Mend what is marked first."
