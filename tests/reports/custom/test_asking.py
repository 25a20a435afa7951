"""What reports answer: groups, columns, totals, money apart and converted, and words for all of it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone, translation

from contacts.models import Contact
from contacts.services import give_tags
from reports import currencies
from reports.custom import asking, behind, reading, sentences
from reports.custom.results import Result
from subscriptions.models import RecurringPayment, Store
from subscriptions.segments import saved as segments
from tests.statements import statements
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db


def ask(*, most: int | None = None, **told: Any) -> Result:
    whole = {"about": "payments", "measures": [{"of": "payments"}]} | told
    return asking.run(reading.read(whole), most=most)


def words(result: Result) -> list[list[str]]:
    return [[cell.words for cell in row.cells] for row in result.rows]


def totals(result: Result) -> list[list[str]]:
    return [[cell.words for cell in row.cells] for row in result.totals]


def pay(store: Store, *several: dict[str, Any]) -> None:
    count = RecurringPayment.objects.count()
    tell(store, *(report(f"sub_{count + number}", **{"status": "active"} | one) for number, one in enumerate(several)))


def test_payments_are_counted_by_status_the_most_first_with_their_total(store: Store) -> None:
    pay(store, {}, {}, {"status": "paused"})
    result = ask(groups=[{"by": "status"}])
    assert words(result) == [["Active", "2"], ["Paused", "1"]]
    assert totals(result) == [["Total", "3"]]
    assert (result.count, result.notes) == (2, ())


def test_texts_are_one_group_whatever_their_case_and_blanks_and_none_is_a_group(store: Store) -> None:
    pay(store, *({"billing_city": city} for city in ("Lyon", "LYON ", "lyon", "", " ")))
    result = ask(groups=[{"by": "billing_city"}])
    assert words(result) == [["LYON", "3"], ["Without “Billing address city”", "2"]]
    assert [row.place for row in result.rows] == [{"groups": ["lyon"]}, {"groups": [None]}]


def test_dates_are_those_of_the_account_and_weeks_begin_on_monday(store: Store) -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # a Sunday, and Monday in Paris
    pay(store, {"start_date": late})
    with override_settings(TIME_ZONE="Europe/Paris"):
        asked = {unit: ask(groups=[{"by": "start_date", "unit": unit}]).rows[0].cells[0] for unit in ("day", "week")}
    assert {unit: str(cell.value) for unit, cell in asked.items()} == {"day": "2026-03-02", "week": "2026-03-02"}
    assert str(ask(groups=[{"by": "start_date", "unit": "week"}]).rows[0].cells[0].value) == "2026-02-23"
    quarter = ask(groups=[{"by": "start_date", "unit": "quarter"}]).rows[0].cells[0]
    assert (quarter.words, str(quarter.value)) == ("Q1 2026", "2026-01-01")


def test_amounts_of_several_currencies_are_never_added(store: Store) -> None:
    pay(store, {"payment_amount": "10", "currency": "EUR"}, {"payment_amount": "7", "currency": "USD"},
        {"payment_amount": "3.5", "currency": "EUR"})  # fmt: skip
    result = ask(groups=[{"by": "status"}], measures=[{"of": "payment_amount", "as": "sum"}])
    assert words(result) == [["Active", "EUR", "€13.50"], ["Active", "USD", "$7.00"]]
    assert totals(result) == [["Total", "EUR", "€13.50"], ["", "USD", "$7.00"]] or len(totals(result)) == 2
    assert [head.is_added for head in result.heads] == [False, True, False]
    assert result.notes == ("Amounts of different currencies are never added: each currency has rows of its own.",)


def test_amounts_are_converted_at_the_rates_that_were_entered_and_it_says_so(store: Store) -> None:
    pay(store, {"payment_amount": "10", "currency": "EUR"}, {"payment_amount": "10", "currency": "USD"},
        {"payment_amount": "5", "currency": "GBP"})  # fmt: skip
    currencies.save("EUR", {"USD": Decimal("0.9")})
    result = ask(measures=[{"of": "payment_amount"}, {"of": "payments"}], money="converted")
    assert words(result) == [["EUR", "€19.00", "2"], ["GBP", "£5.00", "1"]]
    assert result.notes == (
        "Amounts are converted into EUR at the rates that were entered: 1 USD = 0.9 EUR.",
        "There is no rate for GBP, so these amounts stay apart.",
    )
    [converted, _apart] = result.rows
    found = behind.records(
        reading.read({"about": "payments", "measures": [{"of": "payment_amount"}], "money": "converted"}),
        converted.place,
    )
    assert sorted(found.values_list("currency", flat=True)) == ["EUR", "USD"]


def test_without_rates_nothing_is_converted_and_it_says_so(store: Store) -> None:
    pay(store, {"payment_amount": "10", "currency": "EUR"})
    result = ask(measures=[{"of": "payment_amount"}], money="converted")
    assert words(result) == [["EUR", "€10.00"]]
    assert "Nobody has entered rates" in result.notes[0]


def test_a_pivot_has_a_column_for_each_value_and_one_for_all(store: Store, other_store: Store) -> None:
    pay(store, {}, {"status": "paused"})
    pay(other_store, {"status": "paused"})
    result = ask(groups=[{"by": "legacy_connection_id"}], across={"by": "status"}, sort={"by": "group", "number": 0})
    assert [head.label for head in result.heads] == ["Connection", "Active", "Paused", "All"]
    assert words(result) == [["Boutique", "0", "1", "1"], ["Shop", "1", "1", "2"]]
    assert totals(result) == [["Total", "1", "2", "3"]]
    assert result.rows[1].cells[2].place == {"groups": [store.pk], "across": "paused"}


def test_columns_beyond_thirty_are_counted_together_each_payment_once(store: Store) -> None:
    pay(store, *({"name": f"Plan {number:02}", "notes": [f"n{number}", f"m{number}"]} for number in range(35)))
    result = ask(across={"by": "name"})
    assert (len(result.heads), result.heads[30].label) == (32, "Others")
    assert [cell.words for cell in result.rows[0].cells[29:]] == ["1", "5", "35"]
    assert "Only the 30 largest columns are shown" in result.notes[0]
    for across in ("name", "notes"):
        asked = reading.read({"about": "payments", "across": {"by": across}, "measures": [{"of": "payments"}]})
        cell = asking.run(asked).rows[0].cells[30]
        assert behind.records(asked, cell.place).count() == cell.value


def test_what_has_several_values_counts_under_each_and_once_in_the_total(store: Store) -> None:
    coffee = {"name": "Coffee", "categories": ["Food", "food", "Drink"]}
    pay(store, {"items": [coffee, {"name": "coffee "}]}, {"items": []})
    result = ask(groups=[{"by": "line_item_category"}], sort={"by": "group", "number": 0, "down": False})
    assert words(result) == [["Drink", "1"], ["Food", "1"], ["Without “Line item category”", "1"]]
    assert totals(result) == [["Total", "2"]]
    assert result.notes == (
        "What has several values of “Line item category” counts under each of them, and once in the totals.",
    )


def test_a_filter_that_matches_nothing_says_so(store: Store) -> None:
    pay(store, {})
    result = ask(groups=[{"by": "status"}], where={"field": "status", "op": "is", "value": "expired"})
    assert (result.rows, result.count, result.notes) == ((), 0, ("Nothing matches.",))
    nobody = ask(about="people", measures=[{"of": "people"}, {"of": "mrr"}], where={"tag": "none", "op": "has"})
    assert (nobody.rows, nobody.count) == ((), 0)


def test_conditions_of_payments_and_of_people_can_be_mixed(store: Store) -> None:
    pay(store, {"email": "ada@example.com", "billing_city": "Lyon"}, {"email": "bob@example.com"},
        {"billing_city": "Lyon"})  # fmt: skip
    give_tags({Contact.objects.get(email_key="bob@example.com").pk: ["vip"]})
    vip = segments.create({"tag": "vip", "op": "has"}, name="VIP")
    city = {"field": "billing_city", "op": "is", "value": "Lyon"}
    in_segment = {"segment": vip.pk, "op": "in"}

    def count(where: Any) -> int:
        return int(sum(row.cells[0].value or 0 for row in ask(where=where).rows))

    assert [count(one) for one in (city, in_segment, {"any": [city, in_segment]})] == [2, 1, 3]
    assert count({"all": [city, {"not": in_segment}]}) == 2
    assert count({"not": {"any": [city, in_segment]}}) == 0
    assert count({"all": [city, {"contact": "email", "op": "is", "value": "ada@example.com"}]}) == 1


def test_a_span_of_days_asks_for_those_in_it(store: Store) -> None:
    pay(store, *({"start_date": datetime(2026, 3, day, 12, tzinfo=UTC)} for day in (1, 2, 3)))
    result = ask(during={"of": "start_date", "from": "2026-03-02", "to": "2026-03-03"})
    assert words(result) == [["2"]]


def test_of_very_many_groups_the_first_are_shown_and_all_are_counted(store: Store) -> None:
    pay(store, *({"name": f"Plan {number:03}"} for number in range(60)))
    result = ask(
        groups=[{"by": "name"}], across={"by": "status"}, limit=2, sort={"by": "group", "number": 0, "down": True}
    )
    assert (words(result), result.count) == ([["Plan 059", "1", "1"], ["Plan 058", "1", "1"]], 60)
    assert totals(result) == [["Total", "60", "60"]]
    assert len(ask(groups=[{"by": "name"}], limit=2, most=50).rows) == 50


def test_choices_are_sorted_in_their_own_order_and_what_is_empty_comes_last(store: Store) -> None:
    pay(store, *({"last_payment_status": one} for one in ("refunded", "", "completed")))
    for down in (False, True):
        result = ask(groups=[{"by": "last_payment_status"}], sort={"by": "group", "number": 0, "down": down})
        told = [row[0] for row in words(result)]
        assert told == [*sorted(["Completed", "Refunded"], reverse=down), "Without “Last payment status”"]


def test_shares_are_of_the_total_and_medians_lie_between_two_and_are_shown_to_the_cent(store: Store) -> None:
    pay(store, *({"payment_amount": amount, "currency": "EUR", "status": status} for amount, status in
        (("1", "active"), ("2.0001", "active"), ("9", "paused"))))  # fmt: skip
    measures = [
        {"of": "payments", "as": "share"},
        {"of": "payment_amount", "as": "median"},
        {"of": "payment_amount", "as": "average"},
    ]
    result = ask(groups=[{"by": "status"}], measures=measures)
    assert words(result) == [
        ["Active", "EUR", "66.7%", "€1.50", "€1.50"],
        ["Paused", "EUR", "33.3%", "€9.00", "€9.00"],
    ]
    assert result.rows[0].cells[3].value == Decimal("1.5001")


def test_it_speaks_the_readers_language(store: Store) -> None:
    pay(store, {"payment_amount": "1234.5", "currency": "EUR", "status": "paused"})
    with translation.override("fr"):
        result = ask(groups=[{"by": "status"}], measures=[{"of": "payment_amount"}])
        assert result.rows[0].cells[0].words == "En pause"
        assert result.rows[0].cells[2].words.replace("\u202f", " ").replace("\xa0", " ") == "1 234,50 €"


def test_what_takes_too_long_is_given_up(store: Store) -> None:
    many = (
        RecurringPayment(store=store, store_recurring_payment_id=f"s{n}", as_of=timezone.now()) for n in range(3000)
    )
    RecurringPayment.objects.bulk_create(many)
    with pytest.raises(asking.TooSlow):
        asking.run(reading.read({"about": "payments", "measures": [{"of": "payments"}]}), seconds=0)


@pytest.mark.parametrize(
    ("told", "most"),
    [
        ({"groups": [{"by": "status"}]}, 2),
        ({"groups": [{"by": "legacy_connection_id"}, {"by": "contact.tag"}], "across": {"by": "status"}}, 8),
    ],
)
def test_the_number_of_queries_does_not_grow(store: Store, told: Any, most: int) -> None:
    pay(store, *({"status": status} for status in ("active", "paused", "expired")))
    with statements() as asked:
        ask(**told)
    assert len([one for one in asked if "SELECT" in one]) <= most


@pytest.mark.parametrize(
    "place",
    [
        [],
        {"groups": []},
        {"groups": ["active", "paused"]},
        {"groups": [7]},
        {"groups": ["\x00"]},
        {"moon": 1},
    ],
)
def test_a_place_that_there_is_not_is_refused(store: Store, place: Any) -> None:
    asked = reading.read({"about": "payments", "groups": [{"by": "status"}], "measures": [{"of": "payments"}]})
    with pytest.raises(behind.NoSuchPlace):
        behind.records(asked, place)


def test_a_report_can_be_said() -> None:
    mixed = {"all": [{"tag": "vip", "op": "has"}, {"not": {"field": "status", "op": "is", "value": "paused"}}]}
    told = {
        "about": "payments",
        "groups": [{"by": "start_date", "unit": "month"}],
        "across": {"by": "status"},
        "measures": [{"of": "payments"}, {"of": "payment_amount", "as": "median"}],
        "where": mixed,
        "during": {"of": "start_date", "span": "this_quarter"},
    }
    assert sentences.sentence(reading.read(told)) == (
        "Recurring payments and Payment amount: median · for each “Start date” by month · "
        "in columns: “Recurring payment status” · "
        "only those of people with the tag “vip” and whose not (Recurring payment status is Paused) · "
        "“Start date” in: this quarter · the first 20 rows"
    )
