"""The desk of one process: what is read together, and what is left to others."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import current_thread

import pytest
from django.db import connection as database
from django.db.backends.signals import connection_created
from django.utils import timezone

from integrations.desk import Desk, readers
from integrations.models import Connection, Delivery
from tests.integrations.contracts import CONTRACTS, made
from tests.integrations.shops import ServedShop

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk with its threads."""
    with readers() as pool:
        yield Desk(pool)


def claimed(connection: Connection, *subjects: str, cursor: str = "", seconds: int = 60) -> list[Delivery]:
    """Make deliveries that this process holds for some seconds more."""
    body = CONTRACTS["stripe"].news("sub_1", "active", NOON)
    now = timezone.now()
    return [
        Delivery.objects.create(
            connection=connection,
            key=f"evt_{connection.pk}_{number}_{cursor}",
            event_type=body["type"],
            occurred_at=NOON,
            received_at=now,
            subject=subject,
            body='{"type": "customer.subscription.updated", "data": {"object": {"id": "sub_1"}}}',
            cursor=cursor,
            due_at=now,
            claimed_until=now + timedelta(seconds=seconds),
        )
        for number, subject in enumerate(subjects)
    ]


def sizes(desk: Desk) -> list[int]:
    """Return how many deliveries were read together, group by group."""
    found: list[int] = []
    while not desk.is_empty:
        found += [len(group.deliveries) for group, _ in desk.finished()]
        desk.take([])
    return sorted(found)


@pytest.mark.parametrize(
    ("subjects", "cursor", "together"),
    [
        (("a", "a", "b", "a"), "", [1, 3]),
        (("", "", "a"), "", [1, 1, 1]),
        (("a", "a"), "price_1/sub_9", [1, 1]),
        (("a",) * 50, "", [50]),
        (tuple("abcdefghijkl"), "", [1] * 12),
    ],
)
def test_deliveries_about_one_subject_are_read_together(
    desk: Desk, keyless: Connection, subjects: tuple[str, ...], cursor: str, together: list[int]
) -> None:
    desk.take(claimed(keyless, *subjects, cursor=cursor))
    assert sizes(desk) == together


def test_the_same_subject_at_two_stores_is_two_things(desk: Desk, keyless: Connection) -> None:
    desk.take([*claimed(keyless, "a"), *claimed(made("stripe", "Other shop"), "a")])
    assert sizes(desk) == [1, 1]


def test_what_is_no_longer_ours_is_left_to_others(desk: Desk, keyless: Connection) -> None:
    desk.take(claimed(keyless, "a", "b", seconds=-1))
    assert (desk.is_empty, desk.occupied()) == (True, [])


def test_an_empty_desk_waits_for_nothing(desk: Desk) -> None:
    assert (desk.is_empty, desk.finished(), desk.occupied()) == (True, [], [])


def test_a_reading_that_fails_is_an_answer_too(desk: Desk, keyless: Connection) -> None:
    [broken] = claimed(keyless, "a")
    broken.body = "{ no JSON"
    desk.take([broken])
    [(group, reading)] = desk.finished()
    assert (group.deliveries, isinstance(reading, ValueError)) == ([broken], True)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_removed_meanwhile_holds_up_no_other(desk: Desk, connection: Connection) -> None:
    other = made("stripe", "Other shop")
    held = [*claimed(connection, "subscription:sub_1"), *claimed(other, "a")]
    Connection.objects.filter(pk=connection.pk).delete()
    desk.take(held)
    readings = {}
    while not desk.is_empty:
        readings |= {group.connection.pk: reading for group, reading in desk.finished()}
    assert isinstance(readings[connection.pk], Exception)
    assert not isinstance(readings[other.pk], Exception)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kept", "opened"), [(60, 1), (0, 3)])
def test_one_connection_to_the_database_is_kept_from_reading_to_reading(
    connection: Connection, shop: ServedShop, monkeypatch: pytest.MonkeyPatch, kept: int, opened: int
) -> None:
    renewed = [name for name in shop.ids() if _is_renewed(shop, name)]  # their first invoice is asked for too
    monkeypatch.setitem(database.settings_dict, "CONN_MAX_AGE", kept)
    threads = []
    connection_created.connect(lambda **_: threads.append(current_thread()), weak=False, dispatch_uid="of this test")
    try:
        for name in renewed[:3]:
            with readers() as pool:
                desk = Desk(pool)
                desk.take(claimed(connection, f"subscription:{name}"))
                assert sizes(desk) == [1]
            Delivery.objects.all().delete()
    finally:
        connection_created.disconnect(dispatch_uid="of this test")
        monkeypatch.setitem(database.settings_dict, "CONN_MAX_AGE", 0)
        with readers():
            pass  # which closes it
    assert len(threads) == opened
    assert current_thread() not in threads


def _is_renewed(shop: ServedShop, name: str) -> bool:
    invoice = shop.retrieve(name)["latest_invoice"]
    return bool(invoice) and shop.retrieve(invoice)["billing_reason"] == "subscription_cycle"
