"""Reports as files: real numbers and days in them, and nothing that a spreadsheet would run."""

import csv
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from reports.custom import asking, exporting, reading, sentences
from reports.custom.results import Cell, Head, Result, Row
from subscriptions.models import Store
from tests.subscriptions.reports import report, tell

pytestmark = pytest.mark.django_db
FORMULA = "=cmd|' /C calc'!A0"
_TAG = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def told(**parts: Any) -> exporting.Told:
    definition = reading.read({"about": "payments", "measures": [{"of": "payments"}], **parts})
    return exporting.Told(
        name="Ours: [2026]/a*b", sentence=sentences.sentence(definition), result=asking.run(definition, most=1000)
    )


def lines(one: exporting.Told) -> list[list[str]]:
    return list(csv.reader("".join(exporting.csv(one)).lstrip("\ufeff").splitlines()))


def cells(one: exporting.Told, *, sheet: int = 1) -> dict[str, tuple[str, str, bool]]:
    """Read a sheet: the kind, the text and whether it is calculated, by the name of the cell."""
    with exporting.xlsx(one) as file, zipfile.ZipFile(file) as book:
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    return {
        cell.attrib["r"]: (cell.attrib.get("t", "n"), "".join(cell.itertext()), cell.find(f"{_TAG}f") is not None)
        for cell in tree.iter(f"{_TAG}c")
    }


@pytest.fixture
def paid(store: Store) -> Store:
    """Payments with a name that is a formula, amounts with many places, and a day."""
    day = timezone.make_aware(datetime(2026, 3, 4, 12), timezone.get_default_timezone())
    usual = {"status": "active", "currency": "EUR", "start_date": day}
    tell(
        store,
        report("a", name=FORMULA, payment_amount="1234567.8901", **usual),
        report("b", name="Pro", payment_amount="-5.5", **usual),
        report("c", name="Pro", payment_amount=None, status="paused", currency="EUR"),
    )
    return store


def test_a_formula_in_a_name_stays_a_text_in_both_files(paid: Store) -> None:
    one = told(groups=[{"by": "name"}])
    assert f"'{FORMULA}" in [line[0] for line in lines(one)]
    found = [cell for cell in cells(one).values() if cell[1] == FORMULA]
    assert found == [("inlineStr", FORMULA, False)]


def test_no_cell_of_a_workbook_is_calculated_or_a_link(paid: Store) -> None:
    name = "http://evil.example/?a=1"
    tell(paid, report("d", name=name, status="active"))
    one = told(groups=[{"by": "name"}])
    assert ("inlineStr", name, False) in cells(one).values()
    assert not any(is_formula for _kind, _text, is_formula in cells(one).values())


def test_numbers_and_days_are_typed_and_exact(paid: Store) -> None:
    one = told(
        groups=[{"by": "start_date", "unit": "day"}],
        measures=[{"of": "payment_amount", "as": "sum"}, {"of": "payments"}, {"of": "payments", "as": "share"}],
    )
    assert lines(one)[1] == ["2026-03-04", "EUR", "1234562.3901", "2", "0.666667"]
    row = {name: cell for name, cell in cells(one).items() if name.endswith("2")}
    excel_day = (date(2026, 3, 4) - date(1899, 12, 30)).days
    assert [row[name][:2] for name in ("A2", "C2", "D2")] == [("n", str(excel_day)), ("n", "1234562.3901"), ("n", "2")]


def test_what_is_empty_has_its_word_and_what_was_not_counted_is_blank(paid: Store) -> None:
    one = told(groups=[{"by": "start_date"}], measures=[{"of": "payment_amount", "as": "average"}])
    assert ["Without “Start date”", "EUR", ""] in lines(one)
    assert any(text == "Without “Start date”" for _kind, text, _is in cells(one).values())


def test_the_totals_stand_last_and_the_second_sheet_says_what_it_is(paid: Store) -> None:
    one = told(groups=[{"by": "name"}])
    assert lines(one)[-1] == ["Total", "3"]
    about = [text for _kind, text, _is in cells(one, sheet=2).values()]
    assert about[:2] == ["Ours: [2026]/a*b", one.sentence]


def test_a_number_of_more_digits_than_a_spreadsheet_keeps_is_a_text() -> None:
    head = Head(key="m0", label="Amount", is_measure=True, is_numeric=True, kind="money", measure=0)
    value = Decimal("12345678901234567.8901")
    row = Row(cells=(Cell(value=value, words="much", place={}),), place={})
    result = Result(heads=(head,), rows=(row,), totals=(row,), count=1)
    one = exporting.Told(name="Much", sentence="", result=result)
    assert cells(one)["A2"][:2] == ("inlineStr", "12345678901234567.8901")
    assert lines(one) == [["Amount"], ["12345678901234567.8901"]]


def test_a_file_of_fewer_groups_than_there_are_says_so(paid: Store) -> None:
    definition = reading.read({"about": "payments", "groups": [{"by": "name"}], "measures": [{"of": "payments"}]})
    one = exporting.Told(name="One", sentence="", result=asking.run(definition, most=1))
    assert "There are 2 groups; this file has the first 1." in one.notes


@pytest.mark.parametrize(
    ("name", "begins"), [("Revenue / 2026", "Revenue-2026-"), ("***", "report-"), ("Échec", "Échec-")]
)
def test_a_file_is_named_after_the_report(name: str, begins: str) -> None:
    assert exporting.file_name(name, "csv").startswith(begins)
