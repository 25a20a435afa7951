"""A report's answer as a page shows it: figures, charts, and a table whose every number opens what is behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.charts import draw
from reports.charts.drawing import Drawing
from reports.custom import asking, charting, sentences
from reports.custom.measures import heading
from reports.custom.results import Cell, Head, Place, Result, Row
from reports.pages.custom.asked import Asked, compact

# Nobody waits longer for a page.
SECONDS = 20.0

type Link = Callable[[Place, str], SafeString]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measure of everything: its name, and its numbers, of several currencies each with its code."""

    label: str
    values: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page of a report shows; without a `result` it took too long."""

    asked: Asked
    sentence: str
    result: Result | None
    moment: datetime
    heads: tuple[Head, ...] = ()
    rows: list[list[SafeString]] = field(default_factory=list)
    totals: list[list[SafeString]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    fits: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False

    @property
    def why_no_chart(self) -> str:
        """Say why the chart that is wanted is not there; nothing where it is, or none is wanted."""
        return self.fits.get(self.asked.definition.chart, "")

    @property
    def has_groups(self) -> bool:
        """Whether there are groups, rather than everything together."""
        return any(not head.is_measure for head in self.heads)

    @property
    def most_labels(self) -> int:
        """Return how many labels a chart has at most."""
        return charting.MOST_LABELS

    @property
    def has_more(self) -> bool:
        """Whether there are more groups than are shown."""
        return self.result is not None and self.result.count > len(self.result.rows)

    @property
    def is_empty(self) -> bool:
        """Whether nothing matches."""
        return self.result is not None and not self.result.count


def show(asked: Asked, *, may_open: bool) -> Shown:
    """Ask a report for a page; who may not see people and payments gets the numbers without what is behind them."""
    moment, definition = timezone.now(), asked.definition
    sentence = sentences.sentence(definition)
    try:
        result = asking.run(definition, seconds=SECONDS)
    except asking.TooSlow:
        return Shown(asked=asked, sentence=sentence, result=None, moment=moment)
    link = _link(asked) if may_open else _plain
    has_groups = any(not head.is_measure and not head.is_added for head in result.heads)
    return Shown(
        asked=asked,
        sentence=sentence,
        result=result,
        moment=moment,
        heads=result.heads,
        rows=[_cells(result.heads, row, link) for row in result.rows],
        totals=[_cells(result.heads, row, link) for row in result.totals] if has_groups else [],
        figures=list(_figures(asked, result)),
        drawings=[draw(one) for one in charting.charts(definition, result)],
        fits=charting.fitting(definition, result),
        is_cut=charting.is_cut(definition, result),
    )


def _cells(heads: Iterable[Head], row: Row, link: Link) -> list[SafeString]:
    """Write the cells of a row; the first one opens all records of the row."""
    made = []
    for number, (head, cell) in enumerate(zip(heads, row.cells, strict=True)):
        made.append(_cell(head, cell, _place(row, cell, is_first=number == 0), link))
    return made


def _place(row: Row, cell: Cell, *, is_first: bool) -> Place | None:
    if cell.value in (0, None) and cell.place is not None:
        return None  # there is nothing behind it
    return cell.place if cell.place is not None else row.place if is_first else None


def _cell(head: Head, cell: Cell, place: Place | None, link: Link) -> SafeString:
    words = link(place, cell.words) if place is not None else _plain({}, cell.words)
    if head.is_numeric:
        return format_html('<td class="rt-number">{}</td>', words)
    return format_html('<td><span class="cr-text">{}</span></td>', words)


def _link(asked: Asked) -> Link:
    """Return what makes a number open its records: a link where there is an address, or else a button that posts."""
    if asked.report is None:
        return lambda place, words: format_html(
            '<button class="rt-link" form="cr-behind" name="place" value="{}">{}</button>', compact(place), words
        )
    address, days = reverse("custom_report_behind", args=[asked.report.pk]), asked.days.query
    return lambda place, words: format_html(
        '<a class="rt-link" href="{}?{}">{}</a>', address, urlencode({**days, "place": compact(place)}), words
    )


def _plain(_place: Place, words: str) -> SafeString:
    return format_html("{}", words)


def _figures(asked: Asked, result: Result) -> Iterable[Figure]:
    """Tell the totals of the measures, without those of the columns."""
    several = len(result.totals) > 1
    for at, head in enumerate(result.heads):
        if head.measure is None or head.column is not None:
            continue
        measure = asked.definition.measures[head.measure]
        cells = [(row, row.cells[at]) for row in result.totals]
        values = [(cell.words, _code(result, row, cell) if several else "") for row, cell in cells]
        yield Figure(label=heading(measure.source, measure.how), values=values)


def _code(result: Result, row: Row, cell: Cell) -> str:
    """Name the currency of a number that does not show it."""
    added: Any = next((row.cells[at].words for at, head in enumerate(result.heads) if head.is_added), "")
    return "" if cell.currency else str(added or row.place.get("currency", "")).upper()
