"""What the database promises of recurring payments: exact values, one of each, and no drift from the catalogue."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import translation
from hypothesis import HealthCheck, given, settings

from subscriptions.catalogue import BY_NAME, FIELDS
from subscriptions.models import Change, FieldOrder, LineItem, RecurringPayment, Store
from tests.statements import statements
from tests.subscriptions.anything import amounts, items, reported
from tests.subscriptions.reports import after, report, stored, tell, told, undone

with_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


# ---- values come back as they went in


@given(values=reported(), lines=items)
@with_store
def test_what_is_stored_is_what_was_told(store, values, lines):
    record = report(items=lines, **values)
    with undone():
        tell(store, record)
        payment = stored(store)
        assert {name: getattr(payment, name) for name in record.values} == record.values
        kept = [(line.name, line.sku, line.tags, line.quantity, line.amount) for line in payment.line_items.all()]
        assert kept == [(item.name, item.sku, item.tags, item.quantity, item.amount) for item in record.items]


@pytest.mark.parametrize(
    ("currency", "amount"),
    [
        ("JPY", "500"),
        ("KWD", "1.234"),
        ("USD", "0.005"),
        ("EUR", "0.0001"),
        ("EUR", "0.1"),
        ("USD", "99999999999.9999"),
        ("USD", "-99999999999.9999"),
        ("USD", "12345678901.2345"),
    ],
)
def test_money_is_exact_in_every_currency(store, currency, amount):
    payment = told(store, currency=currency, payment_amount=amount, items=[{"amount": amount}])
    assert payment.payment_amount == payment.line_items.get().amount == Decimal(amount)
    assert str(payment.payment_amount) == str(Decimal(amount).quantize(Decimal("0.0001")))
    assert tell(store, report(at=1, currency=currency, payment_amount=amount)) == ["unchanged"]


@given(amount=amounts)
@with_store
def test_a_stored_amount_is_found_by_its_value(store, amount):
    with undone():
        told(store, payment_amount=amount)
        assert RecurringPayment.objects.filter(payment_amount=amount).exists()


# ---- one of each


def test_a_payment_is_one_row_of_its_store(store, other_store):
    known = {"store_recurring_payment_id": "sub_1", "as_of": after(0)}
    RecurringPayment.objects.create(store=store, **known)
    RecurringPayment.objects.create(store=other_store, **known)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecurringPayment.objects.create(store=store, **known)


def test_two_line_items_cannot_stand_at_one_place(store):
    payment = told(store, items=[{"name": "Tea"}])
    with pytest.raises(IntegrityError), transaction.atomic():
        LineItem.objects.create(payment=payment, position=0)


def test_a_store_with_payments_cannot_be_deleted_by_mistake(store):
    told(store)
    with pytest.raises(ProtectedError):
        store.delete()


def test_a_payment_takes_its_items_and_changes_along(store):
    told(store, items=[{"name": "Tea"}]).delete()
    assert not LineItem.objects.exists()
    assert not Change.objects.exists()


# ---- what reads them


def test_the_newest_at_the_store_come_first_and_one_without_a_date_by_when_it_was_seen(store):
    told(store, sub="undated")
    told(store, sub="old", store_created_date=after(-9_000_000))
    told(store, sub="coming", store_created_date="2999-01-01T00:00:00Z")
    told(store, sub="undated too")
    ids = RecurringPayment.objects.newest_first().values_list("store_recurring_payment_id", flat=True)
    assert list(ids) == ["coming", "undated too", "undated", "old"]


@pytest.mark.parametrize("field", FIELDS, ids=BY_NAME)
def test_a_field_that_was_fetched_to_be_shown_costs_no_statement_of_its_own(store, field):
    for sub in ("sub_1", "sub_2", "sub_3"):
        told(store, sub=sub, name="Pro", items=[{"name": "Tea"}])
    with statements() as found:
        rows = [
            (str(one), one.store.provider, field.value(one)) for one in RecurringPayment.objects.with_fields([field])
        ]
    assert len(rows) == 3
    assert len(found) == (2 if field.item else 1)


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("https://shop.example/pay/{id}", "https://shop.example/pay/sub_1"),
        ("https://shop.example/pay?order={id}&x={y}", "https://shop.example/pay?order=sub_1&x={y}"),
        ("", ""),
    ],
)
def test_a_payment_has_its_own_page_at_the_store_where_that_has_pages(page, address):
    payment = RecurringPayment(store=Store(payment_page=page), store_recurring_payment_id="sub_1")
    assert payment.store_page == address


def test_a_strange_id_does_not_lead_elsewhere():
    store = Store(payment_page="https://shop.example/pay/{id}")
    payment = RecurringPayment(store=store, store_recurring_payment_id="../a b?c#d")
    assert payment.store_page == "https://shop.example/pay/..%2Fa%20b%3Fc%23d"


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (RecurringPayment(name="Pro", store_recurring_payment_id="sub_1"), "Pro"),
        (RecurringPayment(store_recurring_payment_id="sub_1"), "sub_1"),
        (LineItem(name="Tea"), "Tea"),
        (Store(name="Shop"), "Shop"),
        (Change(kind="created", occurred_at=after(0)), "created 2026-03-01 12:00"),
        (FieldOrder(version=3), "#3"),
    ],
)
def test_every_row_has_a_name(row, name):
    assert str(row) == name


# ---- the migrations


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_migrations_make_the_tables_that_the_catalogue_asks_for(db, settings, capsys, language):
    settings.LANGUAGE_CODE = language
    with translation.override(language):
        call_command("makemigrations", check=True, dry_run=True)
    assert "No changes" in capsys.readouterr().out


def test_a_catalogue_that_changed_would_be_noticed(db):
    column = RecurringPayment._meta.get_field("name")
    column.max_length += 1
    try:
        with pytest.raises(SystemExit):
            call_command("makemigrations", check=True, dry_run=True)
    finally:
        column.max_length -= 1
