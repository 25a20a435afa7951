"""The numbers of a report, as the database answers them: rows, columns, cells and totals, each by its keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from reports.custom import measures, statements
from reports.custom.question import OTHERS, Question
from reports.custom.sql import Sql

MOST_COLUMNS = 30
# So many columns in so many currencies are looked at before it is known how many there are.
_MOST_AT_ONCE = 3_000
# The keys of a group, then that of its currency.
type Keys = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One group: the answers for the measures in order, how often records are in it, and how its keys are spelled."""

    values: tuple[Any, ...]
    size: int
    words: dict[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """`rows` are by the keys of the groups and the currency, `cells` by these and the key of the column, `totals` by
    the currency, and `totals_across` by the currency and the column. `columns` are the keys of those that are shown.
    """

    asked: Question
    count: int = 0
    rows: dict[Keys, Answered] = field(default_factory=dict)
    cells: dict[tuple[Keys, Any], Answered] = field(default_factory=dict)
    totals: dict[Keys, Answered] = field(default_factory=dict)
    totals_across: dict[tuple[Keys, Any], Answered] = field(default_factory=dict)
    columns: tuple[Any, ...] = ()

    @property
    def has_others(self) -> bool:
        """Whether there are more columns than are shown."""
        return self.asked.shown is not None


class Others:
    """The key of the column of all that have none."""


def fetch(asked: Question, *, most: int) -> Tables:
    """Ask the database; of the groups, the first so many."""
    try:
        return _fetch(asked, most)
    except EmptyResultSet:
        return Tables(asked=asked)


def _fetch(asked: Question, most: int) -> Tables:
    by = tuple(name for name in asked.slots if name != "a")
    return _pivot(asked, by, most) if "a" in asked.slots else _plain(asked, by, most)


def _plain(asked: Question, by: Sequence[str], most: int) -> Tables:
    """Ask for the rows and for the totals, at once where the rows make them up."""
    if by and statements.can_be_added(asked, dropped=by):
        found = _run(statements.first_with_totals(asked, by, most=most))
        added = [row for row in found if not row["total"]]
        found = [row for row in found if row["total"]]
    else:
        found = _run(statements.first(asked, by, most=most))
        added = _run(statements.groups(asked, ()))
    return Tables(
        asked=asked,
        count=found[0]["total"] if found else 0,
        rows={_keys(asked, by, row): _answered(asked, by, row) for row in found},
        totals={_keys(asked, (), row): _answered(asked, (), row) for row in added},
    )


def _pivot(asked: Question, by: Sequence[str], most: int) -> Tables:
    """Ask for the totals of the columns first, which say what columns there are."""
    found = _run(statements.groups(asked, ("a",), most=_MOST_AT_ONCE))
    columns = tuple({row["a"]: None for row in found})
    if len(columns) > MOST_COLUMNS or len(found) == _MOST_AT_ONCE:
        columns = tuple(row["a"] for row in _run(statements.largest(asked, most=MOST_COLUMNS)))
        asked = replace(asked, shown=columns)
        found = _run(statements.groups(asked, ("a",)))
    across = _by_column(asked, (), found)
    tables = Tables(asked=asked, columns=columns, totals_across=across)
    if statements.can_be_added(asked, dropped=("a",)):
        totals = _added(asked, ((key, answered) for (key, _column), answered in across.items()))
        return _at_once(replace(tables, totals=totals), by, most)
    return _one_by_one(tables, by, most)


def _at_once(tables: Tables, by: Sequence[str], most: int) -> Tables:
    asked = tables.asked
    found = _run(statements.pivoted(asked, by, most=most))
    rows = {_keys(asked, by, row): _answered(asked, by, row, prefix="t") for row in found}
    count = found[0]["total"] if found else 0
    return replace(tables, count=count, rows=rows, cells=_by_column(asked, by, found))


def _one_by_one(tables: Tables, by: Sequence[str], most: int) -> Tables:
    """Ask for rows and cells apart, since what cells say does not make up a row."""
    asked = tables.asked
    plain = _plain(replace(asked, shown=None), by, most)
    names = (*by, "a")
    has_all = plain.count <= len(plain.rows)
    cells = statements.groups(asked, names) if has_all else statements.within(asked, names, by, most=most)
    return replace(
        tables, count=plain.count, rows=plain.rows, totals=plain.totals, cells=_by_column(asked, by, _run(cells))
    )


def _added(asked: Question, parts: Iterable[tuple[Keys, Answered]]) -> dict[Keys, Answered]:
    """Make the totals out of their parts, each with the key of its total."""
    gathered: dict[Keys, list[Answered]] = {}
    for key, answered in parts:
        gathered.setdefault(key, []).append(answered)
    hows = [one.how for one in asked.definition.measures]
    return {
        key: Answered(
            values=tuple(measures.added(how, (one.values[n] for one in several)) for n, how in enumerate(hows)),
            size=sum(one.size for one in several),
            words={},
        )
        for key, several in gathered.items()
    }


def _by_column(asked: Question, by: Sequence[str], rows: list[dict[str, Any]]) -> dict[tuple[Keys, Any], Answered]:
    return {
        (_keys(asked, by, row), Others if row.get(OTHERS) else row["a"]): _answered(asked, (*by, "a"), row)
        for row in rows
    }


def _keys(asked: Question, by: Sequence[str], row: dict[str, Any]) -> Keys:
    return (*(row[name] for name in by), *([row["c"]] if asked.money.is_there else []))


def _answered(asked: Question, by: Sequence[str], row: dict[str, Any], *, prefix: str = "") -> Answered:
    """Read a row, or with the prefix "t" the whole row of which it is a cell."""
    values = tuple(row[f"{prefix or 'v'}{number}"] for number in range(len(asked.definition.measures)))
    named = {name: f"{prefix or 'w'}{name}" for name in by}
    words = {name: row[column] for name, column in named.items() if column in row}
    return Answered(values=values, size=row[f"{prefix}n"], words=words)


def _run(piece: Sql) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(piece.text, piece.params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
