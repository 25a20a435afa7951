"""Rows that are inserted in bulk are what Django itself would have written."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subscriptions import bulk
from subscriptions.catalogue import STORED
from subscriptions.models import Change, LineItem, RecurringPayment
from tests.statements import statements
from tests.subscriptions.anything import sent_of
from tests.subscriptions.reports import NOON, after, told, undone

any_row = st.fixed_dictionaries({}, optional={name: sent_of(field) for name, field in STORED.items()}).map(
    lambda sent: {name: STORED[name].parse(value) for name, value in sent.items()}
)


def _columns(row: models.Model) -> dict[str, object]:
    keys = {"id", "store_recurring_payment_id"}
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in keys}


@given(values=any_row)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_reads_as_if_django_had_written_it(store, values):
    ours = {"store_id": store.pk, "as_of": NOON, "created_at": NOON, "updated_at": NOON}
    with undone():
        RecurringPayment.objects.bulk_create([RecurringPayment(**values | ours, contact=None)])
        RecurringPayment.objects.update(store_recurring_payment_id="by Django", created_at=NOON, updated_at=NOON)
        bulk.insert(RecurringPayment, [values | ours | {"store_recurring_payment_id": "by us"}])
        by_django, by_us = RecurringPayment.objects.order_by("pk")
        assert by_us.store_recurring_payment_id == "by us"
        assert _columns(by_us) == _columns(by_django)


def test_lists_amounts_and_json_come_back_as_they_went_in(store):
    payment = told(store)
    rows = [
        {
            "payment_id": payment.pk,
            "position": 0,
            "name": "Tea 50% %s",
            "tags": ["a", "é\"'"],
            "amount": Decimal("9.8"),
        },
        {"payment_id": payment.pk, "position": 1},
    ]
    bulk.insert(LineItem, rows)
    kept = [(item.name, item.tags, item.brands, item.amount) for item in payment.line_items.all()]
    assert kept == [("Tea 50% %s", ["a", "é\"'"], [], Decimal("9.8")), ("", [], [], None)]


def test_a_name_that_is_left_out_takes_its_default_and_the_next_row_does_not_share_it(store):
    payment = told(store)
    bulk.insert(
        Change,
        (
            {"payment_id": payment.pk, "kind": "updated", "source": "webhook", "announce": announce}
            | {"occurred_at": after(n), "recorded_at": after(n)}
            for n, announce in enumerate((True, False))
        ),
    )
    first, second = payment.changes.filter(kind="updated").order_by("pk")
    assert (first.fields, second.fields, first.announce, second.announce) == ({}, {}, True, False)


def test_no_rows_are_no_statement(db):
    with statements() as found:
        bulk.insert(LineItem, [])
        bulk.insert(LineItem, iter(()))
    assert found == []


def test_what_the_database_forbids_is_still_forbidden(store):
    payment = told(store)
    for rows in ([{"payment_id": payment.pk}], [{"payment_id": payment.pk, "position": 0}] * 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            bulk.insert(LineItem, rows)
    assert not LineItem.objects.exists()
