"""Files as spreadsheets write them: encodings, delimiters, quotes, and lines that are broken."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.importing import reading

WORDS = 'E-mail;Prénom\r\nada@example.com;Élodie\r\n\r\n"bob@example.com";"a ""b""; c"\r\n'
READ = [(2, ["ada@example.com", "Élodie"]), (4, ["bob@example.com", 'a "b"; c'])]


def _sheet(content: bytes | str) -> Any:
    return reading.read(io.BytesIO(content if isinstance(content, bytes) else content.encode()))


def _rows(content: bytes | str) -> list[tuple[int, list[str]]]:
    return [(row.number, row.cells) for row in _sheet(content).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_a_spreadsheet_is_read(encoding):
    sheet = _sheet(WORDS.encode(encoding))
    assert (sheet.header, sheet.delimiter) == (["E-mail", "Prénom"], ";")
    assert [(row.number, row.cells) for row in sheet.rows] == READ


def test_a_byte_that_is_no_utf8_far_behind_makes_it_windows_1252():
    content = b"email,name\n" + b"a@example.com,Ada\n" * 20_000 + "b@example.com,Zoé\n".encode("cp1252")
    assert _rows(content)[-1][1] == ["b@example.com", "Zoé"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_line_ends_are_found_out(delimiter, line_end):
    lines = [["email", "name"], ["ada@example.com", "Ada"], ["bob@example.com", "Bob, the other; one"]]
    text = line_end.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    sheet = _sheet(text)
    assert [sheet.delimiter, sheet.header, *(row.cells for row in sheet.rows)] == [delimiter, *lines]


def test_a_file_without_names_of_columns_has_people_from_its_first_line_on():
    sheet = _sheet("ada@example.com,Ada\nbob@example.com,Bob\n")
    assert sheet.header == []
    assert [row.number for row in sheet.rows] == [1, 2]


def test_a_cell_may_hold_lines():
    assert _rows('email,note\nada@example.com,"one\ntwo"\nbob@example.com,x\n')[0][1][1] == "one\ntwo"


def test_a_quotation_mark_that_is_never_closed_breaks_its_own_line_only():
    content = 'email,name\nada@example.com,"Ada\n' + "".join(f"p{n}@example.com,P\n" for n in range(500))
    rows = list(_sheet(content).rows)
    assert [(row.number, row.is_broken) for row in rows[:3]] == [(2, True), (3, False), (4, False)]
    assert len(rows) == 501


def test_a_text_that_is_far_too_long_breaks_its_own_line_only():
    content = "email,name\nada@example.com,Ada\n" + f'x@example.com,"{"x" * 300_000}"\n' + "bob@example.com,Bob\n"
    rows = [row for row in _sheet(content).rows if not row.is_broken]
    assert [rows[0].cells[0], rows[-1].cells[0]] == ["ada@example.com", "bob@example.com"]
    assert len(rows) < 10


def test_what_no_database_stores_is_left_out():
    assert _rows(b"email,name\n" + b" " * 5000 + b"\nada@example.com,A\0da\n")[0][1] == ["ada@example.com", "Ada"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n  \n,,\n \n", "empty"),
        (b"PK\x03\x04 a sheet", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0 an old sheet", "spreadsheet"),
        (bytes(range(256)) * 20, "binary"),
    ],
)
def test_what_is_no_csv_is_refused_with_the_reason(content, code):
    with pytest.raises(reading.Unreadable) as refused:
        _sheet(content)
    assert refused.value.code == code


@given(st.binary(max_size=300))
def test_whatever_is_uploaded_is_read_or_refused(content):
    try:
        rows = list(_sheet(content).rows)
    except reading.Unreadable:
        return
    assert all(isinstance(cell, str) and "\0" not in cell for row in rows for cell in row.cells)
