"""A PayPal account with a file goes on after a restart."""

import json

import pytest

from integrations.sandbox.server import serve
from integrations.sandbox.state import DamagedState
from tests.integrations.sandbox.conftest import ask
from tests.integrations.sandbox.conftest import open_shop as open_stripe
from tests.integrations.sandbox.paypal.checking import Check
from tests.integrations.sandbox.paypal.conftest import open_shop


@pytest.fixture
def path(tmp_path):
    """Where the shop is kept."""
    return tmp_path / "paypal.jsonl"


def everything(shop):
    return {kind: list(table) for kind, table in shop.store.tables.items()}


def test_a_restart_changes_nothing(path):
    with serve(open_shop(state=path)) as server:
        server.shop.tick(n=30)
        before, told, at = everything(server.shop), server.shop.events, server.shop.clock.now()
    again = open_shop(state=path, seed=99, subscriptions=3)
    assert everything(again) == before
    assert (again.events, again.clock.now()) == (told, at)
    again.close()


def test_life_after_a_restart_is_the_life_it_would_have_been(path):
    unbroken = open_shop()
    unbroken.tick(n=20)
    for _ in range(2):
        shop = open_shop(state=path)
        shop.tick(n=10)
        shop.close()
    assert shop.events == unbroken.events


def test_certificates_and_webhooks_outlive_a_restart(path, receiver):
    first = open_shop(state=path)
    webhook, root = first.add_webhook(receiver.url), first.ca
    first.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-1"})
    first.flush()
    first.close()
    with serve(open_shop(state=path)) as server:
        server.shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-2"})
        server.shop.flush()
        assert ask(server, "/_sandbox/ca.pem").body == root
        check = Check(port=server.port, webhook=webhook, root=root)
        assert len(receiver.received) == 2
        for one in receiver.received:
            check(one.body, one.headers)
        assert len({one.headers["PAYPAL-CERT-URL"] for one in receiver.received}) == 1


def test_a_root_that_was_only_looked_at_stays_the_root(path):
    first = open_shop(state=path)
    first.close()
    again = open_shop(state=path)
    root = again.ca
    again.close()
    last = open_shop(state=path)
    assert last.ca == root
    last.close()


def test_what_was_not_delivered_is_delivered_after_a_restart_as_the_same_transmission(path, receiver):
    receiver.answers.append(500)
    first = open_shop(state=path)
    first.queue.schedule = (60,)
    webhook = first.add_webhook(receiver.url)
    event = first.event("BILLING.SUBSCRIPTION.UPDATED", {"name": "Zoë"})
    first.flush()
    first.close()
    with serve(open_shop(state=path)) as server:
        assert server.shop.flush(retries=True)
        check = Check(port=server.port, webhook=webhook, root=server.shop.ca)
        check(receiver.received[1].body, receiver.received[1].headers)
    assert receiver.ids == [event["id"]] * 2
    assert len({one.headers["PAYPAL-TRANSMISSION-ID"] for one in receiver.received}) == 1


@pytest.mark.parametrize("text", ["{", "[]\n", '{"format": 0}\n', ""])
def test_a_damaged_file_is_named_and_left_alone(path, text):
    path.write_text(text)
    with pytest.raises(DamagedState, match=r"paypal\.jsonl"):
        open_shop(state=path)
    assert path.read_text() == text


def test_the_file_of_another_providers_shop_is_refused(path):
    stripe = open_stripe(state=path, subscriptions=1)
    stripe.close()
    assert json.loads(path.read_text().splitlines()[0])["account"]
    with pytest.raises(DamagedState, match="another version or shop"):
        open_shop(state=path)
