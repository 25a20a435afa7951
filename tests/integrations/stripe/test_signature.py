"""Stripe's signatures: what the official library accepts and refuses, and what it lets pass that we do not."""

import hmac
import time

import pytest
import stripe

from integrations.models import Connection
from integrations.providers.base import BadDelivery
from integrations.providers.stripe.signature import verify
from subscriptions.models import Store
from tests.integrations.contracts import SECRET, signed
from tests.integrations.stripe.documents import THIN, event

CONNECTION = Connection(store=Store(provider="stripe"), webhook_secret=SECRET)


def verified(age: int = 0, *, append: str = "") -> str:
    body, headers = signed(CONNECTION, event("customer.updated"), age=age)
    return verify(CONNECTION, body, {"Stripe-Signature": headers["Stripe-Signature"] + append}).key


def test_a_signature_of_the_official_library_is_accepted() -> None:
    body = '{"id": "evt_1", "type": "customer.updated", "created": 1793474818}'
    header = stripe.WebhookSignature.generate_signature_header(body, SECRET)
    assert verify(CONNECTION, body.encode(), {"Stripe-Signature": header}).key == "evt_1"


@pytest.mark.parametrize("secrets", [[SECRET], ["whsec_new", SECRET], [SECRET, "whsec_new"]])
def test_of_several_signatures_one_that_we_know_is_enough(secrets: list[str]) -> None:
    body, headers = signed(CONNECTION, event("customer.updated"), secrets=secrets)
    assert headers["Stripe-Signature"].count("v1=") == len(secrets)
    assert verify(CONNECTION, body, headers).event_type == "customer.updated"


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    real = hmac.compare_digest

    def compare(one: str, other: str) -> bool:
        lengths.append(len(one))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    verified()
    assert lengths == [64]


@pytest.mark.parametrize("append", [",t=1", ",t=soon", ",v0=abc", ",", ",v1=abc", ",x"])
def test_what_follows_the_signature_changes_nothing(append: str) -> None:
    assert verified(append=append)


@pytest.mark.parametrize("append", ["", ",t={now}"])
def test_a_signature_of_the_future_is_refused_whatever_follows(append: str) -> None:
    with pytest.raises(BadDelivery, match="future"):
        verified(age=-3600, append=append.format(now=int(time.time())))


def test_a_thin_event_tells_its_moment_as_text() -> None:
    incoming = verify(CONNECTION, *signed(CONNECTION, event("v1.customer.subscription.updated", shape=THIN)))
    assert incoming.occurred_at.isoformat() == "2026-10-20T14:06:30+00:00"
    assert incoming.subject == "subscription:sub_1QkAda0001"


def test_nothing_is_parsed_before_the_signature_is_verified() -> None:
    with pytest.raises(BadDelivery, match="signature"):
        verify(CONNECTION, b"{ this is no JSON", {"Stripe-Signature": "t=1,v1=0"})
