"""Asking shops as they are: hosts that take headers away, rows that vanish or cannot be read, and who may be asked."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from integrations import history, reconciling
from integrations.models import Connection, Delivery, HistoricalSync
from integrations.providers.base import ProviderError, retry_after
from integrations.providers.woocommerce import api, pages, webhooks
from integrations.sandbox.woocommerce import READER, WooShop
from tests.integrations.states import stored, sync

LIST = ("GET", "/wp-json/wc/v3/subscriptions")
ALL_SAID = ["X-WP-Total", "X-WP-TotalPages", "Link"]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 7)


# Pages


@pytest.mark.parametrize("stripped", [[], ["X-WP-Total", "X-WP-TotalPages"], ALL_SAID])
def test_a_short_page_is_not_the_last_one_whatever_headers_a_host_takes_away(
    connection: Connection, woo: WooShop, small_pages: None, stripped: list[str]
) -> None:
    woo.faults.apply({"strips_headers": stripped, "unreadable": woo.ids()[8:10]})
    done = sync(connection)
    assert (done.state, done.created) == ("finished", len(woo.ids()) - 2)


def test_a_page_that_lost_rows_in_front_of_it_is_looked_for_again(
    connection: Connection, woo: WooShop, small_pages: None
) -> None:
    def vanish(sync: HistoricalSync) -> None:
        if sync.pages == 2:
            for identity in sorted(woo.ids(), key=int)[:9]:
                woo.act(identity, "delete")

    history.run(history.start(connection).pk, progress=vanish)
    assert set(woo.ids()) <= stored(connection).keys()


@pytest.mark.parametrize("stripped", [[], ALL_SAID])
def test_our_webhooks_are_found_among_many_others(listening: Connection, woo: WooShop, stripped: list[str]) -> None:
    for _ in range(130):
        woo.add_webhook("http://127.0.0.1:9/", topic="order.created")
    woo.faults.apply({"strips_headers": stripped})
    assert webhooks.register(listening) == []


def test_a_webhook_that_is_off_is_red_on_the_page_until_one_click_switches_it_on(
    listening: Connection, woo: WooShop, administrators: Client
) -> None:
    [first, *_] = woo.store["webhook"]
    woo.store["webhook"].put(first | {"status": "disabled"})
    whole = listening.client_id, listening.api_key
    listening.client_id, listening.api_key = READER.consumer_key, READER.consumer_secret
    listening.save()
    reconciling.run(reconciling.start(listening).pk)
    page = reverse("admin:integrations_connection_change", args=[listening.pk])
    shown = administrators.get(page).content.decode()
    assert ("Needs attention" in shown, "has switched our webhook off" in shown) == (True, True)
    listening.client_id, listening.api_key = whole
    listening.save()
    administrators.post(reverse("admin:webhook_register", args=[listening.pk]))
    assert {hook["status"] for hook in woo.store["webhook"]} == {"active"}
    assert "Needs attention" not in administrators.get(page).content.decode()


# Rows


@pytest.mark.parametrize(
    ("broken", "path"),
    [({"status": 5}, "status"), ({"note": 5}, "customer_note"), ({"period": ["month"]}, "billing_period")],
)
def test_a_subscription_that_cannot_be_read_sinks_neither_its_page_nor_a_comparison(
    connection: Connection, woo: WooShop, broken: dict[str, Any], path: str
) -> None:
    [spoilt, *rest] = woo.ids()
    kept = woo.store["subscription"].get(spoilt) or {}
    woo.store["subscription"].put(kept | broken | {"modified": woo.clock.now()})
    done = sync(connection)
    assert (done.state, done.created, done.failed) == ("finished", len(rest), 1)
    [failed] = Delivery.objects.filter(state="failed")
    assert (failed.subject, f"{spoilt}: {path}: must be text" in failed.reason) == (f"subscription:{spoilt}", True)
    assert reconciling.run(reconciling.start(connection).pk).state == "finished"


# Who is asked, and with what


def test_keys_stand_in_no_address_that_is_not_encrypted(connection: Connection, woo: WooShop, settings: Any) -> None:
    settings.SANDBOX = False
    woo.faults.apply({"strips_authorization": True})
    with pytest.raises(ProviderError):
        api.get(connection, "subscriptions", per_page=1)
    assert woo.requested[LIST] == 1, "it was not asked a second time, with the keys in the address"


def test_a_shop_that_sends_us_elsewhere_is_not_followed(connection: Connection, woo: WooShop) -> None:
    place = f"{woo.address}/wp-json/wc/v3/subscriptions/statuses"
    with _moved_to(f"{place}?consumer_secret=cs_x") as address:
        connection.api_address = address
        with pytest.raises(ProviderError) as raised:
            api.check(connection)
    assert (raised.value.problem, raised.value.detail) == ("not_a_store", f"HTTP 301 → {place}")
    assert not woo.requested


def test_a_private_address_is_asked_nothing(connection: Connection, woo: WooShop, settings: Any) -> None:
    settings.ALLOWED_PRIVATE_NETWORKS = []
    connection.may_be_private = False
    with pytest.raises(ProviderError, match="unreachable"):
        api.check(connection)
    assert not woo.requested


@contextmanager
def _moved_to(address: str) -> Iterator[str]:
    class Moved(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(301)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Moved)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# How often


def test_a_shop_that_names_seconds_is_left_alone_for_them(connection: Connection, woo: WooShop) -> None:
    woo.faults.apply({"answer_429": 2, "retry_after": 1})
    begun = time.monotonic()
    assert sync(connection).state == "finished"
    assert time.monotonic() - begun >= 2
    assert woo.requested[LIST] <= 4, "the count and one page, and once more for each refusal"


def test_every_request_keeps_to_the_pace_of_its_connection(connection: Connection, woo: WooShop) -> None:
    Connection.objects.update(requests_per_second=25)
    connection.refresh_from_db()
    begun = time.monotonic()
    for _ in range(11):
        api.get(connection, "subscriptions", per_page=1)
    assert time.monotonic() - begun >= 10 / 25


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("7", 7), ("99999", 600), ("Wed, 21 Oct 2099 07:28:00 GMT", 600), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)
def test_stores_name_seconds_or_a_moment(told: str, seconds: float) -> None:
    assert retry_after({"Retry-After": told}) == seconds


@pytest.mark.parametrize("told", ["", "soon", "-1", "1.5", "Wed, 99 Oct 2026 07:28:00 GMT"])
def test_what_is_neither_says_nothing(told: str) -> None:
    assert retry_after({"Retry-After": told}) is None
