"""The pages on how the payments are doing: every number is right, and leads to those of whom it is made."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from reports import currencies
from reports.business import mrr
from subscriptions.models import RecurringPayment, Store
from tests.html import Element, read
from tests.reports.business import kept, lives

PAGES = ("revenue", "customers", "states", "retention", "at-risk", "coming-up")


@pytest.fixture
def living(store: Store) -> Store:
    """A store with some payments that have a past, all of which is counted: a page by itself does only a little."""
    lives.live(store)
    kept.keep_up()
    return store


def _page(browser: Client, address: str, **query: Any) -> Element:
    answer = browser.get(f"/admin/reports/{address}/", query)
    assert answer.status_code == 200
    return read(answer.content)


def _rows(page: Element, title: str) -> dict[str, list[str]]:
    table = page.one("section", aria_label=title)
    return {row.every("th")[0].text: [cell.text for cell in row.every("td")] for row in table.one("tbody").every("tr")}


def _amount(words: str) -> Decimal:
    return Decimal(re.sub(r"[^0-9.\-]", "", words))


@pytest.mark.parametrize("page", ["revenue", "customers", "states", "retention", "at-risk"])
@pytest.mark.parametrize("period", ["last_12_months", "this_month", "all", "custom"])
def test_every_page_answers_for_every_period(admin: Client, living: Store, page: str, period: str) -> None:
    assert "What the numbers mean" in _page(admin, page, period=period).text


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_while_there_is_nothing(admin: Client, page: str) -> None:
    assert "What the numbers mean" in _page(admin, page).text


def test_what_has_just_changed_is_counted_when_a_page_is_asked(admin: Client, living: Store) -> None:
    *_months, before = _rows(_page(admin, "revenue", currency="EUR"), "Month by month").values()
    lives.told(living, "newest", 0, **lives.MONTHLY, **lives.ADA, payment_amount="3", start_date=lives.ago(0))
    *_months, after = _rows(_page(admin, "revenue", currency="EUR"), "Month by month").values()
    assert _amount(after[-1]) == _amount(before[-1]) + 3


@pytest.mark.parametrize("currency", ["EUR", "USD", "all"])
def test_opening_and_movements_make_the_closing_of_every_month(admin: Client, living: Store, currency: str) -> None:
    currencies.save("EUR", {"USD": Decimal("0.917")})
    rows = [
        [_amount(one) for one in row]
        for row in _rows(_page(admin, "revenue", currency=currency), "Month by month").values()
    ]
    assert len(rows) == 12
    for (opening, *moved, closing), following in zip(rows, [*rows[1:], None], strict=True):
        assert opening + sum(moved) == closing
        assert following is None or following[0] == closing


def test_the_last_closing_is_what_the_payments_are_worth_now(admin: Client, living: Store) -> None:
    for currency, worth in (
        RecurringPayment.objects.annotate(mrr=mrr.expression()).order_by().values_list("currency").annotate(Sum("mrr"))
    ):
        *_months, last = _rows(_page(admin, "revenue", currency=currency), "Month by month").values()
        assert _amount(last[-1]) == Decimal(worth) / mrr.PARTS


@pytest.mark.parametrize("page", PAGES)
def test_every_number_leads_to_a_list_of_as_many(admin: Client, living: Store, page: str) -> None:
    found = read(admin.get(f"/admin/reports/{page}/").content)
    links = [one for one in found.every("a") if "/admin/reports/behind/" in one.attributes["href"]]
    assert links
    for link in links:
        listed = read(admin.get(link.attributes["href"]).content)
        count = int(listed.every("span", **{"class": "rt-count"})[0].text)
        assert len(listed.one("tbody").every("tr")) == count if count else not listed.every("tbody")
        shown = link.every("b")[0].text if link.every("b") else link.text
        assert not shown.isdecimal() or int(shown) == count


def test_amounts_behind_a_movement_add_up_to_it(admin: Client, living: Store) -> None:
    page = _page(admin, "revenue")
    links = [one for one in page.every("a") if "behind/movements" in one.attributes["href"]]
    for link in links:
        listed = read(admin.get(link.attributes["href"]).content)
        amounts = [row.every("td")[-1] for row in listed.one("tbody").every("tr")]
        assert sum(_amount(one.text.removeprefix("A month")) for one in amounts) == _amount(link.text)


def test_trials_and_failures_are_told_with_how_they_ended(admin: Client, living: Store) -> None:
    trials = _rows(_page(admin, "states"), "What became of trials").values()
    assert [sum(int(row[place]) for row in trials) for place in range(4)] == [1, 1, 0, 0]
    failed = _rows(_page(admin, "at-risk"), "Month by month").values()
    assert [sum(int(row[place]) for row in failed) for place in range(4)] == [2, 1, 0, 0]
    assert "€12.00" in "".join(row[5] for row in failed)


def test_retention_counts_who_is_left(admin: Client, living: Store) -> None:
    rows = _rows(_page(admin, "retention"), "Customers")
    began = {month: row[0] for month, row in rows.items()}
    assert sum(map(int, began.values())) == 5  # Ada, Bob, Eva, and two payments without a contact
    assert all(row[1] == "100.0%" for row in rows.values())
    assert any("0.0%" in row for row in rows.values()) or any("50.0%" in row for row in rows.values())


def test_what_comes_up_is_counted_by_its_date(admin: Client, living: Store) -> None:
    rows = _rows(_page(admin, "coming-up"), "The next 30, 60 and 90 days")
    assert rows["Next payments"][:3] == ["5", "5", "5"]
    assert rows["Next payments"][3] == "€69.00 · $100.00"
    assert rows["Cards that expire"][2] == "1"


def test_currencies_are_added_up_only_where_there_are_rates_and_then_it_is_said(admin: Client, living: Store) -> None:
    assert "amounts of several currencies are not added up" in _page(admin, "revenue", currency="all").text
    currencies.save("EUR", {"USD": Decimal("0.5")})
    page = _page(admin, "revenue", currency="all")
    assert "Converted into EUR at the rates that were entered: 1 USD = 0.5" in page.text
    *_months, last = _rows(page, "Month by month").values()
    assert _amount(last[-1]) == 25 + 30 + 9 + 12 + 5 + 50


def test_a_currency_without_a_rate_is_named(admin: Client, living: Store) -> None:
    currencies.save("CHF", {"EUR": Decimal("0.93")})
    assert "Not in it, since no rate was entered: USD." in _page(admin, "revenue", currency="all").text


@pytest.mark.parametrize("page", ["revenue", "customers", "states", "retention", "at-risk", "coming-up"])
def test_tables_are_files_too(admin: Client, living: Store, page: str) -> None:
    for link in _page(admin, page).every("a"):
        if "csv=" in link.attributes["href"]:
            answer = admin.get(f"/admin/reports/{page}/{link.attributes['href']}")
            assert answer["Content-Type"].startswith("text/csv")
            assert len(b"".join(answer.streaming_content).splitlines()) > 1


def test_a_list_is_a_file_for_who_may_export(admin: Client, living: Store) -> None:
    answer = admin.get("/admin/reports/behind/payments/active/", {"csv": "1"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 1 + RecurringPayment.objects.filter(status="active").exclude(is_trial=True).count()
    assert "ada@example.com" in lines[1]


@pytest.mark.parametrize(
    "address",
    [
        "payments/nothing/",
        "times/?kind=failed",
        "times/?kind=nothing&month=2026-01",
        "times/?kind=failed&month=2026-13",
        "times/?kind=failed&month=2026-01&outcome=nothing",
        "movements/?kind=new",
        "movements/?kind=new&month=2026-01&cohort=2026-01",
        "movements/?kind=new&day=2026-02-30",
        "movements/?kind=new&month=0001-01",
    ],
)
def test_what_makes_no_list_is_not_there(admin: Client, address: str) -> None:
    assert admin.get(f"/admin/reports/behind/{address}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("period", ["last_12_months", "all"])
def test_pages_take_as_many_queries_however_many_payments_and_months(
    admin: Client, living: Store, django_assert_max_num_queries: Any, page: str, period: str
) -> None:
    admin.get(f"/admin/reports/{page}/")
    with django_assert_max_num_queries(32):
        admin.get(f"/admin/reports/{page}/", {"period": period})
