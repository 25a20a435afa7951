"""Webhooks: signed, filtered, tried again, and wrong on request."""

import json
import time
from datetime import UTC, datetime

import pytest
import stripe

from tests.integrations.sandbox.conftest import open_shop


@pytest.fixture
def shop():
    """A shop whose deliveries stop with the test."""
    shop = open_shop()
    yield shop
    shop.close()


def event_at(shop):
    return shop.event("made.up", {"id": 1})


def verifies(received, secret, tolerance=300):
    return stripe.WebhookSignature.verify_header(received.body, received.signature, secret, tolerance)


def test_each_delivery_carries_a_signature_that_the_library_accepts(shop, receiver):
    secret = shop.add_endpoint(receiver.url)["secret"]
    shop.create_subscription(name="Zoë Müller")
    assert shop.flush()
    assert len(receiver.received) == 7
    assert all(verifies(one, secret) for one in receiver.received)
    assert receiver.ids == [event["id"] for event in shop.events]


def test_a_delivery_is_what_the_library_takes_for_an_event(shop, receiver):
    secret = shop.add_endpoint(receiver.url)["secret"]
    event_at(shop)
    shop.flush()
    event = stripe.Webhook.construct_event(receiver.received[0].body, receiver.received[0].signature, secret)
    assert (event.type, event.data.object.id, event.livemode) == ("made.up", 1, False)


def test_another_secret_does_not_verify(shop, receiver):
    shop.add_endpoint(receiver.url)
    event_at(shop)
    shop.flush()
    with pytest.raises(stripe.SignatureVerificationError):
        verifies(receiver.received[0], "whsec_other")


def test_while_a_secret_is_rolled_both_sign(shop, receiver):
    endpoint = shop.add_endpoint(receiver.url)
    new = shop.roll_secret(endpoint["id"])
    event_at(shop)
    shop.roll_secret(endpoint["id"], keep_old=False)
    shop.flush()
    event_at(shop)
    shop.flush()
    assert receiver.received[1].signature.count("v1=") == 1
    with pytest.raises(stripe.SignatureVerificationError):
        verifies(receiver.received[1], new)


def test_two_secrets_make_two_signatures(shop, receiver):
    endpoint = shop.add_endpoint(receiver.url)
    new = shop.roll_secret(endpoint["id"])
    event_at(shop)
    shop.flush()
    assert receiver.received[0].signature.count("v1=") == 2
    assert verifies(receiver.received[0], endpoint["secret"])
    assert verifies(receiver.received[0], new)


def test_an_endpoint_gets_only_what_it_wants(shop, receivers):
    some, every = receivers(), receivers()
    shop.add_endpoint(some.url, events=["invoice.paid"])
    shop.add_endpoint(every.url)
    shop.create_subscription()
    shop.flush()
    assert some.types == ["invoice.paid"]
    assert len(every.types) == 7


def test_a_refused_delivery_comes_again_freshly_signed_until_it_is_taken(shop, receiver):
    shop.add_endpoint(receiver.url)
    receiver.answers.extend([500, 503])
    event = event_at(shop)
    assert shop.flush(retries=True)
    assert receiver.ids == [event["id"]] * 3
    assert [one.statuses for one in shop.deliveries] == [[500, 503, 200]]
    assert len({one.body for one in receiver.received}) == 1


def test_a_delivery_that_is_never_taken_is_given_up(shop, receiver):
    shop.add_endpoint(receiver.url)
    receiver.answers.extend([302] * 9)
    event_at(shop)
    shop.flush(retries=True)
    assert [(one.statuses, one.is_settled) for one in shop.deliveries] == [([302, 302, 302], True)]


def test_a_dead_address_is_noted_with_its_error(shop):
    shop.add_endpoint("http://127.0.0.1:9/hook")
    event_at(shop)
    shop.flush(retries=True)
    (delivery,) = shop.deliveries
    assert delivery.statuses == [0, 0, 0]
    assert "ConnectionRefusedError" in delivery.attempts[0].error


def test_flush_says_when_it_ran_out_of_time(shop, receiver):
    shop.add_endpoint(receiver.url)
    shop.faults.delay = 5
    event_at(shop)
    assert shop.flush(timeout=0.05) is False


def test_a_deleted_endpoint_gets_nothing_more(shop, receiver):
    endpoint = shop.add_endpoint(receiver.url)
    shop.faults.delay = 0.1
    event_at(shop)
    shop.drop_endpoint(endpoint["id"])
    shop.flush(retries=True)
    assert receiver.received == []
    assert shop.deliveries[0].is_settled


def test_a_thin_event_is_read_by_the_library(shop, receiver):
    secret = shop.add_endpoint(receiver.url)["secret"]
    one = shop.ids()[0]
    shop.event("v1.customer.subscription.updated", one, object="v2.core.event")
    shop.flush()
    client = stripe.StripeClient("sk_test_x")
    note = client.parse_event_notification(receiver.received[0].body, receiver.received[0].signature, secret)
    assert note.related_object.id == one


def test_anything_can_be_signed_without_sending_it(shop):
    body, headers = shop.sign(event_at(shop), "whsec_a")
    assert stripe.WebhookSignature.verify_header(body, headers["Stripe-Signature"], "whsec_a", 10)
    assert json.loads(body)["type"] == "made.up"
    assert shop.deliveries == []


def test_a_signature_can_be_of_another_time(shop):
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    body, headers = shop.sign(b"not json \xc3\xa9", ["whsec_a", "whsec_b"], at=long_ago)
    assert stripe.WebhookSignature.verify_header(body, headers["Stripe-Signature"], "whsec_b", None)
    with pytest.raises(stripe.SignatureVerificationError, match="outside the tolerance"):
        stripe.WebhookSignature.verify_header(body, headers["Stripe-Signature"], "whsec_b", 300)


def test_duplicates_are_sent_that_often(shop, receiver):
    shop.add_endpoint(receiver.url)
    shop.faults.duplicate = 3
    event = event_at(shop)
    shop.flush()
    assert receiver.ids == [event["id"]] * 3
    assert len(shop.deliveries) == 3


def test_reordered_deliveries_all_come_in_another_order(shop, receiver):
    shop.add_endpoint(receiver.url)
    shop.faults.reorder = 7
    sent = [event["id"] for event in [event_at(shop) for _ in range(7)]]
    shop.flush()
    assert sorted(receiver.ids) == sorted(sent)
    assert receiver.ids != sent


def test_a_group_that_stays_small_is_not_held_for_ever(shop, receiver):
    shop.add_endpoint(receiver.url)
    shop.faults.reorder = 50
    sent = [event_at(shop)["id"] for _ in range(2)]
    assert shop.flush(timeout=2)
    assert receiver.ids == sent[::-1]


def test_a_delay_holds_deliveries_back(shop, receiver):
    shop.add_endpoint(receiver.url)
    shop.faults.delay = 0.2
    started = time.monotonic()
    event_at(shop)
    shop.flush()
    assert time.monotonic() - started >= 0.2
    assert len(receiver.received) == 1


def test_the_next_few_can_be_dropped(shop, receiver):
    shop.add_endpoint(receiver.url)
    shop.faults.drop = 2
    sent = [event_at(shop)["id"] for _ in range(3)]
    shop.flush()
    assert receiver.ids == sent[2:]
    assert [one.is_dropped for one in shop.deliveries] == [True, True, False]


def test_a_share_can_be_dropped_the_same_one_for_the_same_seed(receivers):
    dropped = []
    for _ in range(2):
        shop = open_shop(seed=11)
        shop.add_endpoint(receivers().url)
        shop.faults.drop = 0.5
        for _ in range(40):
            event_at(shop)
        shop.flush()
        shop.close()
        dropped.append([one.is_dropped for one in shop.deliveries])
    assert dropped[0] == dropped[1]
    assert 8 < sum(dropped[0]) < 32


def test_a_wrongly_signed_delivery_is_noticed(shop, receiver):
    secret = shop.add_endpoint(receiver.url)["secret"]
    shop.faults.mis_sign = 1
    event_at(shop)
    event_at(shop)
    shop.flush()
    with pytest.raises(stripe.SignatureVerificationError):
        verifies(receiver.received[0], secret)
    assert verifies(receiver.received[1], secret)


def test_a_closed_shop_delivers_again_when_something_happens(shop, receiver):
    shop.add_endpoint(receiver.url)
    event_at(shop)
    shop.flush()
    shop.close()
    event_at(shop)
    assert shop.flush()
    assert len(receiver.received) == 2
