"""Webhooks: signed with a chain of the shop's own, tried again for three days, and wrong on request."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from integrations.sandbox.paypal.faults import PayPalFaults
from integrations.sandbox.paypal.shop import RETRIES
from tests.integrations.sandbox.conftest import NOW, ask
from tests.integrations.sandbox.paypal.checking import Check, Refused
from tests.integrations.sandbox.paypal.conftest import Caller, control, open_shop

FETCHED = "/v1/notifications/certs/"


@pytest.fixture
def webhook(shop, receiver):
    """A webhook for everything, registered with the shop."""
    return shop.add_webhook(receiver.url)


@pytest.fixture
def check(server, webhook):
    """The check of that webhook's deliveries."""
    return Check(port=server.port, webhook=webhook, root=ask(server, "/_sandbox/ca.pem").body)


def deliver(shop, receiver, **resource):
    event = shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-1", **resource})
    assert shop.flush()
    return event, receiver.received[-1]


def test_each_delivery_convinces_a_receiver_that_checks_everything(shop, receiver, check):
    shop.create_subscription(name="Zoë Müller")
    assert shop.flush()
    assert len(receiver.received) == 3
    for one in receiver.received:
        check(one.body, one.headers)
    assert receiver.ids == [event["id"] for event in shop.events]
    assert [one.event for one in receiver.received] == shop.events


def test_one_flipped_byte_is_enough_to_refuse(shop, receiver, check):
    _, received = deliver(shop, receiver)
    with pytest.raises(Refused, match=r"^signature$"):
        check(received.body[:-1] + b" ", received.headers)


def test_a_delivery_to_one_webhook_is_none_to_another(shop, receiver, check):
    _, received = deliver(shop, receiver)
    with pytest.raises(Refused, match=r"^signature$"):
        Check(port=check.port, webhook="ANOTHER", root=check.root)(received.body, received.headers)


def test_the_chain_is_a_leaf_in_paypals_name_and_its_issuer(server, check):
    leaf, issuer = x509.load_pem_x509_certificates(served(server).body)
    (root,) = x509.load_pem_x509_certificates(check.root)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["messageverificationcerts.paypal.com"]
    assert "CN=messageverificationcerts.paypal.com" in leaf.subject.rfc4514_string()
    leaf.verify_directly_issued_by(issuer)
    issuer.verify_directly_issued_by(root)
    assert root.subject == root.issuer


def served(server):
    identity = server.shop.authority.newest("leaf")["id"]
    return ask(server, f"{FETCHED}{identity}", Authorization="")


def test_keys_of_authorities_are_not_served(server, check):
    for role in ("root", "intermediate"):
        identity = server.shop.authority.newest(role)["id"]
        assert ask(server, f"{FETCHED}{identity}").status == 404
    assert ask(server, f"{FETCHED}CERT-gone").json["name"] == "INVALID_RESOURCE_ID"
    assert b"PRIVATE" not in served(server).body + check.root


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("mis_sign", "^signature$"),
        ("foreign_root", "chain"),
        ("expired_certificate", "chain"),
        ("wrong_name", "chain"),
        ("lone_certificate", "chain"),
        ("other_host", "^host$"),
        ("plain_http", "^address$"),
        ("user_info", "^address$"),
        ("other_port", "^address$"),
        ("redirected", "^redirect$"),
        ("oversized", "^size$"),
        ("old_time", "^age$"),
        ("other_algorithm", "^algorithm$"),
    ],
)
def test_a_delivery_that_must_not_be_believed_is_refused_for_its_reason(shop, receiver, check, fault, reason):
    setattr(shop.faults, fault, 1)
    _, received = deliver(shop, receiver)
    with pytest.raises(Refused, match=reason):
        check(received.body, received.headers)
    _, received = deliver(shop, receiver)
    check(received.body, received.headers)


@pytest.mark.parametrize("fault", ["foreign_root", "expired_certificate", "wrong_name", "lone_certificate"])
def test_bad_certificates_sign_properly_so_that_only_the_chain_tells(shop, receiver, check, fault):
    setattr(shop.faults, fault, 1)
    _, received = deliver(shop, receiver)
    answer = check.fetch(received.headers["PAYPAL-CERT-URL"])
    check.signature(x509.load_pem_x509_certificates(answer.body)[0], received.body, received.headers)


def test_an_old_delivery_is_signed_properly(shop, receiver, check):
    shop.faults.old_time = 1
    _, received = deliver(shop, receiver)
    check(received.body, received.headers, skip=frozenset({"age"}))


def test_a_certificate_too_large_is_still_the_right_one(shop, server, receiver, check):
    shop.faults.oversized = 1
    _, received = deliver(shop, receiver)
    answer = check.fetch(received.headers["PAYPAL-CERT-URL"])
    assert len(answer.body) > 64 * 1024
    assert x509.load_pem_x509_certificates(answer.body) == x509.load_pem_x509_certificates(served(server).body)


def test_a_redirect_leads_to_the_right_one(shop, server, receiver, check):
    shop.faults.redirected = 1
    _, received = deliver(shop, receiver)
    answer = check.fetch(received.headers["PAYPAL-CERT-URL"])
    assert (answer.status, answer.body) == (302, b"")
    assert ask(server, answer.headers["Location"]).body == served(server).body


def test_the_certificate_can_be_rotated_and_the_old_one_still_be_had(shop, server, receiver, check):
    _, before = deliver(shop, receiver)
    rotated = control(server, "rotate").json["certificate"]
    _, after = deliver(shop, receiver)
    assert after.headers["PAYPAL-CERT-URL"].endswith(rotated)
    assert before.headers["PAYPAL-CERT-URL"] != after.headers["PAYPAL-CERT-URL"]
    check(before.body, before.headers)
    check(after.body, after.headers)


def test_a_certificate_may_come_late_or_not_at_all(shop, server, receiver, check):
    _, received = deliver(shop, receiver)
    shop.faults.answer_500 = 1
    with pytest.raises(Refused):
        check(received.body, received.headers)
    check(received.body, received.headers)


def test_a_refused_delivery_comes_again_as_the_same_event(shop, receiver, check):
    receiver.answers.extend([500, 503])
    event = shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-1"})
    assert shop.flush(retries=True)
    assert receiver.ids == [event["id"]] * 3
    assert len({one.body for one in receiver.received}) == 1
    assert len({one.headers["PAYPAL-TRANSMISSION-ID"] for one in receiver.received}) == 1
    for one in receiver.received:
        check(one.body, one.headers)


def test_a_delivery_is_tried_25_times_over_three_days_by_the_shops_clock(receiver):
    shop = open_shop(subscriptions=0)
    shop.queue.schedule = RETRIES
    shop.add_webhook(receiver.url)
    receiver.answers.extend([500] * 40)
    shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-1"})
    shop.flush()
    moments = [0]
    for pause in shop.queue.schedule:
        assert len(receiver.received) == len(moments)
        shop.clock.move_to(shop.clock.now() + pause - 5)
        time.sleep(0.005)
        assert len(receiver.received) == len(moments)
        shop.clock.move_to(shop.clock.now() + 5)
        moments.append(moments[-1] + pause)
        until = time.monotonic() + 5
        while len(receiver.received) < len(moments) and time.monotonic() < until:
            time.sleep(0.001)
        shop.flush()
    assert (len(receiver.received), moments[-1]) == (25, 3 * 86_400)
    assert shop.flush(retries=True)
    assert shop.deliveries[0].is_settled
    shop.close()


def test_a_webhook_gets_only_what_it_wants(shop, receivers):
    some, every = receivers(), receivers()
    shop.add_webhook(some.url, events=["PAYMENT.SALE.COMPLETED"])
    shop.add_webhook(every.url)
    shop.create_subscription()
    shop.flush()
    assert some.types == ["PAYMENT.SALE.COMPLETED"]
    assert len(every.types) == 3


def test_a_deleted_webhook_gets_nothing_more(shop, receiver, webhook):
    shop.faults.delay = 0.1
    shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-1"})
    shop.drop_webhook(webhook)
    shop.flush(retries=True)
    assert receiver.received == []
    assert shop.deliveries[0].is_settled


def test_deliveries_meet_the_faults_of_all_shops(shop, receiver, webhook):
    shop.faults.duplicate = 2
    first = shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-1"})
    shop.flush()
    assert receiver.ids == [first["id"]] * 2
    shop.faults.clear()
    shop.faults.drop = 1
    dropped, kept = (shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": one})["id"] for one in ("I-2", "I-3"))
    shop.flush()
    assert dropped not in receiver.ids
    assert kept in receiver.ids
    shop.faults.reorder = 5
    sent = [shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": f"I-{one}"})["id"] for one in range(5)]
    shop.flush()
    assert sorted(receiver.ids[3:]) == sorted(sent)
    assert receiver.ids[3:] != sent
    shop.faults.clear()
    shop.faults.delay = 0.2
    started = time.monotonic()
    shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-9"})
    shop.flush()
    assert time.monotonic() - started >= 0.2


def test_requests_meet_the_faults_of_all_shops(shop, server):
    caller, path = Caller(server), "/v1/notifications/webhooks"
    shop.faults.answer_429, shop.faults.retry_after = 1, 3
    busy = caller.get(path)
    assert (busy.status, busy.headers["Retry-After"], busy.json["name"]) == (429, "3", "RATE_LIMIT_REACHED")
    shop.faults.answer_500 = 1
    assert caller.get(path).json["name"] == "INTERNAL_SERVER_ERROR"
    shop.faults.answer_html = 1
    assert caller.get(path).headers["Content-Type"] == "text/html; charset=utf-8"
    shop.faults.hang = 0.05
    with pytest.raises(ConnectionError):
        caller.get(path)
    assert caller.get(path).status == 200


def test_every_fault_is_set_and_cleared_over_http(shop, server):
    assert control(server, "faults", foreign_root=1, answer_429=2).status == 200
    assert (shop.faults.foreign_root, shop.faults.answer_429) == (1, 2)
    assert control(server, "faults", "DELETE").json == PayPalFaults().settings()
    assert shop.faults.foreign_root == 0


def test_anything_can_be_signed_without_sending_it(shop, check):
    body, headers = shop.sign({"id": "WH-1", "name": "Zoë"}, check.webhook)
    check(body, headers)
    assert json.loads(body) == {"id": "WH-1", "name": "Zoë"}
    body, headers = shop.sign(b"not json \xc3\xa9", check.webhook, at=datetime.now(UTC) - timedelta(days=3))
    check(body, headers)
    body, headers = shop.sign(b"{}", check.webhook, at=NOW - timedelta(days=30))
    with pytest.raises(Refused, match=r"^age$"):
        check(body, headers)
    with pytest.raises(Refused, match=r"^signature$"):
        check(*shop.sign(b"{}", check.webhook, mis_sign=True))
    with pytest.raises(Refused, match=r"^host$"):
        check(*shop.sign(b"{}", check.webhook, other_host=True))
    with pytest.raises(ValueError, match="no fault named explode"):
        shop.sign(b"{}", check.webhook, explode=True)
    assert shop.deliveries == []
