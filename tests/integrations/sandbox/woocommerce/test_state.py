"""A shop with a file goes on after a restart."""

import pytest

from integrations.sandbox.state import DamagedState
from integrations.sandbox.woocommerce.webhooks import OLDEST
from tests.integrations.woocommerce.shops import SECRET, open_shop, served, signed

KINDS = ("product", "variation", "customer", "subscription", "order", "webhook")


@pytest.fixture
def path(tmp_path):
    """Where the shop is kept; the folder does not exist yet."""
    return tmp_path / "shops" / "woocommerce.jsonl"


def everything(shop):
    return {kind: [shop.retrieve(one, kind) for one in shop.ids(kind)] for kind in KINDS}


def active(shop):
    return next(one["id"] for one in shop.store["subscription"] if one["status"] == "active")


def test_a_restart_changes_nothing(path):
    first = open_shop(state=path)
    first.tick(n=20)
    first.add_webhook("http://127.0.0.1:9/x")
    before, told, at = everything(first), first.events, first.clock.now()
    first.close()
    again = open_shop(state=path, seed=99, subscriptions=3)
    assert everything(again) == before
    assert again.events == told
    assert again.clock.now() == at
    again.close()


def test_life_after_a_restart_is_the_life_it_would_have_been(path):
    unbroken = open_shop()
    events = unbroken.tick(n=30)
    first = open_shop(state=path)
    begun = first.tick(n=15)
    first.close()
    second = open_shop(state=path)
    assert begun + second.tick(n=15) == events
    second.close()
    assert everything(second) == everything(unbroken)


def test_webhooks_keep_their_secret_their_shape_and_their_failures(path, receiver):
    first = open_shop(state=path)
    first.add_webhook(receiver.url, secret=SECRET, api_version=OLDEST)
    first.flush()
    receiver.answers.append(500)
    first.act(active(first), "change_email")
    first.flush()
    first.close()
    second = open_shop(state=path)
    assert (second.store["webhook"]["1"]["failures"], second.store["webhook"]["1"]["is_pending"]) == (1, False)
    assert [one.statuses for one in second.deliveries] == [[200], [500]]
    second.act(active(second), "pause")
    second.flush()
    second.close()
    came = receiver.received[-1]
    assert came.headers["X-WC-Webhook-Signature"] == signed(came.body)
    assert "start_date" in came.event


def test_what_waited_is_delivered_after_a_restart_once(path, receiver):
    first = open_shop(state=path)
    first.add_webhook(receiver.url, secret=SECRET)
    first.flush()
    one = active(first)
    first.act(one, "pause")
    first.close()
    assert len(receiver.received) == 1
    second = open_shop(state=path)
    assert second.flush()
    second.close()
    assert [came.event["status"] for came in receiver.received[1:]] == ["on-hold"]
    third = open_shop(state=path)
    assert third.flush()
    third.close()
    assert len(receiver.received) == 2


@pytest.mark.parametrize("text", ["{", "[]\n", '{"format": 0}\n', ""])
def test_a_damaged_file_is_named_and_left_alone(path, text):
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(DamagedState, match=r"woocommerce\.jsonl"):
        open_shop(state=path)
    assert path.read_text() == text


def test_a_shop_without_a_file_writes_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with served(open_shop()) as shop:
        shop.tick(n=3)
    assert list(tmp_path.iterdir()) == []
