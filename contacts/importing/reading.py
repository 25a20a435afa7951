"""A file as rows of text, whatever a spreadsheet made of it: its encoding, its delimiter, and rows one after the other.

The file is streamed; at no time is more of it in memory than one row.
"""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import IO, Any

from contacts.services import email_key

LARGEST = 50 * 1024 * 1024
DELIMITERS = (",", ";", "\t")
# A record that spans more lines than these has a quotation mark that is never closed.
_LINES_OF_A_RECORD = 200
_LONGEST_LINE = 100_000
# Signs of a broken line that are kept, to be shown.
_SHOWN = 500
_READ_AT_ONCE = 1 << 16
_LOOKED_AT = 20  # records, for the delimiter
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# How files begin that are no text: what people upload instead of a CSV.
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Unreadable(Exception):
    """The file is no CSV; `code` says why: "spreadsheet", "binary" or "empty"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record that is not blank: its number as a spreadsheet counts, its cells, and whether it can be read."""

    number: int
    cells: list[str]
    is_broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file that can be read: how, the names of its columns (none where it does not name them), and its rows."""

    encoding: str
    delimiter: str
    header: list[str]
    rows: Iterator[Row]


def read(file: IO[bytes]) -> Sheet:
    """Find out how a file is to be read; its rows are read as they are asked for. Raise Unreadable."""
    encoding = _encoding(file)
    delimiter = _delimiter(file, encoding)
    first = next(_records(_text(file, encoding), delimiter), None)
    if first is None:
        raise Unreadable("empty")
    is_header = not any(email_key(cell) for cell in first.cells)
    rows = _records(_text(file, encoding), delimiter)
    if is_header:
        rows = islice(rows, 1, None)
    header = [cell.strip() for cell in first.cells] if is_header else []
    return Sheet(encoding=encoding, delimiter=delimiter, header=header, rows=rows)


def _encoding(file: IO[bytes]) -> str:
    """Tell the encoding by the mark at the start, by the zeros of UTF-16, or by trying; Windows-1252 takes the rest."""
    file.seek(0)
    start = file.read(4096)
    if start.startswith((_ZIP, _OLD_OFFICE)):
        raise Unreadable("spreadsheet")
    if found := next((name for mark, name in _BOMS.items() if start.startswith(mark)), ""):
        return found
    if b"\0" in start:
        return _without_mark(start)
    return "utf-8" if _is_utf8(file) else "cp1252"


def _without_mark(start: bytes) -> str:
    """Every other byte of plain words is zero in UTF-16."""
    zeros = [start[place::2].count(0) * 4 > len(start) for place in (0, 1)]
    found = {(False, True): "utf-16-le", (True, False): "utf-16-be"}.get((zeros[0], zeros[1]))
    if found is None:
        raise Unreadable("binary")
    return found


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while part := file.read(_READ_AT_ONCE):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


class _Borrowed(io.RawIOBase):
    """A file that stays open when its reader is thrown away."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._file.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


def _text(file: IO[bytes], encoding: str) -> Iterator[str]:
    """Yield the lines, each with its end; what no database stores is left out."""
    file.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(_Borrowed(file)), encoding=encoding, newline="", errors="replace")
    while line := text.readline(_LONGEST_LINE):
        yield line.replace("\0", "")


def _delimiter(file: IO[bytes], encoding: str) -> str:
    """Take the one that cuts the first records into the most columns, alike in as many of them as possible."""

    def columns(delimiter: str) -> tuple[int, int]:
        counts = [len(row.cells) for row in islice(_records(_text(file, encoding), delimiter), _LOOKED_AT)]
        most = max(counts, key=counts.count, default=0)
        return (counts.count(most), most) if most > 1 else (0, 0)

    return max(DELIMITERS, key=columns)


class _Lines:
    """Lines to be read and, where they are no record together, to be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._again = lines, deque[str]()
        self.taken: list[str] = []
        self.asked_too_far = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None or len(self.taken) == _LINES_OF_A_RECORD:
            self.asked_too_far = bool(self.taken)
            if line is not None:
                self._again.appendleft(line)
            raise StopIteration
        self.taken.append(line)
        return line

    def begin(self) -> None:
        """Begin a record."""
        self.taken, self.asked_too_far = [], False

    def keep_first(self) -> str:
        """Take the first line of the record alone, and read the others again."""
        first, *others = self.taken
        self._again.extendleft(reversed(others))
        return first


def _records(text: Iterator[str], delimiter: str) -> Iterator[Row]:
    """Yield what is not blank. A quotation mark that is never closed breaks its own line, and no other."""
    lines = _Lines(text)
    for number in count(1):
        lines.begin()
        try:
            cells = next(csv.reader(lines, delimiter=delimiter), None)
        except csv.Error:  # a field that is longer than any should be
            cells = None
        if cells is None and not lines.taken:
            return
        if cells is None or lines.asked_too_far:
            yield Row(number=number, cells=[lines.keep_first().strip()[:_SHOWN]], is_broken=True)
        elif any(cell.strip() for cell in cells):
            yield Row(number=number, cells=cells)
