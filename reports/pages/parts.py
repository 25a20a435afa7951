"""What a report's page is made of: figures, charts, tables and words; and a table as CSV."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from config.audit.csv_export import written
from reports.charts import Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, what it is, what is said below it, and where those behind it are listed."""

    label: Any
    value: str
    note: str = ""
    meaning: Any = ""
    href: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell: its words, the plain value that a file gets, where it leads, and how dark it is, from 0 to 100.

    One `is_long` takes several lines.
    """

    words: str
    value: Any = None
    href: str = ""
    shade: int | None = None
    is_long: bool = False

    @property
    def plain(self) -> Any:
        """Return what a file gets."""
        return self.words if self.value is None else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A column's head, with what it means."""

    words: Any
    meaning: Any = ""
    is_number: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; the first cell of a row names it. `foot` are the totals, where there are some."""

    name: str
    title: Any
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Cell] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole report; `words` are its definitions, `notes` what has to be said of these very numbers."""

    title: Any
    intro: Any
    figures: Sequence[Figure] = ()
    drawings: Sequence[Drawing] = ()
    tables: Sequence[Table] = ()
    words: Sequence[tuple[Any, Any]] = ()
    notes: Sequence[str] = ()


def respond(request: HttpRequest, template: str, page: Page, context: dict[str, Any]) -> HttpResponseBase:
    """Show a report, or hand over the table that `csv` names."""
    table = next((one for one in page.tables if one.name == request.GET.get("csv")), None)
    if table:
        return as_csv(table.name, [head.words for head in table.heads], _lines(table))
    query = request.GET.copy()
    query.pop("csv", None)
    return render(request, template, {**context, "report": page, "query": query.urlencode()})


def as_csv(name: str, heads: Sequence[Any], lines: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Answer with a file."""
    answer = StreamingHttpResponse(written(heads, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def link(name: str, *args: Any, **query: Any) -> str:
    """Return an address with what it is asked."""
    return reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")


def _lines(table: Table) -> Iterable[list[Any]]:
    for row in (*table.rows, *([table.foot] if table.foot else [])):
        yield [cell.plain for cell in row]
