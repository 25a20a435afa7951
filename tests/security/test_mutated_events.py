"""Whatever a store signs, its webhook is taken or refused in words, and each event ends settled."""

import json

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from integrations import inbox
from integrations.models import Connection, Delivery
from integrations.providers import SENDERS
from tests.integrations.contracts import CONTRACTS, made, post, signed
from tests.security.mutations import BODIES, few, mutated, written

pytestmark = pytest.mark.django_db
FIXTURES = {
    name: [json.loads(path.read_text(encoding="utf-8")) for path in contract.events()]
    for name, contract in CONTRACTS.items()
}


@pytest.fixture(params=sorted(SENDERS))
def connection(request: pytest.FixtureRequest, db: None) -> Connection:
    """A connection of each provider in turn, which can ask its store nothing."""
    return made(request.param)


@few
@given(data=st.data())
def test_a_signed_event_with_anything_in_it_is_refused_or_settled(connection: Connection, data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(FIXTURES[connection.provider_name]).flatmap(mutated))
    with transaction.atomic():
        answer = post(connection, *signed(connection, written(event)))
        assert answer.status_code in (200, 400)
        if answer.status_code == 200:
            settle()
        else:
            assert answer.json()["detail"]
            assert not Delivery.objects.exists()
        transaction.set_rollback(True)


def test_a_signed_body_that_is_no_honest_json_is_refused_or_settled(connection: Connection) -> None:
    for case, body in BODIES.items():
        assert post(connection, *signed(connection, body)).status_code in (200, 400), case
        settle()


def settle() -> None:
    """Work off the inbox, and look at how each event ended."""
    inbox.process()
    for delivery in Delivery.objects.all():
        assert delivery.state in ("applied", "ignored", "failed"), f"{delivery.state}: {delivery.reason}"
        assert delivery.reason or delivery.state == "applied"


HEADERS = st.sampled_from(
    ["", " ", "é", "\ud83d", "\x00", "x" * 9000, "t=", "t=1,v1=", "t=٣,v1=1", "v1=" * 500, ",", "=,=", "0", "-1",
     "9" * 400, "http://127.0.0.1:1/", "https://api.paypal.com/", "SHA1withRSA", "2026-13-01T00:00:00Z"]
)  # fmt: skip
# What a shop says of an event beside it proves nothing: it decides what the event is, not whether it is the shop's.
NO_PROOF = {"X-WC-Webhook-Topic", "X-WC-Webhook-Delivery-ID", "X-WC-Webhook-Source"}


@few
@given(data=st.data())
def test_headers_of_any_kind_prove_nothing_and_break_nothing(connection: Connection, data: st.DataObject) -> None:
    body, headers = signed(connection, written(FIXTURES[connection.provider_name][0]))
    name = data.draw(st.sampled_from(sorted(headers)))
    value = data.draw(HEADERS).encode("utf-8", "surrogatepass").decode("latin-1")
    with transaction.atomic():
        answer = post(connection, body, headers | {name: value})
        assert answer.status_code in ((200, 400) if name in NO_PROOF else (400,))
        settle()
        transaction.set_rollback(True)
