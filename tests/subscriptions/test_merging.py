"""Payments of two contacts that become one, also while stores write for either."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from contacts import merging
from contacts.models import Contact
from subscriptions import widget
from subscriptions.models import RecurringPayment, StoreCustomer
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db


def _both(store: Any) -> tuple[Contact, Contact]:
    tell(store, report("sub_a", email="a@example.com", store_customer_id="cus_a", sequence="a"))
    tell(store, report("sub_b", email="b@example.com", store_customer_id="cus_b", sequence="a"))
    return Contact.objects.get(email_key="a@example.com"), Contact.objects.get(email_key="b@example.com")


def test_payments_and_customer_numbers_move(store):
    kept, other = _both(store)
    merging.merge(kept.pk, other.pk)
    assert set(RecurringPayment.objects.values_list("contact", flat=True)) == {kept.pk}
    assert set(StoreCustomer.objects.values_list("contact", flat=True)) == {kept.pk}


def test_later_news_find_the_merged_person_by_number_and_by_e_mail(store, other_store):
    kept, other = _both(store)
    merging.merge(kept.pk, other.pk)
    tell(store, report("sub_c", email="c@example.com", store_customer_id="cus_b", sequence="a"))
    tell(other_store, report("sub_d", email="B@example.com", store_customer_id="9", sequence="a"))
    tell(other_store, report("sub_e", email="b@example.com", sequence="a"))
    assert set(RecurringPayment.objects.values_list("contact", flat=True)) == {kept.pk}
    assert Contact.objects.count() == 1


def test_the_timeline_goes_on_naming_the_person(store):
    kept, other = _both(store)
    merging.merge(kept.pk, other.pk)
    assert widget._say_contact(other.pk, RecurringPayment.objects.all()[0]) == str(kept)


def _at_once(*calls: Callable[[], Any]) -> None:
    start = Barrier(len(calls), timeout=30)

    def run(call: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()
            start.wait()
            call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        list(pool.map(run, calls))


def _merge(kept: int, other: int) -> None:
    with suppress(merging.Gone):  # the other way round was first
        merging.merge(kept, other)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_merges_both_ways_while_both_stores_write_end_in_one_person_with_all_payments(store, other_store, attempt):
    kept, other = _both(store)

    def write(one: Any, email: str) -> None:
        for number in range(4):
            tell(one, report(f"sub_{email}_{number}", email=email, store_customer_id=f"cus_{email[0]}", sequence="a"))

    writes = [
        lambda one=one, email=email: write(one, email)
        for one in (store, other_store)
        for email in ("a@example.com", "b@example.com")
    ]
    _at_once(*writes, lambda: _merge(kept.pk, other.pk), lambda: _merge(other.pk, kept.pk))
    survivor = Contact.objects.get()
    assert survivor.pk in (kept.pk, other.pk)
    assert set(RecurringPayment.objects.values_list("contact", flat=True)) == {survivor.pk}
    assert (RecurringPayment.objects.count(), set(StoreCustomer.objects.values_list("contact", flat=True))) == (
        18,
        {survivor.pk},
    )
