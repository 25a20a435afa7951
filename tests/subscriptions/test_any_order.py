"""Whatever the order, the batches and the repetitions in which reports arrive, they end in one state."""

from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subscriptions.catalogue import BY_NAME, STORED
from subscriptions.models import Change, RecurringPayment
from subscriptions.records import Record
from tests.subscriptions.anything import items, sent_of
from tests.subscriptions.reports import after, report, stored, tell, undone

with_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

TOLD = ("name", "status", "payment_amount", "notes", "next_payment_date", "is_trial", "store_customer_id")
whole = st.fixed_dictionaries({name: sent_of(BY_NAME[name]) for name in TOLD})
parts = st.fixed_dictionaries({}, optional={name: sent_of(BY_NAME[name]) for name in TOLD})
versions = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abc")), min_size=1, max_size=4, unique=True)


@st.composite
def reports(draw: st.DrawFn, values: st.SearchStrategy[dict[str, Any]], lines: st.SearchStrategy[Any]) -> list[Record]:
    """Draw what a store told of one payment over time, oldest first, each report of its own version."""
    return [
        report(at=at, sequence=sequence, store_modified_date=after(at), items=draw(lines), **draw(values))
        for at, sequence in sorted(draw(versions))
    ]


@st.composite
def deliveries(draw: st.DrawFn, told: list[Record]) -> list[list[Record]]:
    """Draw a way for reports to arrive: each at least once, in any order, in batches of any size."""
    repeated = told + draw(st.lists(st.sampled_from(told), max_size=3))
    return draw(batches(draw(st.permutations(repeated))))


@st.composite
def batches(draw: st.DrawFn, told: list[Record]) -> list[list[Record]]:
    """Cut a list of reports into batches."""
    cuts = draw(st.lists(st.booleans(), min_size=len(told), max_size=len(told)))
    found: list[list[Record]] = [[]]
    for one, cut in zip(told, cuts, strict=True):
        found += [[]] if cut else []
        found[-1].append(one)
    return found


def _row(payment: RecurringPayment) -> dict[str, Any]:
    row = {name: getattr(payment, name) for name in STORED}
    lines = [(item.name, item.sku, item.quantity, item.amount, item.tags) for item in payment.line_items.all()]
    return row | {"as_of": payment.as_of, "sequence": payment.sequence, "items": lines}


def _merged(told: Iterable[Record]) -> dict[str, Any]:
    """Say what the fields read once all reports came in their order: later ones lie on top of earlier ones."""
    values: dict[str, Any] = {"status": "pending"}
    for one in told:
        values |= one.values
    return values


@given(data=st.data(), told=reports(whole, items))
@with_store
def test_any_order_of_whole_reports_ends_in_the_newest(store, data, told):
    newest = told[-1]
    with undone():
        tell(store, newest)
        expected = _row(stored(store))
        Change.objects.all().delete()
        RecurringPayment.objects.all().delete()
        for batch in data.draw(deliveries(told)):
            tell(store, *batch)
        assert _row(stored(store)) == expected
        assert (expected["as_of"], expected["sequence"]) == newest.version


@given(data=st.data(), told=reports(parts, st.none() | items))
@with_store
def test_a_newer_report_is_never_overwritten_by_an_older_one(store, data, told):
    newest = told[-1]
    with undone():
        for batch in data.draw(deliveries(told)):
            tell(store, *batch)
        payment = stored(store)
        assert {name: getattr(payment, name) for name in newest.values} == newest.values
        if newest.items is not None:
            assert [item.name for item in payment.line_items.all()] == [item.name for item in newest.items]


@given(data=st.data(), told=reports(parts, st.none()))
@with_store
def test_reports_of_parts_add_up_however_they_are_cut_into_batches(store, data, told):
    with undone():
        for batch in data.draw(batches(told)):
            tell(store, *batch)
        payment = stored(store)
        merged = _merged(told)
        assert {name: getattr(payment, name) for name in merged} == merged


@given(data=st.data(), told=reports(parts, st.none()))
@with_store
def test_reports_of_parts_add_up_in_any_order_within_one_call(store, data, told):
    with undone():
        tell(store, *data.draw(st.permutations(told + told)))
        payment = stored(store)
        merged = _merged(told)
        assert {name: getattr(payment, name) for name in merged} == merged


@given(data=st.data(), told=reports(parts, st.none()))
@with_store
def test_the_change_log_leads_from_nothing_to_what_is_stored_without_a_gap(store, data, told):
    with undone():
        for batch in data.draw(deliveries(told)):
            tell(store, *batch)
        created, *updated = Change.objects.order_by("pk")
        state = EMPTY | {name: new for name, (_, new) in created.fields.items()}
        for change in updated:
            # the modified date moves quietly, so it is no chain
            assert all(state[name] == old != new for name, (old, new) in change.fields.items() if name in TOLD)
            state |= {name: new for name, (_, new) in change.fields.items()}
        payment = stored(store)
        assert {name: state[name] for name in TOLD} == {name: _dumped(getattr(payment, name), name) for name in TOLD}


def _dumped(value: Any, name: str) -> Any:
    return BY_NAME[name].kind.dump(value)


EMPTY = {name: _dumped(field.kind.empty, name) for name, field in STORED.items()}
