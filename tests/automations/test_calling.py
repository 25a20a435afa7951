"""Webhooks of steps: signed, repeated with the same id, to public addresses only, and told of if they fail."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from automations import by_hand, calling, outbox, publishing, receivers
from automations.models import Automation, Call, Enrolment, Receiver
from config.audit.models import Entry
from subscriptions.models import Store
from tests.automations.flows import go, later, only, path, pay, publish, step, tag, tags
from tests.people import member

pytestmark = pytest.mark.django_db


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        server.may_answer.wait(30)
        server.heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[Any]:
    """A receiver on loopback that remembers what it was told."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
    server.heard, server.status, server.may_answer = [], 200, Event()
    server.may_answer.set()
    server.address = f"http://127.0.0.1:{server.server_port}/hook"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.may_answer.set()
    server.shutdown()
    thread.join()
    server.server_close()


def call() -> None:
    """Make the calls that wait, and let people go on."""
    Call.objects.filter(state__in=Call.OPEN).update(claimed_until=timezone.now())
    calling.call(seconds=60)
    Enrolment.objects.filter(wake_at__isnull=False).update(wake_at=later())
    go()


def begin(store: Store, address: str) -> Automation:
    """Have somebody come to a step that calls a webhook."""
    one = publish(step("webhook", url=address), tag("after"))
    pay(store, name="Pro", payment_amount="49", currency="EUR")
    go()
    return one


def test_a_call_says_who_came_and_is_signed(store: Store, hook: Any) -> None:
    one = begin(store, hook.address)
    call()
    [(headers, body)] = hook.heard
    told = json.loads(body)
    assert told["data"]["contact"]["email"] == "ada@example.com"
    assert told["data"]["recurring_payment"]["payment_amount"] == "49.0000"
    assert told["data"]["automation"] == {"id": one.pk, "name": "Flow", "step": "webhook"}
    key = base64.b64decode(one.webhook_secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert (path(), tags()) == ([("webhook", "sent"), ("after", "done")], {"after"})


@pytest.mark.parametrize("status", [500, 302, 429])
def test_a_receiver_that_fails_is_called_again_with_the_same_id_and_body(store: Store, hook: Any, status: int) -> None:
    begin(store, hook.address)
    hook.status = status
    call()
    assert (tags(), Call.objects.get().status) == (set(), status)
    hook.status = 204
    call()
    first, second = hook.heard
    assert (first[0]["webhook-id"], first[1]) == (second[0]["webhook-id"], second[1])
    assert tags() == {"after"}


def test_a_receiver_that_hangs_is_given_up_and_called_again_later(store: Store, hook: Any, monkeypatch: Any) -> None:
    assert calling.TIMEOUT == 15
    monkeypatch.setattr(calling, "TIMEOUT", 0.2)
    begin(store, hook.address)
    hook.may_answer.clear()
    call()
    assert (tags(), Call.objects.get().state, Call.objects.get().problem) == (set(), "waiting", "webhook_unreachable")
    assert Call.objects.get().claimed_until > timezone.now()
    hook.may_answer.set()
    call()
    assert tags() == {"after"}


def test_a_receiver_that_refuses_for_good_stops_the_person_until_somebody_retries(store: Store, hook: Any) -> None:
    begin(store, hook.address)
    hook.status = 410
    call()
    assert (only().state, only().reason, only().detail) == ("parked", "webhook_refused", "410")
    hook.status = 200
    by_hand.retry([only()])
    call()
    call()
    assert (tags(), only().state) == ({"after"}, "finished")


def test_a_receiver_in_a_private_network_is_not_called(store: Store, hook: Any, settings: Any) -> None:
    settings.ALLOWED_PRIVATE_NETWORKS = []
    begin(store, hook.address)
    Call.objects.update(failures=outbox.MAX_ATTEMPTS - 1)
    call()
    assert hook.heard == []
    assert (only().state, only().reason) == ("parked", "webhook_unreachable")


def test_the_secret_is_not_in_the_database_as_it_is(store: Store, hook: Any) -> None:
    one = begin(store, hook.address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhook_secret FROM automations_automation")
        [(kept,)] = cursor.fetchall()
    assert one.webhook_secret.startswith("whsec_")
    assert one.webhook_secret not in kept


# ---- an address that has failed for long


def failed_for_long(address: str, *, times: int = receivers.MOST_FAILURES - 1) -> None:
    """Have an address fail so often in a row, the first time a day ago."""
    since = timezone.now() - receivers.LONGEST
    Receiver.objects.create(url=address, failures=times, failing_since=since)


def test_an_address_that_failed_for_long_is_switched_off_and_people_wait(store: Store, hook: Any) -> None:
    begin(store, hook.address)
    failed_for_long(hook.address)
    hook.status = 500
    call()
    assert len(hook.heard) == 1
    hook.status = 200
    call()
    assert len(hook.heard) == 1
    assert (Call.objects.get().state, Call.objects.get().problem) == ("waiting", "webhook_off")
    assert (only().state, tags()) == ("active", set())


@pytest.mark.parametrize(("times", "days"), [(receivers.MOST_FAILURES - 2, 5), (500, 0)])
def test_a_few_failures_or_a_short_time_switch_nothing_off(store: Store, hook: Any, times: int, days: int) -> None:
    begin(store, hook.address)
    since = timezone.now() - timedelta(days=days)
    Receiver.objects.create(url=hook.address, failures=times, failing_since=since)
    hook.status = 500
    call()
    call() if times == 500 else None
    assert not receivers.is_off(hook.address)


def test_one_success_forgives_what_was_before(store: Store, hook: Any) -> None:
    begin(store, hook.address)
    failed_for_long(hook.address)
    call()
    assert tags() == {"after"}
    assert not Receiver.objects.exists()


def test_failures_in_a_row_are_counted_whoever_is_called_for(store: Store, hook: Any) -> None:
    begin(store, hook.address)
    hook.status = 503
    call()
    call()
    assert Receiver.objects.get().failures == 2


def test_one_press_switches_it_on_and_whoever_waited_goes_on(store: Store, hook: Any) -> None:
    one = begin(store, hook.address)
    failed_for_long(hook.address)
    Receiver.objects.update(off_at=timezone.now())
    call()
    browser = Client()
    browser.force_login(member("Marketer"))
    page = browser.get(f"/admin/automations/{one.pk}/").content.decode()
    assert "Webhook switched off" in browser.get("/admin/automations/").content.decode()
    press = f"/admin/automations/{one.pk}/receivers/{Receiver.objects.get().pk}/switch-on/"
    assert press in page
    assert "has failed 19 times in a row" in page
    browser.post(press)
    calling.call(seconds=60)
    assert len(hook.heard) == 1
    Enrolment.objects.filter(wake_at__isnull=False).update(wake_at=later())
    go()
    assert tags() == {"after"}
    assert press not in browser.get(f"/admin/automations/{one.pk}/").content.decode()
    assert "Webhook switched off" not in browser.get("/admin/automations/").content.decode()
    assert Entry.objects.filter(action="automation.receiver_switched_on").count() == 1


def test_no_other_automations_address_is_switched_on(store: Store, hook: Any) -> None:
    one = begin(store, hook.address)
    other = Receiver.objects.create(url="https://example.com/other", off_at=timezone.now())
    browser = Client()
    browser.force_login(member("Marketer"))
    browser.post(f"/admin/automations/{one.pk}/receivers/{other.pk}/switch-on/")
    assert receivers.is_off(other.url)


def test_a_step_that_gets_another_address_calls_that_one(store: Store, hook: Any) -> None:
    one = begin(store, "https://gone.example.com/")
    Receiver.objects.create(url="https://gone.example.com/", off_at=timezone.now())
    call()
    one.refresh_from_db()
    one.draft["steps"][0]["url"] = hook.address
    one.save()
    publishing.publish(one, by=None, seen=None)
    call()  # takes her to the new version, as a worker does
    call()
    assert len(hook.heard) == 1
    assert tags() == {"after"}
