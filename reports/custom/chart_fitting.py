"""Which kinds of charts fit a result, and why others do not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.custom.measures import PEOPLE
from reports.custom.results import Result
from reports.custom.shape import Definition

# ways of counting whose parts make a whole
_PARTS = ("count", "sum", "share")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a chart can be made of: the first group, by which it goes, and what makes several series."""

    definition: Definition
    result: Result

    @property
    def groups(self) -> list[int]:
        """Return the places of the groups that somebody chose, without an added currency."""
        return [at for at, head in enumerate(self.result.heads) if not head.is_measure and not head.is_added]

    @property
    def added(self) -> int | None:
        """Return the place of the currency that was added; None where there is none."""
        return next((at for at, head in enumerate(self.result.heads) if head.is_added), None)

    @property
    def measures(self) -> list[int]:
        """Return the places of what is drawn: the first measure, with those beside it that are counted in the same."""
        heads = self.result.heads
        first = next((head for head in heads if head.is_measure), None)
        if first is None:
            return []
        alike = [at for at, head in enumerate(heads) if head.is_measure and head.kind == first.kind]
        if self.is_split:
            alike = [at for at in alike if heads[at].measure == first.measure]
        if self.definition.across:
            alike = [at for at in alike if heads[at].column is not None]
        return alike[:1] if self.definition.chart == "pie" and not self.is_split else alike

    @property
    def is_split(self) -> bool:
        """Whether a second group, or the columns, make the series."""
        return bool(self.definition.across) or len(self.groups) == 2

    @property
    def is_whole(self) -> bool:
        """Whether the numbers that are drawn are parts of a whole; people are not, who may be in several."""
        at = self.result.heads[self.measures[0]].measure
        one = self.definition.measures[at or 0]
        return one.how in _PARTS and one.source.kind != PEOPLE

    def values(self) -> Iterator[Any]:
        """Return all numbers that would be drawn."""
        return (row.cells[at].value for row in self.result.rows for at in self.measures)


def _why_none(shape: Shape) -> Any:
    if not shape.measures or not shape.groups:
        return _("A chart needs something in the rows, and something in the values.")
    return "" if shape.result.rows else _("There is nothing to draw.")


def _why_no_line(shape: Shape) -> Any:
    is_date = shape.result.heads[shape.groups[0]].kind == "date"
    return "" if is_date else _("A line needs a date as the first of the rows.")


def _why_no_bar(shape: Shape) -> Any:
    return ""


def _why_no_stack(shape: Shape) -> Any:
    if not shape.is_whole or shape.result.heads[shape.measures[0]].kind == "share":
        return _("Only counts and sums can stand on each other.")
    if not shape.is_split:
        return _("Stacked bars need a second dimension, in the rows or in the columns.")
    return _why_negative(shape)


def _why_no_pie(shape: Shape) -> Any:
    if not shape.is_whole:
        return _("Only counts, sums and shares are parts of a whole.")
    if shape.is_split:
        return _("A pie shows one value by one dimension.")
    return _why_negative(shape)


def _why_negative(shape: Shape) -> Any:
    return _("Some of the values are below zero.") if any((value or 0) < 0 for value in shape.values()) else ""


_WHYS: dict[str, Callable[[Shape], Any]] = {
    "line": _why_no_line,
    "bar": _why_no_bar,
    "stacked": _why_no_stack,
    "pie": _why_no_pie,
}


def fitting(definition: Definition, result: Result) -> dict[str, str]:
    """Return for each kind of chart why it does not fit this result, empty where it does."""
    shape = Shape(definition=definition, result=result)
    reason = _why_none(shape)
    return {kind: str(reason or why(shape)) for kind, why in _WHYS.items()}
