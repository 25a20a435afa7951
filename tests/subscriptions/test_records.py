"""A record is checked as a whole, and says everything that is wrong with it at once."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from subscriptions.catalogue import STORED
from subscriptions.records import IDENTITY, ITEM_KINDS, Item, RecordError, build
from tests.subscriptions.reports import NOON, after, report


def _errors(values, items=None):
    with pytest.raises(RecordError) as refusal:
        build(values, items=items, as_of=NOON)
    return refusal.value.errors


@pytest.mark.parametrize("name", ["colour", "legacy_connection_id", "line_item_name", "contact", "id", "as_of"])
def test_a_field_that_no_record_has_is_a_mistake_in_the_code(name):
    with pytest.raises(TypeError, match=f"No such stored field: {name}"):
        report(**{name: "x"})


def test_a_record_holds_what_was_parsed():
    record = report("sub_9", payment_amount="49.90", status="active", start_date="2026-01-31T23:00:00-02:00")
    assert record.id == "sub_9"
    assert record.values == {
        "store_recurring_payment_id": "sub_9",
        "payment_amount": Decimal("49.9"),
        "status": "active",
        "start_date": datetime(2026, 2, 1, 1, tzinfo=UTC),
    }
    assert record.items is None


def test_none_is_kept_as_the_empty_value_of_its_kind_and_a_status_is_pending():
    record = report(status=None, name=None, payment_amount=None, notes=None, is_trial=None)
    assert {name: record.values[name] for name in ("status", "name", "payment_amount", "notes", "is_trial")} == {
        "status": "pending",
        "name": "",
        "payment_amount": None,
        "notes": [],
        "is_trial": None,
    }


def test_everything_that_is_wrong_is_said_at_once_with_its_path():
    errors = _errors(
        {
            IDENTITY: 7,
            "payment_amount": 1.5,
            "is_trial": "false",
            "currency": "EURO",
            "status": "flux",
            "notes": ["fine", 5],
            "name": "also fine",
        },
        [
            {"name": "fine", "amount": "9.99"},
            {"amount": "x", "tags": "not a list", "sku": "x" * 1001},
            {"name": None, "quantity": True},
        ],
    )
    assert set(errors) == {
        *(IDENTITY, "payment_amount", "is_trial", "currency", "status", "notes"),
        *("line_items[1].amount", "line_items[1].tags", "line_items[1].sku", "line_items[2].quantity"),
    }
    assert errors["currency"] == "is longer than 3 characters"
    assert errors["line_items[1].amount"] == "must be an amount, not 'x'"


def test_an_error_reads_as_one_line():
    with pytest.raises(RecordError, match=r"^payment_amount: must be .*; line_items\[0\]\.amount: must be"):
        report(payment_amount="x", items=[{"amount": "y"}])


@pytest.mark.parametrize("values", [{}, {IDENTITY: ""}, {IDENTITY: None}])
def test_a_record_without_its_identity_is_refused(values):
    assert _errors(values) == {IDENTITY: "is missing"}


@pytest.mark.parametrize("name", STORED)
def test_every_field_refuses_what_no_kind_takes(name):
    assert name in _errors({IDENTITY: "sub_1", name: object()})


@pytest.mark.parametrize("name", ITEM_KINDS)
def test_every_attribute_of_an_item_refuses_what_no_kind_takes(name):
    assert list(_errors({IDENTITY: "sub_1"}, [{name: object()}])) == [f"line_items[0].{name}"]


def test_an_item_is_a_plain_line_with_its_own_empty_values():
    [bare, full] = report(
        items=[
            {"name": None, "sku": "", "categories": None, "quantity": None},
            {"name": "Tea", "quantity": 2, "amount": "9.80", "tags": ["hot"]},
        ]
    ).items
    assert bare == Item()
    assert full == Item(name="Tea", quantity=Decimal(2), amount=Decimal("9.8"), tags=["hot"])


def test_no_items_and_an_empty_list_of_items_are_two_things():
    assert report(items=None).items is None
    assert report(items=[]).items == []


def test_records_of_one_payment_are_ordered_by_their_moment_and_then_by_their_sequence():
    records = [report(at=1, sequence="a"), report(at=0, sequence="z"), report(at=1), report(at=1, sequence="b")]
    assert [record.version for record in sorted(records, key=lambda record: record.version)] == [
        (after(0), "z"),
        (after(1), ""),
        (after(1), "a"),
        (after(1), "b"),
    ]
