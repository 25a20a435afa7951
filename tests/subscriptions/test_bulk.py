"""Rows that are inserted as they are: the values arrive, and what is known already stays."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from subscriptions import bulk
from subscriptions.models import Change, LineItem, RecurringPayment, Store

NOW = datetime(2026, 11, 22, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def row(db: None) -> dict[str, object]:
    """A payment's row, with as much as the database demands."""
    store = Store.objects.create(name="Shop", provider="stripe")
    return {
        "store_id": store.pk,
        "store_recurring_payment_id": "sub_1",
        "as_of": NOW,
        "created_at": NOW,
        "updated_at": NOW,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "Zoë's “Plan” %s {x} \\ '"),
        ("payment_amount", Decimal("12345678901.2345")),
        ("next_payment_date", NOW),
        ("is_trial", False),
        ("billing_interval_count", 3),
        ("notes", ['a "note"', "ünï", ""]),
    ],
)
def test_a_value_arrives_as_it_was(row: dict[str, object], name: str, value: object) -> None:
    bulk.insert(RecurringPayment, [row | {name: value}])
    assert getattr(RecurringPayment.objects.get(), name) == value


def test_a_name_left_out_takes_the_default_of_its_field(row: dict[str, object]) -> None:
    bulk.insert(RecurringPayment, [row])
    payment = RecurringPayment.objects.get()
    assert (payment.name, payment.notes, payment.payment_amount, payment.contact_id) == ("", [], None, None)


def test_many_rows_arrive_together(row: dict[str, object]) -> None:
    bulk.insert(RecurringPayment, ({**row, "store_recurring_payment_id": f"sub_{n}"} for n in range(700)))
    assert RecurringPayment.objects.count() == 700


def test_no_rows_are_no_statement(row: dict[str, object], django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        bulk.insert(Change, [])
        bulk.insert(LineItem, iter(()))


def test_a_known_row_is_an_error_unless_it_is_to_be_ignored(row: dict[str, object]) -> None:
    bulk.insert(RecurringPayment, [row | {"name": "first"}])
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(RecurringPayment, [row | {"name": "second"}])
    bulk.insert(RecurringPayment, [row | {"name": "third"}], ignore_known=True)
    assert [payment.name for payment in RecurringPayment.objects.all()] == ["first"]
