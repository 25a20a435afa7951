"""Which chart fits which answer, and what is drawn."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from reports.charts import Chart
from reports.custom import asking, charting, reading
from subscriptions.models import Store
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db


def day(month: int) -> datetime:
    return timezone.make_aware(datetime(2026, month, 4, 12), timezone.get_default_timezone())


@pytest.fixture
def paid(store: Store) -> Store:
    """Payments in two currencies, begun in January and April."""
    usual = {"status": "active", "billing_interval": "monthly"}
    tell(
        store,
        report("a", name="Pro", billing_city="Lyon", currency="EUR", payment_amount="10", start_date=day(1), **usual),
        report("b", name="Pro", billing_city="Paris", currency="EUR", payment_amount="20", start_date=day(4), **usual),
        report("c", name="Box", billing_city="Lyon", currency="USD", payment_amount="40", start_date=day(4), **usual),
    )
    return store


def drawn(kind: str, **parts: Any) -> list[Chart]:
    told = {"about": "payments", "measures": [{"of": "payments"}], "chart": kind, **parts}
    definition = reading.read(told)
    return charting.charts(definition, asking.run(definition))


def whys(**parts: Any) -> dict[str, str]:
    definition = reading.read({"about": "payments", "measures": [{"of": "payments"}], **parts})
    return charting.fitting(definition, asking.run(definition))


def series(one: Chart) -> dict[str, tuple[float | None, ...]]:
    return {each.name: each.values for each in one.series}


NAME, CITY, MONTH = {"by": "name"}, {"by": "billing_city"}, {"by": "start_date", "unit": "month"}
AMOUNT = {"of": "payment_amount", "as": "sum"}


def test_a_line_goes_by_months_without_gaps(paid: Store) -> None:
    [one] = drawn("line", groups=[MONTH], sort={"by": "measure", "number": 0, "down": True})
    assert one.labels == ("Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026")
    assert series(one) == {"Recurring payments": (1, 0, 0, 2)}


def test_months_that_are_not_all_shown_have_no_zeros_between_them(paid: Store) -> None:
    [one] = drawn("line", groups=[MONTH], limit=1)
    assert one.labels == ("Jan 2026",)


def test_what_was_not_measured_is_no_zero(paid: Store) -> None:
    one = drawn("line", groups=[MONTH], measures=[{"of": "payment_amount", "as": "average"}])[0]
    assert (one.title, series(one)) == (
        "Payment amount: average (EUR)", {"Payment amount: average": (10, None, None, 20)}
    )  # fmt: skip


def test_each_currency_has_a_chart_of_its_own_the_most_used_first(paid: Store) -> None:
    charts = drawn("bar", groups=[NAME], measures=[AMOUNT])
    assert [(one.title, one.labels) for one in charts] == [
        ("Payment amount: sum (EUR)", ("Pro",)),
        ("Payment amount: sum (USD)", ("Box",)),
    ]
    assert charts[0].written(30) == "€30.00"


def test_counts_of_several_currencies_stand_in_one_chart(paid: Store) -> None:
    [one] = drawn("bar", groups=[NAME], measures=[{"of": "payments"}, AMOUNT])
    assert series(one) == {"EUR": (2, 0), "USD": (0, 1)}


def test_a_second_group_or_the_columns_make_the_series(paid: Store) -> None:
    [rows] = drawn("stacked", groups=[NAME, CITY])
    [columns] = drawn("stacked", groups=[NAME], across=CITY)
    assert dict(zip(rows.labels, rows.series[0].values, strict=True)) == {"Pro": 1, "Box": 1}
    assert series(columns) == {"Lyon": (1, 1), "Paris": (1, 0)}
    assert columns.title == "Recurring payments"


def test_a_pie_is_of_one_value(paid: Store) -> None:
    [one] = drawn("pie", groups=[NAME], measures=[{"of": "payments"}, {"of": "people"}])
    assert series(one) == {"Recurring payments": (2, 1)}


@pytest.mark.parametrize(
    ("parts", "refused"),
    [
        ({"groups": [NAME]}, {"line", "stacked"}),
        ({"groups": [MONTH]}, {"stacked"}),
        ({"groups": [NAME, CITY]}, {"line", "pie"}),
        ({"groups": [NAME], "measures": [{"of": "payment_amount", "as": "median"}]}, {"line", "stacked", "pie"}),
        ({"groups": []}, {"line", "bar", "stacked", "pie"}),
        ({"groups": [NAME], "during": {"of": "start_date", "span": "next_year"}}, {"line", "bar", "stacked", "pie"}),
    ],
)
def test_kinds_that_do_not_fit_say_why(paid: Store, parts: dict[str, Any], refused: set[str]) -> None:
    assert {kind for kind, why in whys(**parts).items() if why} == refused
    assert all(not drawn(kind, **parts) for kind in refused)


def test_what_is_below_zero_is_no_part_of_a_pie(paid: Store) -> None:
    tell(paid, report("d", name="Odd", currency="EUR", payment_amount="-5", status="active"))
    assert "below zero" in whys(groups=[NAME], measures=[AMOUNT])["pie"]


def test_no_chart_is_drawn_where_none_is_wanted(paid: Store) -> None:
    definition = reading.read({"about": "payments", "groups": [NAME], "measures": [{"of": "payments"}]})
    assert charting.chart(definition, asking.run(definition)) is None
