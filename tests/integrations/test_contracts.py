"""What holds for the webhooks of every provider."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from integrations import health, inbox
from integrations.models import Connection, Delivery
from integrations.providers import SENDERS
from integrations.providers.base import TOLERANCE
from subscriptions.models import Change, RecurringPayment
from tests.integrations.contracts import CONTRACTS, SECRET, Contract, address, deliver, encoded, made, post, signed
from tests.integrations.poison import poison

NEW = "whsec_of_tomorrow"
NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
CASES = [(name, case) for name, contract in CONTRACTS.items() for case in contract.broken]
FALSE = [(name, case) for name, contract in CONTRACTS.items() for case in contract.false]
ROLLING = [name for name, contract in CONTRACTS.items() if contract.rolls]
TOLD_MODES = [name for name, contract in CONTRACTS.items() if contract.has_mode]
# Seconds to either side of what is tolerated: tests take a moment too.
NEAR = 5
AGES = [
    (name, age, status)
    for name, contract in CONTRACTS.items()
    if contract.past
    for age, status in (
        (0, 200),
        (contract.past - NEAR, 200),
        (contract.past + NEAR, 400),
        (NEAR - TOLERANCE, 200),
        (-TOLERANCE - NEAR, 400),
    )
]
EVENTS = [(name, path) for name, contract in CONTRACTS.items() for path in contract.events()]


@pytest.fixture(params=sorted(SENDERS))
def connection(request: pytest.FixtureRequest, db: None) -> Connection:
    """A connection of each provider in turn, which can ask its store nothing."""
    return made(request.param)


@pytest.fixture
def contract(connection: Connection) -> Contract:
    """How that connection's store speaks."""
    return CONTRACTS[connection.provider_name]


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_every_provider_has_a_contract_and_fixtures() -> None:
    assert CONTRACTS.keys() == SENDERS.keys()
    assert all(contract.events() for contract in CONTRACTS.values())


def test_what_the_store_signed_is_kept_byte_for_byte_and_answered_at_once(
    connection: Connection, contract: Contract
) -> None:
    body = encoded(contract.news("one", "active", NOON, description="Zoë’s — 木"))
    answer = deliver(connection, body)
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    kept = Delivery.objects.get()
    assert (kept.body.encode(), kept.state, kept.attempts) == (body, "waiting", 0)
    assert (kept.connection, kept.occurred_at, bool(kept.subject)) == (connection, NOON, True)


@pytest.mark.parametrize("place", [0, 1, 50, 500, -2, -1])
def test_one_other_byte_is_refused_and_nothing_is_stored(
    connection: Connection, contract: Contract, place: int
) -> None:
    body, headers = signed(connection, contract.news("one", "active", NOON))
    flipped = bytearray(body)
    flipped[place] ^= 1
    assert post(connection, bytes(flipped), headers).status_code == 400
    assert states() == []


@pytest.mark.parametrize(("provider", "case"), FALSE)
def test_a_header_that_proves_nothing_is_refused(db: None, provider: str, case: str) -> None:
    connection, contract = made(provider), CONTRACTS[provider]
    body = encoded(contract.news("one", "active", NOON))
    assert post(connection, body, contract.false[case]).status_code == 400
    assert states() == []


@pytest.mark.parametrize("change", [str.upper, lambda signature: signature[:-1], lambda signature: f"{signature}0"])
def test_a_signature_that_is_nearly_right_is_refused(
    connection: Connection, contract: Contract, change: Callable[[str], str]
) -> None:
    body, headers = signed(connection, contract.news("one", "active", NOON))
    name = next(name for name in headers if "SIG" in name.upper())
    start, mark, signature = headers[name].rpartition("v1=")
    assert post(connection, body, headers | {name: start + mark + change(signature)}).status_code == 400


@pytest.mark.parametrize(("provider", "age", "status"), AGES)
def test_a_signature_counts_for_a_while_and_hardly_before_its_time(
    db: None, provider: str, age: int, status: int
) -> None:
    event = CONTRACTS[provider].news("one", "active", NOON)
    assert deliver(made(provider), event, age=age).status_code == status
    assert len(states()) == (status == 200)


@pytest.mark.parametrize("provider", ROLLING)
def test_while_a_secret_is_rolled_the_old_one_and_the_new_one_count(db: None, provider: str) -> None:
    connection, contract = made(provider), CONTRACTS[provider]
    connection.take_webhook_secret(NEW)
    connection.save()
    for number, secrets in enumerate(([SECRET], [NEW])):
        event = contract.news(f"sub_{number}", "active", NOON)
        assert deliver(connection, event, secrets=secrets).status_code == 200
    assert len(states()) == 2


@pytest.mark.parametrize("provider", ROLLING)
def test_after_the_overlap_only_the_new_secret_counts(db: None, provider: str) -> None:
    connection, contract = made(provider), CONTRACTS[provider]
    connection.take_webhook_secret(NEW)
    connection.old_secret_until = timezone.now() - timedelta(seconds=1)
    connection.save()
    event = contract.news("one", "active", NOON)
    assert deliver(connection, event, secrets=[SECRET]).status_code == 400
    assert deliver(connection, event, secrets=[NEW]).status_code == 200


def test_a_connection_without_a_secret_believes_nobody(connection: Connection, contract: Contract) -> None:
    Connection.objects.update(**{contract.proof: ""})
    assert deliver(connection, contract.news("one", "active", NOON), secrets=[""]).status_code == 400


def test_many_forged_posts_leave_nothing(connection: Connection, contract: Contract) -> None:
    large = contract.news("one", "active", NOON, description="x" * 1_000_000)
    body, headers = signed(connection, large, secrets=["whsec_of_somebody_else"])
    # a thousand over all kinds of stores
    assert {post(connection, body, headers).status_code for _ in range(334)} == {400}
    assert states() == []


def test_an_event_for_one_connection_changes_no_other(connection: Connection, contract: Contract) -> None:
    other = made(connection.provider_name, "Other shop")
    setattr(other, contract.proof, "of_the_other")
    other.save()
    event = contract.news("one", "active", NOON)
    assert deliver(other, event).status_code == 400
    assert deliver(connection, event).status_code == 200
    inbox.process()
    assert [payment.store for payment in RecurringPayment.objects.all()] == [connection.store]


@pytest.mark.parametrize("where", [{"provider": "nobody"}, {"token": "x" * 32}])
def test_an_address_that_no_connection_has_is_404(
    connection: Connection, contract: Contract, where: dict[str, str]
) -> None:
    body, headers = signed(connection, contract.news("one", "active", NOON))
    assert post(connection, body, headers, **where).status_code == 404
    assert states() == []


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_only_posts_are_taken(connection: Connection, method: str) -> None:
    assert getattr(Client(), method)(address(connection)).status_code == 405


@pytest.mark.parametrize(("provider", "case"), CASES)
def test_a_body_that_is_no_event_is_refused_though_it_is_signed(db: None, provider: str, case: str) -> None:
    connection = made(provider)
    answer = deliver(connection, CONTRACTS[provider].broken[case])
    assert (answer.status_code, bool(answer.json()["detail"])) == (400, True)
    assert states() == []


def test_an_event_that_comes_twice_is_one_row_and_one_change(connection: Connection, contract: Contract) -> None:
    event = contract.news("one", "active", NOON)
    assert [deliver(connection, event).status_code for _ in range(3)] == [200] * 3
    assert inbox.process() == 1
    assert deliver(connection, event).status_code == 200
    assert inbox.process() == 0
    assert (states(), Change.objects.count()) == (["applied"], 1)


def test_an_event_of_a_kind_that_nobody_knows_is_kept_whole_and_ignored(
    connection: Connection, contract: Contract
) -> None:
    assert deliver(connection, contract.unknown).status_code == 200
    inbox.process()
    kept = Delivery.objects.get()
    assert (kept.state, kept.body.encode()) == ("ignored", encoded(contract.unknown))
    assert kept.reason
    assert not RecurringPayment.objects.exists()


def test_a_field_that_nobody_knows_does_no_harm(connection: Connection, contract: Contract) -> None:
    event = contract.news("one", "active", NOON) | {"yet_unheard_of": [{"deep": None}]}
    deliver(connection, event)
    inbox.process()
    assert (states(), RecurringPayment.objects.get().status) == (["applied"], "active")
    assert "yet_unheard_of" in Delivery.objects.get().body


def test_a_status_that_nobody_knows_keeps_the_one_before(connection: Connection, contract: Contract) -> None:
    for minute, word in enumerate(["active", "flux"]):
        deliver(connection, contract.news("one", word, NOON + timedelta(minutes=minute)))
        inbox.process()
    payment = RecurringPayment.objects.get()
    assert (payment.status, payment.store_status) == ("active", "flux")
    assert health.unknown_statuses(connection) == {"flux": 1}


def test_a_new_payment_of_unknown_status_is_pending(connection: Connection, contract: Contract) -> None:
    deliver(connection, contract.news("one", "flux", NOON))
    inbox.process()
    assert RecurringPayment.objects.get().status == "pending"


@pytest.mark.parametrize("provider", TOLD_MODES)
def test_an_event_of_the_other_mode_is_kept_as_ignored(db: None, provider: str) -> None:
    connection, contract = made(provider), CONTRACTS[provider]
    Connection.objects.update(livemode=not connection.livemode)
    deliver(connection, contract.news("one", "active", NOON))
    inbox.process()
    kept = Delivery.objects.get()
    assert (kept.state, "mode" in kept.reason) == ("ignored", True)
    assert not RecurringPayment.objects.exists()


@pytest.mark.parametrize(("provider", "path"), EVENTS, ids=[f"{path.parent.name}/{path.stem}" for _, path in EVENTS])
def test_every_kind_of_event_is_taken_and_settled(db: None, provider: str, path: Path) -> None:
    connection = made(provider)
    assert deliver(connection, path.read_bytes()).status_code == 200
    assert inbox.process() == 1
    assert states() in (["applied"], ["ignored"])


# When we cannot keep what comes


@pytest.fixture
def unforgiving() -> Client:
    """A store that sees the answer to a fault of ours, as over the wire."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("name", sorted(SENDERS))
def test_what_cannot_be_kept_is_answered_so_that_it_is_not_lost(
    transactional_db: None, unforgiving: Client, name: str
) -> None:
    connection, contract = made(name), CONTRACTS[name]
    body, headers = signed(connection, contract.news("one", "active", NOON))
    with poison(Delivery):
        answer = unforgiving.post(address(connection), data=body, content_type="application/json", headers=headers)
    provider = SENDERS[connection.provider_name]
    assert answer.status_code == provider.status_of_our_faults
    assert states() == []
    assert provider.status_of_our_faults >= 500 or provider.reconcile, "nobody would ever tell it again"


@pytest.mark.parametrize(("provider", "status"), [("woocommerce", 200), ("stripe", 500)])
def test_while_the_database_is_away_only_a_shop_that_counts_failures_is_told_that_all_is_well(
    transactional_db: None, unforgiving: Client, provider: str, status: int
) -> None:
    connection = made(provider)
    body, headers = signed(connection, CONTRACTS[provider].news("one", "active", NOON))
    with away():
        answer = unforgiving.post(address(connection), data=body, content_type="application/json", headers=headers)
    assert answer.status_code == status
    assert answer.content == b'{"received": false}' or status == 500


@contextmanager
def away() -> Iterator[None]:
    """Let nobody reach the database."""
    known = dict(database.settings_dict)
    database.close()
    database.settings_dict |= {"NAME": "/nowhere/at/all", "HOST": "127.0.0.1", "PORT": "1"}
    try:
        yield
    finally:
        database.close()
        database.settings_dict |= known
