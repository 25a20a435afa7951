"""What is kept up of the past is what the payments and their change log say, whatever happened in between."""

from collections import defaultdict
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.merging import merge
from contacts.models import Contact
from contacts.privacy import erase
from reports import periods
from reports.business import keeping, mrr
from reports.business.triggers import TRIGGERS
from reports.models import Due, Movement, Upkeep
from subscriptions.catalogue import BY_NAME
from subscriptions.models import Change, RecurringPayment, Store
from tests.reports.business import kept
from tests.subscriptions.anything import sent_of
from tests.subscriptions.reports import after, report, tell, undone

pytestmark = pytest.mark.django_db
with_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

PRICES = st.sampled_from([None, "0", "10", "10.0050", "99.99", "120"])
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "status": sent_of(BY_NAME["status"]),
        "is_trial": sent_of(BY_NAME["is_trial"]),
        "payment_amount": PRICES,
        "tax_amount": st.sampled_from([None, "1.5", "20"]),
        "billing_interval": sent_of(BY_NAME["billing_interval"]),
        "billing_interval_count": st.sampled_from([None, -1, 0, 1, 2, 3]),
        "currency": st.sampled_from(["EUR", "USD", ""]),
        "start_date": st.sampled_from([None, after(-86400 * 40), after(-86400 * 400)]),
        "cancelled_date": st.sampled_from([None, after(-86400 * 10)]),
        "last_payment_date": st.sampled_from([None, after(-86400 * 20)]),
        "email": st.sampled_from(["", "ada@example.com", "bob@example.com"]),
    },
)
# which payment, when in hours after noon, and what is told
TOLD = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 900), VALUES), min_size=1, max_size=8)
ACTS = st.lists(st.sampled_from(["keep up", "merge", "erase", "remove", "", ""]), min_size=8, max_size=8)


def _tell(store: Store, sub: str, hours: int, values: dict[str, Any]) -> None:
    at = hours * 3600
    tell(store, report(sub, at=at, sequence=str(hours), occurred_at=after(at), **values))


def _act(act: str) -> None:
    people = list(Contact.objects.order_by("pk"))
    if act == "keep up":
        keeping.work(seconds=60)
    elif act == "merge" and len(people) == 2:
        merge(people[0].pk, people[1].pk)
    elif act == "erase" and people:
        erase(people[0])
    elif act == "remove":
        RecurringPayment.objects.order_by("pk")[:1].get().delete() if RecurringPayment.objects.exists() else None


@given(told=TOLD, acts=ACTS)
@with_store
def test_what_is_kept_up_bit_by_bit_is_what_is_made_at_once(store: Store, told: list[Any], acts: list[str]) -> None:
    with undone():
        for (sub, hours, values), act in zip(told, acts, strict=False):
            _tell(store, sub, hours, values)
            _act(act)
        kept.keep_up()
        assert kept.everything() == kept.anew()


@given(told=TOLD)
@with_store
def test_the_revenue_of_now_is_that_of_the_payments_and_openings_and_movements_make_closings(
    store: Store, told: list[Any]
) -> None:
    with undone():
        for sub, hours, values in told:
            _tell(store, sub, hours, values)
        kept.keep_up()
        moved = dict(Movement.objects.order_by().values_list("currency").annotate(Sum("amount")))
        rows = RecurringPayment.objects.annotate(mrr=mrr.expression()).order_by()
        now = dict(rows.values_list("currency").annotate(Sum("mrr")))
        assert {key: value for key, value in moved.items() if value} == {k: v for k, v in now.items() if v}
        assert all(row.mrr == mrr.of(vars(row)) for row in rows)


@given(told=st.lists(st.tuples(st.integers(0, 900), VALUES), min_size=1, max_size=6, unique_by=lambda one: one[0]))
@with_store
def test_each_day_ends_with_the_revenue_that_the_payment_had_then(store: Store, told: list[Any]) -> None:
    with undone():
        seen = []
        for hours, values in sorted(told, key=lambda one: one[0]):
            _tell(store, "a", hours, {"status": "active", "start_date": after(0)} | values if not seen else values)
            row = RecurringPayment.objects.get()
            seen.append((periods.day_of(after(hours * 3600)), row.currency, mrr.of(vars(row))))
        kept.keep_up()
        for day, _currency, _level in seen[1:]:
            _day, currency, level = [one for one in seen if one[0] <= day][-1]
            sums: dict[str, int] = defaultdict(int)
            for row in Movement.objects.filter(day__lte=day):
                sums[row.currency] += row.amount
            assert {key: value for key, value in sums.items() if value} == ({currency: level} if level else {})


def test_nothing_is_due_where_a_renewal_only_moved_the_dates(store: Store) -> None:
    tell(store, report(status="active", payment_amount="10", billing_interval="monthly", currency="EUR"))
    kept.keep_up()
    tell(store, report(at=60, last_payment_date=after(60), next_payment_date=after(9999)))
    assert not keeping.is_waiting()


@pytest.mark.parametrize("status", ["payment_failed", "paused", "cancelled"])
def test_a_charge_after_a_payment_was_first_told_moves_nothing_of_its_past(store: Store, status: str) -> None:
    begun = {"start_date": after(-9_000_000), "last_payment_date": after(-5_000_000)}
    tell(store, report(status=status, payment_amount="10", billing_interval="monthly", currency="EUR", **begun))
    kept.keep_up()
    before = kept.everything()
    tell(store, report(at=60, last_payment_date=after(-60)))
    assert kept.anew() == before
    Change.objects.filter(kind="created").delete()  # of which there is none for payments of long ago
    assert kept.anew()["movements"] == before["movements"]


def test_a_turn_that_is_undone_leaves_what_is_due(store: Store) -> None:
    kept.keep_up()
    tell(store, report(status="active", payment_amount="10", billing_interval="monthly", currency="EUR"))
    with transaction.atomic():
        keeping.work(seconds=60)
        transaction.set_rollback(True)
    assert Due.objects.exists()
    kept.keep_up()
    assert Movement.objects.get().amount == 100_000


def test_it_says_up_to_when_everything_is_counted(store: Store) -> None:
    assert keeping.fresh_at() is None
    assert keeping.done() == 0
    kept.keep_up()
    first = keeping.fresh_at()
    tell(store, report(status="active"))
    waiting = keeping.fresh_at()
    assert first and waiting and waiting <= first
    assert Upkeep.objects.get().fresh_at == waiting
    assert keeping.done() == 1


def test_another_time_zone_has_all_of_it_made_again(store: Store, settings: Any) -> None:
    late = after(11 * 3600 + 1800)  # half past eleven at night in UTC
    tell(store, report(status="active", payment_amount="10", billing_interval="monthly", start_date=late))
    kept.keep_up()
    settings.TIME_ZONE = "Europe/Paris"
    assert keeping.is_waiting()
    kept.keep_up()
    assert Movement.objects.get().day == (late + timedelta(hours=1)).date()


@pytest.mark.django_db(transaction=True)
def test_what_goes_unnoticed_during_a_migration_is_counted_afterwards(store: Store) -> None:
    kept.keep_up()
    TRIGGERS.put_aside(plan=[(SimpleNamespace(app_label="subscriptions"), False)])
    tell(store, report(status="active", payment_amount="10", billing_interval="monthly", currency="EUR"))
    assert not keeping.is_waiting()
    TRIGGERS.set_up()
    kept.keep_up()
    assert Movement.objects.get().amount == 100_000
    tell(store, report(at=60, payment_amount="11"))
    assert keeping.is_waiting()
