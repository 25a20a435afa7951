"""Several writers at once: one payment, one person and one change log, whoever comes first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from contacts.models import Contact
from subscriptions.models import Change, RecurringPayment, Segment, SegmentReference, StoreCustomer
from subscriptions.segments import saved
from subscriptions.segments.mistakes import SegmentError
from subscriptions.services import Outcome
from tests.subscriptions.reports import after, report, stored, tell

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6


def _at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls in a thread each, all starting at the same moment, and return what they return."""
    start = Barrier(len(calls), timeout=30)

    def run(call: Callable[[], Any]) -> Any:
        try:
            connections["default"].ensure_connection()
            start.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_one_report_told_by_many_at_once_is_one_payment_and_one_change(store):
    one = report(email="ada@example.com", store_customer_id="cus_1", sequence="a", items=[{"name": "Tea"}])
    outcomes = _at_once(*[lambda: tell(store, one)] * WRITERS)
    assert sorted(outcomes) == [[Outcome.CREATED], *[[Outcome.UNCHANGED]] * (WRITERS - 1)]
    assert stored(store).line_items.count() == 1
    assert [Contact.objects.count(), StoreCustomer.objects.count(), Change.objects.count()] == [1, 1, 1]


def test_different_reports_of_a_new_payment_at_once_end_in_the_newest(store):
    reports = [report(at=number, sequence="a", name=f"Plan {number}") for number in range(WRITERS)]
    _at_once(*[lambda one=one: tell(store, one) for one in reports])
    payment = stored(store)
    assert (payment.name, payment.as_of) == (f"Plan {WRITERS - 1}", after(WRITERS - 1))
    assert Change.objects.filter(kind="created").count() == 1


def test_two_stores_that_meet_on_new_people_end_with_one_contact_each(store, other_store):
    people = [f"p{number}@example.com" for number in range(30)]

    def page(order, spelled):
        return [
            report(f"sub_{email}", email=spelled(email), store_customer_id=f"cus_{email}", sequence="a")
            for email in order
        ]

    calls = [(store, page(people, str.lower)), (other_store, page(reversed(people), str.upper))] * 2
    _at_once(*[lambda one=one, reports=reports: tell(one, *reports) for one, reports in calls])
    assert sorted(Contact.objects.values_list("email_key", flat=True)) == sorted(people)
    assert RecurringPayment.objects.count() == StoreCustomer.objects.count() == 2 * len(people)
    for contact in Contact.objects.prefetch_related("recurring_payments", "store_customers"):
        assert {payment.store_id for payment in contact.recurring_payments.all()} == {store.pk, other_store.pk}
        assert len(contact.store_customers.all()) == 2


def test_payments_of_a_new_customer_told_at_once_have_one_contact(store):
    reports = [
        report(f"sub_{number}", store_customer_id="cus_1", email=f"p{number}@example.com") for number in range(WRITERS)
    ]
    _at_once(*[lambda one=one: tell(store, one) for one in reports])
    assert Contact.objects.count() == StoreCustomer.objects.count() == 1
    assert set(RecurringPayment.objects.values_list("contact", flat=True)) == {Contact.objects.get().pk}


def _tried(act: Callable[[], Any]) -> bool:
    try:
        act()
    except (SegmentError, saved.InUse):
        return False
    return True


def test_segments_that_are_saved_at_once_never_end_in_a_circle():
    vip = {"tag": "vip", "op": "has"}
    made = [saved.create(vip, name=str(number)) for number in range(4)]

    def ask(asker, asked):
        tree = {"any": [{"segment": asked.pk, "op": "in"}]}
        return _tried(lambda: saved.change(asker, tree, name=asker.name))

    pairs = zip(made, [*made[1:], made[0]], strict=True)
    outcomes = _at_once(*[lambda asker=asker, asked=asked: ask(asker, asked) for asker, asked in pairs])
    assert sorted(outcomes) == [False, True, True, True]
    for segment in Segment.objects.all():
        saved.tree_of(segment)


def test_a_segment_is_either_deleted_or_used():
    asked = saved.create({"tag": "vip", "op": "has"}, name="Asked")
    use = {"segment": asked.pk, "op": "in"}
    outcomes = _at_once(
        lambda: _tried(lambda: saved.delete(asked)), lambda: _tried(lambda: saved.create(use, name="Asker"))
    )
    assert sorted(outcomes) == [False, True]
    assert SegmentReference.objects.count() == Segment.objects.filter(name="Asker").count()


def test_copies_that_are_made_at_once_have_names_of_their_own():
    segment = saved.create({"all": []}, name="Everybody")
    copies = _at_once(*[lambda: saved.duplicate(segment)] * 4)
    expected = {"Everybody (copy)", *(f"Everybody (copy) {number}" for number in (2, 3, 4))}
    assert {copy.name for copy in copies} == expected


def test_the_first_two_segments_of_all_cannot_have_one_name():
    def save():
        try:
            return saved.create({"all": []}, name="Everybody").name
        except saved.NameTaken:
            return "taken"

    assert sorted(_at_once(*[save] * 4)) == ["Everybody", *["taken"] * 3]
