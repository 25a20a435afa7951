"""The one writer: what becomes of a report, what is logged, and how many statements that takes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from contacts.models import Contact
from contacts.services import Profile
from subscriptions.catalogue import STORED
from subscriptions.models import Change, LineItem, RecurringPayment
from subscriptions.services import CHUNK, Outcome
from tests.statements import statements, writes
from tests.subscriptions.anything import items, reported
from tests.subscriptions.reports import NOON, after, news, report, stored, tell, told, undone

HISTORY = {"source": Change.Source.HISTORY, "announce": False}


# ---- what becomes of a report


def test_a_first_report_creates_the_payment(store):
    assert tell(store, report(name="Pro", status="active")) == [Outcome.CREATED]
    payment = stored(store)
    assert (payment.name, payment.status, payment.as_of) == ("Pro", "active", NOON)


def test_one_call_takes_many_payments_and_answers_in_their_order(store):
    tell(store, report("sub_b", at=5, name="B"), report("sub_c", at=5, name="C"))
    outcomes = tell(
        store,
        report("sub_d", name="D"),
        report("sub_c", at=6, name="C"),
        report("sub_b", at=4, name="older"),
        report("sub_a", name="A"),
        report("sub_b", at=6, name="newer"),
    )
    assert outcomes == ["created", "unchanged", "stale", "created", "updated"]
    names = RecurringPayment.objects.order_by("store_recurring_payment_id").values_list("name", flat=True)
    assert list(names) == ["A", "newer", "C", "D"]


def test_no_reports_at_all_are_no_work(store):
    with statements() as found:
        assert tell(store) == []
    assert found == []


def test_the_same_id_at_two_stores_is_two_payments(store, other_store):
    told(store, name="Pro")
    told(other_store, name="Basic")
    assert (stored(store).name, stored(other_store).name) == ("Pro", "Basic")


def test_a_new_payment_is_pending_where_its_store_says_nothing(store):
    assert told(store).status == "pending"


def test_a_new_payment_is_pending_where_its_store_clears_the_status(store):
    assert told(store, status=None).status == "pending"


def test_a_payment_whose_status_is_cleared_is_pending_again(store):
    told(store, status="paused")
    assert told(store, status=None).status == "pending"


def test_a_later_report_without_a_status_keeps_it(store):
    told(store, status="active")
    assert told(store, at=1, name="Pro").status == "active"


def test_what_a_report_leaves_out_stays_and_what_it_empties_goes(store):
    full = {"name": "Pro", "payment_amount": "9.90", "notes": ["x"], "is_trial": True, "next_payment_date": after(9)}
    told(store, currency="EUR", **full)
    payment = told(store, at=1, **dict.fromkeys(full))
    assert payment.currency == "EUR"
    assert [getattr(payment, name) for name in full] == ["", None, [], None, None]


def test_an_older_report_changes_nothing(store):
    told(store, at=5, name="new")
    assert tell(store, report(at=4, name="old", items=[{"name": "old"}])) == [Outcome.STALE]
    assert stored(store).name == "new"
    assert not LineItem.objects.exists()
    assert news(store) == []


def test_reports_of_one_moment_are_told_apart_by_their_sequence(store):
    told(store, at=1, sequence="2:b", name="second")
    assert tell(store, report(at=1, sequence="1:a", name="first")) == [Outcome.STALE]
    assert tell(store, report(at=1, sequence="3:c", name="third")) == [Outcome.UPDATED]
    assert stored(store).name == "third"


def test_an_event_that_changed_nothing_makes_older_events_old(store):
    told(store, at=1, sequence="a", name="Pro")
    assert tell(store, report(at=3, sequence="c", name="Pro")) == [Outcome.UNCHANGED]
    assert tell(store, report(at=2, sequence="b", name="Basic")) == [Outcome.STALE]
    assert stored(store).name == "Pro"


# ---- telling it again


@given(values=reported(), lines=items)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_store_says_it_is_no_news_the_second_time(store, values, lines):
    with undone():
        tell(store, report(items=lines, **values))
        before = stored(store)
        with writes() as written:
            assert tell(store, report(at=1, items=lines, **values)) == [Outcome.UNCHANGED]
        assert written == []
        assert stored(store).updated_at == before.updated_at
        assert Change.objects.count() == 1


def test_history_read_twice_writes_nothing_the_second_time(store):
    def page(at):
        people = [{"store_customer_id": f"cus_{n}", "email": f"p{n}@example.com"} for n in range(20)]
        return [report(f"sub_{n}", at=at, items=[{"name": "Tea"}], **who) for n, who in enumerate(people)]

    tell(store, *page(at=0), **HISTORY)
    with writes() as written:
        assert set(tell(store, *page(at=9), **HISTORY)) == {Outcome.UNCHANGED}
    assert written == []


def test_an_event_told_again_only_moves_what_is_old(store):
    told(store, at=1, sequence="a", name="Pro")
    before = stored(store)
    tell(store, report(at=2, sequence="b", name="Pro"))
    payment = stored(store)
    assert (payment.as_of, payment.sequence) == (after(2), "b")
    assert payment.updated_at == before.updated_at
    assert Change.objects.count() == 1


# ---- the change log


def test_creation_is_logged_with_everything_that_is_known(store):
    tell(store, report(name="Pro", payment_amount="9.90", notes=[], is_trial=False, items=[{"name": "Tea"}]))
    change = Change.objects.get()
    assert (change.kind, change.source, change.announce) == ("created", "webhook", True)
    assert change.fields == {
        "store_recurring_payment_id": [None, "sub_1"],
        "name": [None, "Pro"],
        "payment_amount": [None, "9.9000"],
        "is_trial": [None, False],
        "status": [None, "pending"],
        "line_item_name": [[], ["Tea"]],
    }


def test_a_real_change_leaves_one_row_with_old_and_new(store):
    told(store, status="active", payment_amount="9.90", cancelled_date=None, is_trial=True)
    told(store, at=1, status="cancelled", payment_amount="9.90", cancelled_date=after(1), is_trial=None)
    assert news(store) == [
        {
            "status": ["active", "cancelled"],
            "cancelled_date": [None, "2026-03-01T12:00:01Z"],
            "is_trial": [True, None],
        }
    ]


def test_the_log_knows_the_store_s_time_and_ours(store):
    told(store, store_created_date=after(-900))
    told(store, at=60, occurred_at=after(50), name="Pro")
    told(store, at=70, name="Basic")
    newest, middle, first = Change.objects.all()
    assert (first.occurred_at, middle.occurred_at, newest.occurred_at) == (after(-900), after(50), after(70))
    assert timedelta() <= newest.recorded_at - first.recorded_at < timedelta(minutes=5)
    assert first.recorded_at > NOON


def test_a_new_modified_date_alone_is_no_news_but_is_kept(store):
    told(store, store_modified_date=after(0))
    assert tell(store, report(at=1, store_modified_date=after(1))) == [Outcome.UNCHANGED]
    assert stored(store).store_modified_date == after(1)
    assert news(store) == []


def test_several_reports_of_one_payment_in_one_call_are_one_change(store):
    told(store, name="Pro", status="active")
    outcomes = tell(
        store,
        report(at=3, status="paused"),
        report(at=1, status="payment_failed", currency="EUR"),
        report(at=2, status="active", name="Basic"),
    )
    assert outcomes == [Outcome.UPDATED] * 3
    assert news(store) == [
        {"currency": ["", "EUR"], "status": ["active", "paused"], "name": ["Pro", "Basic"]},
    ]


def test_there_and_back_in_one_call_is_no_change(store):
    told(store, status="active")
    assert set(tell(store, report(at=1, status="paused"), report(at=2, status="active"))) == {Outcome.UNCHANGED}
    assert news(store) == []


def test_what_changed_is_seen_from_what_is_stored_and_not_from_a_report_that_was_lost(store):
    told(store, status="active")
    # the report that said "paused" never came
    told(store, at=2, status="cancelled")
    assert news(store) == [{"status": ["active", "cancelled"]}]


# ---- dates that never go back, refunds that stay


@pytest.mark.parametrize("older", [after(1), None])
def test_the_modified_date_never_goes_back(store, older):
    told(store, store_modified_date=after(5))
    told(store, at=1, store_modified_date=older, name="Pro")
    assert stored(store).store_modified_date == after(5)
    assert news(store) == [{"name": ["", "Pro"]}]


def test_the_modified_date_does_not_go_back_within_one_call_either(store):
    tell(store, report(at=1, store_modified_date=after(5)), report(at=2, store_modified_date=after(1)))
    assert stored(store).store_modified_date == after(5)


@pytest.mark.parametrize("refund", ["refunded", "partially_refunded"])
@pytest.mark.parametrize("together", [True, False], ids=["in one call", "one by one"])
@pytest.mark.parametrize(
    ("later", "stays"),
    [
        ({"last_payment_status": "completed", "last_payment_date": NOON}, True),
        ({"last_payment_date": NOON, "last_payment_status": "completed"}, True),
        ({"last_payment_status": "completed"}, True),
        ({"last_payment_status": "completed", "last_payment_date": after(60)}, False),
        ({"last_payment_date": after(60), "last_payment_status": "completed"}, False),
        ({"last_payment_status": "declined", "last_payment_date": NOON}, False),
        ({"last_payment_status": None}, False),
    ],
)
def test_a_refund_stays_until_there_is_another_payment(store, refund, together, later, stays):
    told(store, last_payment_status="completed", last_payment_date=NOON)
    refunded = report(at=1, last_payment_status=refund, last_payment_date=NOON)
    calls = [[refunded, report(at=2, **later)]] if together else [[refunded], [report(at=2, **later)]]
    for call in calls:
        tell(store, *call)
    assert stored(store).last_payment_status == (refund if stays else later["last_payment_status"] or "")


def test_a_refund_that_is_told_without_the_date_of_its_payment_stays_too(store):
    told(store, last_payment_status="completed", last_payment_date=NOON)
    again = report(at=2, last_payment_status="completed", last_payment_date=NOON)
    tell(store, report(at=1, last_payment_status="refunded"), again)
    assert stored(store).last_payment_status == "refunded"


# ---- line items


def test_line_items_are_kept_in_their_order(store):
    told(store, items=[{"name": "Tea", "quantity": 2, "amount": "9.80"}, {"name": "Pot", "sku": "P-1"}])
    rows = LineItem.objects.values_list("position", "name", "sku", "quantity", "amount")
    assert list(rows) == [(0, "Tea", "", Decimal(2), Decimal("9.8")), (1, "Pot", "P-1", None, None)]


def test_a_report_that_says_nothing_of_items_keeps_them(store):
    told(store, items=[{"name": "Tea"}])
    told(store, at=1, name="Pro")
    assert [item.name for item in stored(store).line_items.all()] == ["Tea"]


def test_new_items_replace_the_old_ones_and_are_logged_as_the_fields_read(store):
    told(store, items=[{"name": "Tea", "tags": ["hot"]}, {"name": "Pot"}])
    assert tell(store, report(at=1, items=[{"name": "Pot"}, {"name": "Cup", "tags": ["hot", "new"]}])) == ["updated"]
    assert [item.name for item in stored(store).line_items.all()] == ["Pot", "Cup"]
    assert news(store) == [
        {"line_item_name": [["Tea", "Pot"], ["Pot", "Cup"]], "line_item_tag": [["hot"], ["hot", "new"]]}
    ]


def test_the_items_of_a_payment_can_be_taken_away(store):
    told(store, items=[{"name": "Tea"}])
    told(store, at=1, items=[])
    assert not LineItem.objects.exists()
    assert news(store) == [{"line_item_name": [["Tea"], []]}]


def test_another_quantity_or_price_of_the_same_items_is_logged_in_numbers(store):
    told(store, items=[{"name": "Tea", "quantity": 1, "amount": 5}, {"name": "Pot"}])
    told(store, at=1, items=[{"name": "Tea", "quantity": 3, "amount": 15}, {"name": "Pot"}])
    assert news(store) == [
        {"line_item_quantity": [["1.0000", ""], ["3.0000", ""]], "line_item_amount": [["5.0000", ""], ["15.0000", ""]]}
    ]


def test_a_tag_that_went_from_one_item_to_another_is_logged_with_the_items(store):
    told(store, items=[{"name": "Tea", "tags": ["hot"]}, {"name": "Pot"}])
    assert tell(store, report(at=1, items=[{"name": "Tea"}, {"name": "Pot", "tags": ["hot"]}])) == ["updated"]
    assert news(store) == [{"line_items": [[["Tea", "hot"], ["Pot"]], [["Tea"], ["Pot", "hot"]]]}]


def test_the_newest_items_of_one_call_hold(store):
    tell(store, report(at=2, items=[{"name": "Pot"}]), report(at=1, items=[{"name": "Tea"}]), report(at=3))
    assert [item.name for item in stored(store).line_items.all()] == ["Pot"]


# ---- how many statements


def _full(number, at=0):
    values = {
        "email": f"p{number}@example.com",
        "store_customer_id": f"cus_{number}",
        "name": f"Plan of {at}",
        "payment_amount": at,
    }
    profile = Profile(email=values["email"], first_name=f"P{number}", phone=f"{at}")
    return report(
        f"sub_{number}", at=at, sequence="a", items=[{"name": "Tea", "amount": at}], profile=profile, **values
    )


def _counts(store, count):
    """Count the statements that it takes to create, change and repeat so many payments."""
    counts = []
    for at in (0, 1, 2):
        reports = [_full(number, at=min(at, 1)) for number in range(count)]
        with statements() as found:
            tell(store, *reports)
        counts.append(len(found))
    return counts


def test_a_chunk_takes_the_same_statements_however_full_it_is(store, other_store):
    assert _counts(store, 2) == _counts(other_store, CHUNK)


def test_every_stored_field_can_change_in_one_call(store):
    told(store)
    values = {name: f"{name} of it"[: field.limit] for name, field in STORED.items() if field.kind.name == "text"}
    told(store, at=1, **{**values, "store_recurring_payment_id": "sub_1"} | {"email": "ada@example.com"})
    [logged] = news(store)
    assert set(logged) == {*values, "contact"} - {"store_recurring_payment_id"}
    assert Contact.objects.get().email == "ada@example.com"
