"""The chart of a result, made of its rows.

Amounts of several currencies never share an axis: each currency has a chart of its own.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from babel import numbers
from django.utils.translation import gettext

from reports.charts.chart import Chart, Series
from reports.custom.chart_fitting import Shape, fitting
from reports.custom.keys import following
from reports.custom.measures import heading
from reports.custom.results import Head, Result, Row
from reports.custom.shape import Definition
from reports.custom.showing import day_words
from subscriptions.display import locale, money, number

MOST_LABELS = 60
MOST_SERIES = 8
MOST_CHARTS = 4
_MOST_DAYS = 400

__all__ = ["MOST_LABELS", "chart", "charts", "fitting", "is_cut"]


def chart(definition: Definition, result: Result) -> Chart | None:
    """Return the first chart; None where none is wanted, or the kind that is wanted does not fit."""
    return next(iter(charts(definition, result)), None)


def charts(definition: Definition, result: Result) -> list[Chart]:
    """Return the charts, one a currency."""
    if definition.chart == "none" or fitting(definition, result)[definition.chart]:
        return []
    shape = Shape(definition=definition, result=result)
    return [_of_currency(shape, code, rows) for code, rows in _by_currency(shape)][:MOST_CHARTS]


def is_cut(definition: Definition, result: Result) -> bool:
    """Say whether a chart has fewer labels than there are rows for them."""
    shape = Shape(definition=definition, result=result)
    if not shape.groups or result.heads[shape.groups[0]].kind == "date":
        return False
    drawn = charts(definition, result)
    return any(len(one.labels) == MOST_LABELS for one in drawn) and len(result.rows) > MOST_LABELS


def _by_currency(shape: Shape) -> list[tuple[str, list[Row]]]:
    """Divide the rows by currency, the most used first; what is no money has them as series where it can."""
    if shape.added is not None and _second(shape) == shape.added:
        return [("", list(shape.result.rows))]
    rows: dict[str, list[Row]] = {_currency_of(shape, row): [] for row in shape.result.totals}
    for row in shape.result.rows:
        rows.setdefault(_currency_of(shape, row), []).append(row)
    return [(code, several) for code, several in rows.items() if several]


def _currency_of(shape: Shape, row: Row) -> str:
    if shape.added is not None:
        return str(row.cells[shape.added].value or "")
    return next((code for at in shape.measures if (code := row.cells[at].currency)), "")


def _of_currency(shape: Shape, code: str, rows: list[Row]) -> Chart:
    heads = shape.result.heads
    second = _second(shape)
    labels, series = _by_measure(shape, rows) if second is None else _by_second(shape, rows, second)
    name = _title(shape, at_most=1 if second is not None else 3)
    return Chart(
        kind=shape.definition.chart,
        title=f"{name} ({code})" if code else name,
        labels=tuple(labels),
        series=tuple(Series(name=name, values=tuple(map(_float, values))) for name, values in series),
        written=_writer(heads[shape.measures[0]], code),
    )


def _second(shape: Shape) -> int | None:
    """Return the place of what makes the series: a second group, or the currencies of what is no money."""
    if shape.definition.across:
        return None
    if len(shape.groups) == 2:
        return shape.groups[1]
    is_money = shape.result.heads[shape.measures[0]].kind == "money"
    return shape.added if len(shape.groups) == 1 and not is_money and shape.definition.chart != "pie" else None


def _title(shape: Shape, *, at_most: int) -> str:
    """Name the measures that are drawn."""
    numbers_of = dict.fromkeys(shape.result.heads[at].measure for at in shape.measures)
    told = [shape.definition.measures[one] for one in numbers_of if one is not None]
    return ", ".join(heading(one.source, one.how) for one in told[:at_most])


def _by_measure(shape: Shape, rows: list[Row]) -> tuple[list[str], list[tuple[str, list[Any]]]]:
    """Let each row be a label, and each measure or column a series."""
    kept = _sorted(shape, rows)
    labels = [label for label, _row in kept]
    series = [
        (_name(shape, at), [row.cells[at].value if row else _nothing(shape) for _label, row in kept])
        for at in shape.measures
    ]
    return labels, _few(shape, series) if shape.is_split else series[:MOST_SERIES]


def _name(shape: Shape, at: int) -> str:
    """Name a series: a measure, or the column alone, since the title names what is in all of them."""
    label = shape.result.heads[at].label
    return label.removesuffix(f" · {_title(shape, at_most=1)}") if shape.definition.across else label


def _by_second(shape: Shape, rows: list[Row], second: int) -> tuple[list[str], list[tuple[str, list[Any]]]]:
    """Let the values of the first group be labels, and the largest of the second series."""
    at, first = shape.measures[0], shape.groups[0]
    cells = {(row.cells[first].words, row.cells[second].words): row.cells[at].value for row in rows}
    labels = list(dict.fromkeys(row.cells[first].words for row in _in_order(shape, rows)))[:MOST_LABELS]
    names = dict.fromkeys(row.cells[second].words for row in rows)
    series = [(name, [cells.get((label, name), _nothing(shape)) for label in labels]) for name in names]
    return labels, _few(shape, series)


def _few(shape: Shape, series: list[tuple[str, list[Any]]]) -> list[tuple[str, list[Any]]]:
    """Keep the largest series; what is part of a whole is not left out, but added to the others."""
    ordered = sorted(series, key=lambda pair: -sum(abs(_float(value) or 0) for value in pair[1]))
    if len(ordered) <= MOST_SERIES or not shape.is_whole:
        return ordered[:MOST_SERIES]
    rest = [values for _name, values in ordered[MOST_SERIES - 1 :]]
    others = [sum(value or 0 for value in several) for several in zip(*rest, strict=True)]
    return [*ordered[: MOST_SERIES - 1], (gettext("Others"), others)]


def _sorted(shape: Shape, rows: list[Row]) -> list[tuple[str, Row | None]]:
    """Return the rows with their labels: days in their order and without gaps, all else as the table has it."""
    ordered = _in_order(shape, rows)
    if shape.result.heads[shape.groups[0]].kind == "date" and len(shape.groups) == 1:
        return _without_gaps(shape, ordered)
    return [(_label(shape, row), row) for row in ordered[:MOST_LABELS]]


def _in_order(shape: Shape, rows: list[Row]) -> list[Row]:
    """Put days into their order, without what has none; all else is as the table has it."""
    first = shape.groups[0]
    if shape.result.heads[first].kind != "date":
        return rows
    dated = [row for row in rows if isinstance(row.cells[first].value, date)]
    return sorted(dated, key=lambda row: str(row.cells[first].value))


def _without_gaps(shape: Shape, dated: list[Row]) -> list[tuple[str, Row | None]]:
    """Put in days of which there is nothing, where what is shown is all that there is."""
    first = shape.groups[0]
    pairs: list[tuple[str, Row | None]] = [(_label(shape, row), row) for row in dated]
    if shape.result.count > len(shape.result.rows) or len(dated) < 2:
        return pairs
    unit = shape.definition.groups[0].unit
    known = {row.cells[first].value: pair for row, pair in zip(dated, pairs, strict=True)}
    days = list(_days(dated[0].cells[first].value, dated[-1].cells[first].value, unit))  # type: ignore[arg-type]
    if len(days) > _MOST_DAYS:
        return pairs
    return [known.get(day, (day_words(day, unit), None)) for day in days]


def _days(begin: date, end: date, unit: str) -> Iterator[date]:
    while begin <= end:
        yield begin
        begin = following(begin, unit)


def _label(shape: Shape, row: Row) -> str:
    return " · ".join(row.cells[at].words for at in shape.groups)


def _nothing(shape: Shape) -> int | None:
    """Return what a label has of which there is no row: nothing counted is zero, nothing measured is no number."""
    return 0 if shape.is_whole else None


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _writer(head: Head, currency: str) -> Callable[[float], str]:
    if head.kind == "money" and currency:
        return lambda value: money(Decimal(str(round(value, 4))), currency)
    if head.kind == "share":
        return lambda value: numbers.format_percent(value, format="#,##0.#%", locale=locale())
    return lambda value: number(Decimal(str(round(value, 4))))
