"""What stores have sent is kept for its days, and then gone, the oldest first and some at a time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations import forgetting, inbox
from integrations.models import Connection, Delivery
from subscriptions.models import Change, RecurringPayment
from tests.integrations.contracts import CONTRACTS, deliver, made

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Connection:
    return made("stripe")


def event(shop: Connection, key: str, *, days: float, state: str = "applied") -> None:
    at = timezone.now() - timedelta(days=days)
    Delivery.objects.create(
        connection=shop, key=key, event_type="x", occurred_at=at, received_at=at, due_at=at, claimed_until=at,
        state=state, body="{}", finished_at=None if state == "waiting" else at,
    )  # fmt: skip


def test_what_is_older_than_it_is_kept_goes_unless_it_still_waits(shop, settings) -> None:
    settings.KEEP_DAYS = {**settings.KEEP_DAYS, **{"events": 60}}
    for state in ("applied", "ignored", "failed", "waiting"):
        event(shop, f"old {state}", days=61, state=state)
        event(shop, f"new {state}", days=59, state=state)
    assert forgetting.sweep() == 3
    assert {*Delivery.objects.values_list("key", flat=True)} == {
        *("old waiting", "new applied", "new ignored", "new failed", "new waiting"),
    }


def test_the_oldest_go_first_and_some_at_a_time(shop, monkeypatch) -> None:
    monkeypatch.setattr(forgetting, "SLICE", 2)
    for days in (100, 300, 200):
        event(shop, str(days), days=days)
    assert forgetting.sweep() == 2
    assert Delivery.objects.get().key == "100"
    assert [forgetting.sweep(), forgetting.sweep()] == [1, 0]


def test_an_event_that_comes_again_after_it_was_forgotten_changes_nothing(shop) -> None:
    news = CONTRACTS["stripe"].news("sub_1", "active", timezone.now())
    deliver(shop, news)
    inbox.process()
    before = RecurringPayment.objects.values().get()
    Delivery.objects.update(received_at=timezone.now() - timedelta(days=400))
    forgetting.sweep()
    assert not Delivery.objects.exists()
    deliver(shop, news)
    inbox.process()
    after = RecurringPayment.objects.values().get()
    assert {name for name in before if before[name] != after[name]} <= {"updated_at"}
    assert Change.objects.count() == 1
