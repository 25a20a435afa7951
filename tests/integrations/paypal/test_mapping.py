"""From PayPal's subscription to a record: every field, what PayPal leaves out, and the path of what is broken."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from contacts.services import Profile
from subscriptions.catalogue import FIELDS, OF_ITEMS, STORED
from subscriptions.records import Item, RecordError
from tests.integrations.paypal.documents import ABSENT, BEGUN, NOW, mapped

CYCLES = "billing_info.cycle_executions"
REGULAR = "plan.billing_cycles.1"
PAID = datetime(2026, 10, 20, 12, tzinfo=UTC)
RENEWS = datetime(2027, 1, 20, 12, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "store_recurring_payment_id": "I-BW452GLLEP1G",
    "name": "Loom, quarterly",
    "email": "Ada@Lovelace.example",
    "status": "active",
    "store_status": "ACTIVE",
    "store_customer_id": "GBZ0YFPYM0XWJ",
    "billing_interval": "monthly",
    "billing_interval_count": 3,
    "payment_amount": Decimal("57.00"),
    "tax_amount": Decimal("11.40"),
    "shipping_amount": Decimal("4.90"),
    "last_payment_status": "completed",
    "last_payment_date": PAID,
    "start_date": BEGUN,
    "renewal_date": RENEWS,
    "next_payment_date": RENEWS,
    "payment_method_expiration": datetime(2029, 4, 1, tzinfo=UTC),
    "currency": "EUR",
    "store_created_date": BEGUN,
    "store_modified_date": PAID + timedelta(seconds=2),
    "is_trial": False,
    "total_cycles": 0,
    "notes": ["Back from the sea"],
    "store_external_id": "W-1001",
    "shipping_first_name": "Charles",
    "shipping_last_name": "Babbage",
    "shipping_address_1": "5 quai du Port",
    "shipping_address_2": "2e étage",
    "shipping_city": "Lyon",
    "shipping_province": "Rhône",
    "shipping_country": "FR",
    "shipping_postal": "13002",
    "shipping_email": "Ada@Lovelace.example",
    "billing_first_name": "Augusta Ada",
    "billing_last_name": "King",
    "billing_address_1": "8 quai Saint-Antoine",
    "billing_address_2": "2e étage",
    "billing_city": "Lyon",
    "billing_province": "Rhône",
    "billing_country": "FR",
    "billing_postal": "69002",
    "billing_email": "Ada@Lovelace.example",
}
LOOM = Item(
    name="Loom, quarterly",
    sku="P-5ML4271244454362WXNWU5NQ",
    categories=["ARTS_AND_CRAFTS"],
    store_primary_id="PROD-LOOM",
    quantity=Decimal(3),
    amount=Decimal("57.00"),
)


def values(changes: Mapping[str, Any] | None = None, **reading: Any) -> dict[str, Any]:
    return mapped(changes, **reading).values


def test_every_field_is_found() -> None:
    found = mapped()
    assert found.values == VALUES
    assert found.items == [LOOM]
    assert found.profile == Profile(
        email="Ada@Lovelace.example", first_name="Augusta Ada", last_name="King", phone="33140000001", company=""
    )
    assert (found.as_of, found.announce_creation) == (NOW, True)


def test_every_field_that_paypal_has_is_mapped_and_no_other() -> None:
    of_paypal = {field.name for field in FIELDS if "paypal" not in field.not_from}
    ended = values({"status": "CANCELLED"})
    assert ended.keys() == of_paypal & STORED.keys()
    assert {name for name, field in OF_ITEMS.items() if field.value_of_items([LOOM])} == of_paypal & OF_ITEMS.keys()


def trial(remaining: int) -> dict[str, Any]:
    return {"tenure_type": "TRIAL", "cycles_remaining": remaining, "total_cycles": 2}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{REGULAR}.frequency.interval_unit": "DAY"}, {"billing_interval": "daily"}),
        ({f"{REGULAR}.frequency.interval_unit": "WEEK"}, {"billing_interval": "weekly"}),
        ({f"{REGULAR}.frequency.interval_unit": "YEAR"}, {"billing_interval": "yearly"}),
        ({f"{REGULAR}.frequency.interval_unit": "MOON"}, {"billing_interval": ""}),
        ({"quantity": "1"}, {"payment_amount": Decimal(19)}),
        ({"quantity": "2.5"}, {"payment_amount": Decimal("47.5")}),
        ({"quantity": ABSENT}, {"payment_amount": Decimal(19)}),
        ({f"{REGULAR}.pricing_scheme": {"tiers": []}}, {"payment_amount": Decimal("61.90")}),
        ({"plan.taxes.inclusive": True}, {"tax_amount": Decimal("9.50")}),
        ({"plan.taxes": ABSENT}, {"tax_amount": None}),
        ({f"{CYCLES}.1.total_cycles": 12}, {"total_cycles": 12}),
        ({CYCLES: []}, {"total_cycles": None, "is_trial": False}),
        ({f"{CYCLES}.0.cycles_remaining": 1}, {"is_trial": True}),
        ({CYCLES: [trial(1), trial(0)]}, {"is_trial": True}),
        ({CYCLES: [trial(0), trial(2)]}, {"is_trial": True}),
        ({"billing_info.next_billing_time": ABSENT}, {"next_payment_date": None, "renewal_date": None}),
        ({"status": "CANCELLED"}, {"cancelled_date": datetime(2026, 9, 1, 8, tzinfo=UTC)}),
        ({"billing_info": ABSENT}, {"currency": "EUR", "last_payment_status": "", "next_payment_date": None}),
        ({"custom_id": ABSENT, "status_change_note": ABSENT}, {"store_external_id": "", "notes": []}),
        ({"subscriber.payment_source": ABSENT}, {"payment_method_expiration": None, "billing_city": ""}),
        ({"subscriber.shipping_address": ABSENT}, {"shipping_city": "", "shipping_email": ""}),
        ({"subscriber.shipping_address.name.full_name": "Ada"}, {"shipping_first_name": "Ada"}),
        ({"create_time": "2026-07-20T14:00:00+02:00"}, {"store_created_date": BEGUN}),
    ],
)
def test_what_paypal_tells_otherwise_is_read_otherwise(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    found = values(changes)
    assert {name: found[name] for name in expected} == expected


LATER, SOONER = "2026-10-20T13:00:00Z", "2026-10-19T13:00:00Z"


@pytest.mark.parametrize(
    ("status", "failures", "failed_at", "expected", "last"),
    [
        ("APPROVAL_PENDING", 0, None, "pending", "completed"),
        ("APPROVED", 0, None, "pending", "completed"),
        ("ACTIVE", 0, None, "active", "completed"),
        ("ACTIVE", 1, None, "payment_failed", "declined"),
        ("ACTIVE", 0, LATER, "payment_failed", "declined"),
        ("ACTIVE", 0, SOONER, "active", "completed"),
        ("SUSPENDED", 0, None, "paused", "completed"),
        ("SUSPENDED", 0, LATER, "paused", "declined"),
        ("SUSPENDED", 1, None, "payment_failed", "declined"),
        ("CANCELLED", 2, LATER, "cancelled", "declined"),
        ("EXPIRED", 2, LATER, "expired", "declined"),
        ("FLUX", 1, LATER, None, "declined"),
    ],
)
def test_status_and_last_payment_follow_the_failures(
    status: str, failures: int, failed_at: str | None, expected: str | None, last: str
) -> None:
    failed = {"billing_info.last_failed_payment": {"time": failed_at}} if failed_at else {}
    found = values({"status": status, "billing_info.failed_payments_count": failures} | failed)
    assert (found.get("status"), found["store_status"]) == (expected, status)
    assert found["last_payment_status"] == last


def test_a_first_payment_that_failed_is_a_failure_too() -> None:
    found = values({"billing_info.last_payment": ABSENT, "billing_info.last_failed_payment": {"time": LATER}})
    assert (found["status"], found["last_payment_status"], found["last_payment_date"]) == (
        "payment_failed",
        "declined",
        None,
    )


@pytest.mark.parametrize("row", ["SUSPENDED", "SUSPENDED:payment_failure"])
def test_a_connection_overrides_a_single_row(row: str) -> None:
    overrides = {row: "cancelled"}
    suspended = values({"status": "SUSPENDED"}, status_overrides=overrides)
    failed = values({"status": "SUSPENDED", "billing_info.failed_payments_count": 1}, status_overrides=overrides)
    expected = ("cancelled", "payment_failed") if row == "SUSPENDED" else ("paused", "cancelled")
    assert (suspended["status"], failed["status"]) == expected


def test_it_is_news_only_if_it_was_made_after_we_were_connected() -> None:
    assert mapped(connected_at=BEGUN + timedelta(microseconds=999_999)).announce_creation
    assert not mapped(connected_at=BEGUN + timedelta(seconds=1)).announce_creation


# An event's own picture tells less, and what it does not tell is kept


@pytest.mark.parametrize("status", ["CANCELLED", "EXPIRED"])
def test_after_the_end_there_is_no_next_payment_whatever_a_picture_leaves_out(status: str) -> None:
    found = values({"status": status, "billing_info": ABSENT}, is_whole=False)
    assert (found["next_payment_date"], found["renewal_date"]) == (None, None)


def test_a_picture_without_parts_keeps_what_is_known_of_them() -> None:
    gone = ("plan", "billing_info", "subscriber", "custom_id", "status_change_note", "shipping_amount")
    found = mapped(dict.fromkeys(gone, ABSENT), is_whole=False)
    assert found.values.keys() == {
        "store_recurring_payment_id",
        "store_status",
        "status",
        "start_date",
        "store_created_date",
        "store_modified_date",
    }
    assert (found.items, found.profile) == (None, None)


# Broken


@pytest.mark.parametrize(
    ("path", "value", "named_path"),
    [
        ("id", None, "store_recurring_payment_id"),
        ("id", "I-\x00", "store_recurring_payment_id"),
        ("status", 1, "status"),
        ("quantity", "three", "quantity"),
        ("quantity", 1.5, "quantity"),
        ("quantity", "NaN", "quantity"),
        ("quantity", "1e999999", "quantity"),
        ("create_time", "yesterday", "create_time"),
        ("create_time", "2026-02-30T00:00:00Z", "create_time"),
        ("create_time", "9999-12-31T23:59:59-10:00", "store_created_date"),
        ("billing_info", [], "billing_info"),
        (CYCLES, {}, CYCLES),
        (f"{CYCLES}.1.total_cycles", "0", "total_cycles"),
        ("billing_info.failed_payments_count", "1", "failed_payments_count"),
        ("billing_info.last_payment.amount", "61.90", "billing_info.last_payment.amount"),
        (f"{REGULAR}.pricing_scheme.fixed_price.value", "much", "fixed_price.value"),
        (f"{REGULAR}.frequency", "MONTH", "frequency"),
        ("plan.taxes.percentage", "a fifth", "plan.taxes.percentage"),
        ("shipping_amount.currency_code", "euro", "currency"),
        ("subscriber", ["ada"], "subscriber"),
        ("subscriber.email_address", 5, "email_address"),
        ("subscriber.email_address", f"{'a' * 250}@x.example", "email"),
        ("status_change_note", "x" * 1001, "notes"),
    ],
)
def test_a_broken_value_is_told_with_its_path(path: str, value: Any, named_path: str) -> None:
    changes = {path: value} | ({"billing_info": ABSENT} if path.startswith("shipping_amount") else {})
    with pytest.raises(RecordError) as told_of:
        mapped(changes)
    assert named_path in " ".join(told_of.value.errors)
