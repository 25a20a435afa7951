"""Facts about one connection, delivery or sync."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.utils import timezone

from integrations.models import Connection, Delivery, HistoricalSync
from integrations.models.connection import SECRET_OVERLAP, new_token
from tests.integrations.contracts import SECRET, made


def test_tokens_cannot_be_guessed() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 32


def test_the_webhook_address_is_public_and_holds_the_token(keyless: Connection, settings: LazySettings) -> None:
    settings.PUBLIC_URL = "https://pay.example.com"
    assert keyless.webhook_url == f"https://pay.example.com/hooks/stripe/{keyless.token}/"


def test_a_connection_is_found_at_its_own_address_only(keyless: Connection) -> None:
    found = Connection.at("stripe", keyless.token)
    assert (found, found and found.webhook_secrets()) == (keyless, [SECRET])
    assert Connection.at("paypal", keyless.token) is None
    assert Connection.at("stripe", "") is None


def test_a_replaced_secret_counts_for_a_day(keyless: Connection) -> None:
    before = timezone.now()
    keyless.take_webhook_secret("whsec_new")
    assert keyless.webhook_secrets() == ["whsec_new", SECRET]
    assert keyless.old_secret_until is not None
    assert timedelta(hours=24) == SECRET_OVERLAP
    assert before + SECRET_OVERLAP <= keyless.old_secret_until <= timezone.now() + SECRET_OVERLAP
    keyless.old_secret_until = timezone.now()
    assert keyless.webhook_secrets() == ["whsec_new"]


@pytest.mark.parametrize(("present", "taken"), [(SECRET, SECRET), ("", "whsec_new"), (SECRET, "")])
def test_the_same_secret_again_or_a_first_one_leaves_no_old_one(present: str, taken: str) -> None:
    connection = Connection(webhook_secret=present)
    connection.take_webhook_secret(taken)
    assert (connection.webhook_secret, connection.old_webhook_secret) == (taken, "")


def delivery(connection: Connection, **fields: object) -> Delivery:
    now = timezone.now()
    usual = {"key": "evt_1", "event_type": "a", "occurred_at": now, "received_at": now, "body": "{}"}
    return Delivery(connection=connection, **usual | {"due_at": now, "claimed_until": now} | fields)


def test_the_database_keeps_an_event_once_a_connection(keyless: Connection) -> None:
    delivery(keyless).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        delivery(keyless).save()
    delivery(made("stripe", "Other shop")).save()
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "is_due"),
    [
        ({}, True),
        ({"state": "applied"}, False),
        ({"state": "failed"}, False),
        ({"due_at": datetime(2100, 1, 1, tzinfo=UTC)}, False),
        ({"claimed_until": datetime(2100, 1, 1, tzinfo=UTC)}, False),
    ],
)
def test_what_waits_is_due_unless_it_is_held_or_put_off(
    keyless: Connection, fields: dict[str, object], is_due: bool
) -> None:
    delivery(keyless, **fields).save()
    assert Delivery.objects.due().exists() is is_due


@pytest.mark.parametrize("state", HistoricalSync.OPEN)
def test_the_database_keeps_one_open_sync_a_connection(keyless: Connection, state: str) -> None:
    HistoricalSync.objects.create(connection=keyless, state=state)
    HistoricalSync.objects.create(connection=keyless, state="finished")
    with pytest.raises(IntegrityError), transaction.atomic():
        HistoricalSync.objects.create(connection=keyless)


def test_a_sync_counts_what_it_has_read(keyless: Connection) -> None:
    sync = HistoricalSync(connection=keyless, created=3, updated=2, unchanged=5, stale=1, failed=4)
    assert (sync.done, sync.is_open) == (15, True)
    assert list(sync.counts().values()) == [3, 2, 5, 1, 4]


def test_everything_has_a_name_for_people(keyless: Connection) -> None:
    started = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
    sync = HistoricalSync(connection=keyless, started_at=started)
    assert [str(keyless), str(delivery(keyless)), str(sync)] == ["Shop", "a evt_1", "Shop 2026-11-01 12:30"]
