"""A report as a file: CSV, and XLSX with real numbers and days; nothing in them is a formula."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext

from config.audit.csv_export import written
from reports.custom.results import Cell, Head, Result

# How many groups a file has at most.
MOST_GROUPS = 100_000
# A spreadsheet keeps 15 digits of a number; one with more stays a text.
_EXACT = 10**15
# Days before it, which a spreadsheet cannot tell.
_FIRST_DAY = date(1900, 3, 1)
_WIDTHS = {"text": 28, "date": 16, "choice": 18}
_FORMATS = {"number": "#,##0.####", "whole": "#,##0", "money": "#,##0.00##", "share": "0.0%", "date": "yyyy-mm-dd"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file says beside the table: the report's name, its sentence, and how many groups there are altogether."""

    name: str
    sentence: str
    result: Result

    @property
    def notes(self) -> list[str]:
        """Return what a reader has to know."""
        notes = [self.sentence, *self.result.notes]
        if self.result.count > len(self.result.rows):
            said = gettext("There are %(count)d groups; this file has the first %(shown)d.")
            notes.append(said % {"count": self.result.count, "shown": len(self.result.rows)})
        return [note for note in notes if note]


def csv(told: Told) -> Iterator[str]:
    """Write the table, its totals last; numbers with a point and without signs, days as 2026-11-27."""
    heads = told.result.heads
    lines = ([_plain(cell) for cell in row.cells] for row in told.result.rows)
    totals = ([_plain(cell) for cell in cells] for cells in _totals(told.result))
    return written([head.label for head in heads], _chained(lines, totals))


def xlsx(told: Told) -> IO[bytes]:
    """Write a workbook to a file without a name, open at its beginning; its second sheet says what the first is."""
    file = TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    # Each option keeps a text from becoming something that a click opens or that is calculated.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        formats = {name: book.add_format({"num_format": text}) for name, text in _FORMATS.items()}
        bold = {name: book.add_format({"num_format": text, "bold": True, "top": 1}) for name, text in _FORMATS.items()}
        bold["text"] = book.add_format({"bold": True, "top": 1})
        _table(book.add_worksheet(_sheet_name(told.name)), told.result, formats, bold)
        _about(book, told)
    file.seek(0)
    return file


def file_name(name: str, ending: str) -> str:
    """Return a name for the file that every computer takes, with the day."""
    plain = re.sub(r"[^\w-]+", "-", name).strip("-")[:80] or "report"
    return f"{plain}-{timezone.localdate()}.{ending}"


def _chained(*many: Iterable[Any]) -> Iterator[Any]:
    for one in many:
        yield from one


def _totals(result: Result) -> Iterator[tuple[Cell, ...]]:
    """Return the totals; what is not grouped is one already."""
    has_groups = any(not head.is_measure and not head.is_added for head in result.heads)
    return (row.cells for row in result.totals if has_groups)


def _plain(cell: Cell) -> Any:
    """Return what stands in a CSV: what is a word for people stays one, such as that of a status."""
    value = cell.value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if value is None and cell.place is not None:
        return ""
    return cell.words if value is None or isinstance(value, bool | str) else value


def _table(sheet: Any, result: Result, formats: dict[str, Any], bold: dict[str, Any]) -> None:
    """Write row after row, as the constant memory of the workbook asks for."""
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(result.heads):
        sheet.set_column(column, column, _WIDTHS.get(head.kind, 16))
        sheet.write_string(0, column, head.label[:_MOST_LETTERS], bold["text"])
    rows = [*((row.cells, formats) for row in result.rows), *((cells, bold) for cells in _totals(result))]
    for number, (cells, looks) in enumerate(rows, start=1):
        for column, (head, cell) in enumerate(zip(result.heads, cells, strict=True)):
            _write(sheet, number, column, head, cell, looks)


def _write(sheet: Any, row: int, column: int, head: Head, cell: Cell, looks: dict[str, Any]) -> None:
    value = cell.value
    if value is None or isinstance(value, bool | str):
        words = "" if value is None and head.is_measure else cell.words
        sheet.write_string(row, column, words[:_MOST_LETTERS], looks.get("text"))
    elif isinstance(value, int | Decimal):
        _write_number(sheet, row, column, value, looks.get("text"), looks[_look(head, value)])
    else:
        _write_day(sheet, row, column, value, looks)


def _write_number(sheet: Any, row: int, column: int, value: int | Decimal, as_text: Any, look: Any) -> None:
    if not -_EXACT < value < _EXACT:
        sheet.write_string(row, column, f"{value:f}" if isinstance(value, Decimal) else str(value), as_text)
    else:
        sheet.write_number(row, column, float(value), look)


def _write_day(sheet: Any, row: int, column: int, value: date, looks: dict[str, Any]) -> None:
    if value < _FIRST_DAY:
        sheet.write_string(row, column, value.isoformat(), looks.get("text"))
    else:
        sheet.write_datetime(row, column, value, looks["date"])


def _look(head: Head, value: Decimal | int) -> str:
    if head.kind in ("money", "share"):
        return head.kind
    return "whole" if value == int(value) else "number"


def _about(book: Any, told: Told) -> None:
    sheet = book.add_worksheet(gettext("About this report")[:31])
    sheet.set_column(0, 0, 100)
    wrapped = book.add_format({"text_wrap": True})
    sheet.write_string(0, 0, told.name[:_MOST_LETTERS], book.add_format({"bold": True}))
    made = gettext("Made on %(when)s.") % {"when": timezone.localtime().strftime("%Y-%m-%d %H:%M %Z")}
    for number, line in enumerate([*told.notes, made], start=1):
        sheet.write_string(number, 0, line[:_MOST_LETTERS], wrapped)


def _sheet_name(name: str) -> str:
    """Return a name without what Excel does not take in one."""
    return re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:31] or gettext("Report")


# of one cell
_MOST_LETTERS = 32_767
WRITERS: dict[str, Callable[[Told], Any]] = {"csv": csv, "xlsx": xlsx}
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
