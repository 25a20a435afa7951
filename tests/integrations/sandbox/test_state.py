"""A shop with a file goes on after a restart."""

import time

import pytest
import stripe

from integrations.sandbox.server import serve
from integrations.sandbox.state import DamagedState
from tests.integrations.sandbox.conftest import client_of, open_shop


@pytest.fixture
def path(tmp_path):
    """Where the shop is kept; the folder does not exist yet."""
    return tmp_path / "shops" / "stripe.jsonl"


def everything(shop):
    return {kind: [shop.retrieve(one) for one in shop.ids(kind)] for kind in ("subscription", "customer", "invoice")}


def test_a_restart_changes_nothing(path):
    with serve(open_shop(state=path)) as server:
        server.shop.tick(n=20)
        before, told, at = everything(server.shop), server.shop.events, server.shop.clock.now()
    again = open_shop(state=path, seed=99, subscriptions=3)
    assert everything(again) == before
    assert again.events == told
    assert again.clock.now() == at
    again.close()


def test_life_after_a_restart_is_the_life_it_would_have_been(path):
    unbroken = open_shop()
    unbroken.tick(n=10)
    first = open_shop(state=path)
    first.tick(n=5)
    first.close()
    second = open_shop(state=path)
    second.tick(n=5)
    second.close()
    assert second.events == unbroken.events


def test_endpoints_keep_their_secrets_and_deliveries_their_outcome(path, receiver):
    first = open_shop(state=path)
    secret = first.add_endpoint(receiver.url)["secret"]
    event = first.event("made.up", {"id": 1})
    first.flush()
    first.close()
    second = open_shop(state=path)
    assert [(one.event, one.statuses) for one in second.deliveries] == [(event["id"], [200])]
    second.event("made.up", {"id": 2})
    second.flush()
    second.close()
    assert len(receiver.received) == 2
    assert all(stripe.WebhookSignature.verify_header(one.body, one.signature, secret) for one in receiver.received)


def test_what_was_not_delivered_is_delivered_after_a_restart(path, receiver):
    first = open_shop(state=path)
    first.add_endpoint(receiver.url)
    first.faults.delay = 60
    first.event("made.up", {"name": "Zoë"})
    first.close()
    assert receiver.received == []
    second = open_shop(state=path)
    assert second.flush()
    second.close()
    assert receiver.received[0].event["data"]["object"] == {"name": "Zoë"}


def test_a_change_is_saved_soon_without_a_stop(path):
    with serve(open_shop(state=path)) as server:
        one = client_of(server).v1.customers.list({"limit": 1}).data[0].id
        server.shop.update_customer(one, name="Saved Soon")
        until = time.monotonic() + 5
        while not (path.exists() and "Saved Soon" in path.read_text()) and time.monotonic() < until:
            time.sleep(0.02)
        assert "Saved Soon" in path.read_text()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("text", ["{", "[]\n", '{"format": 0}\n', ""])
def test_a_damaged_file_is_named_and_left_alone(path, text):
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(DamagedState, match=r"stripe\.jsonl"):
        open_shop(state=path)
    assert path.read_text() == text


def test_a_shop_without_a_file_writes_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with serve(open_shop()) as server:
        server.shop.tick(n=3)
    assert list(tmp_path.iterdir()) == []
