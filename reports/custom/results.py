"""What a report answers: a table of plain data with the words for people beside it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

type Plain = Decimal | int | str | date | bool | None
# Which records are meant, as JSON: {"groups": [raw value, …], "currency": code, "across": raw value}. A part that is
# missing means all; {"others": [raw value, …]} as `across` means all but these. `behind.records` takes it.
type Place = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column.

    `kind` is text, date, choice, flag, number, money or share. `measure` is the measure's number, None for a group;
    `column` is the place of the across value among those that are shown, None where the cell is about all of them.
    `is_added` marks the currency that nobody chose, and that stands here so that nothing is added across currencies.
    """

    key: str
    label: str
    is_measure: bool
    is_numeric: bool
    kind: str = "text"
    measure: int | None = None
    column: int | None = None
    is_added: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value: as plain data, and as the reader's language writes it. `currency` is that of money, empty otherwise.

    `place` says which records it is about; None for the cells of groups, where the row's says it.
    """

    value: Plain
    words: str
    currency: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One group, or a total; `cells` stand in the order of the heads."""

    cells: tuple[Cell, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer: `rows` are the first of the `count` groups; of `totals` there is one a currency.

    `notes` are sentences that a reader needs to understand the numbers.
    """

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]
    count: int
    notes: tuple[str, ...] = field(default=())
