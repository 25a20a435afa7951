"""A chart as shapes in shares of its area, from 0 to 100, so that it fits any width while its texts keep their size."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

from reports.charts.chart import Chart, Series
from reports.charts.scale import Scale, fitting

# As many colours as the stylesheet has; the next series begin again.
COLOURS = 8
# Labels that fit below a chart beside each other.
_LABELS = 12
# On a phone there is room for one of so many.
_SPARSE = 3
# Slices of a pie that can be told apart.
_SLICES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar with its colour's number."""

    colour: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A piece of a line, from one point to the next."""

    colour: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A point of a line."""

    colour: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A slice of a pie: its outline on a circle around (0, 0) of radius 1."""

    colour: int
    path: str
    name: str
    value: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What belongs to one label: where it lies, and what is said of each series there."""

    label: str
    left: float
    width: float
    is_labelled: bool
    is_spare: bool
    values: tuple[tuple[int, str, str], ...]

    @property
    def middle(self) -> float:
        """Return where its label stands."""
        return self.left + self.width / 2

    @property
    def is_late(self) -> bool:
        """Whether it lies in the right half, where what is said of it opens to the left."""
        return self.middle > 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark of the axis."""

    bottom: float
    words: str
    is_zero: bool

    @property
    def top(self) -> float:
        """Return how far down it stands."""
        return 100 - self.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart as its template takes it; `legend` has colour and name of each series where there are several."""

    chart: Chart
    legend: tuple[tuple[int, str], ...] = ()
    ticks: tuple[Tick, ...] = ()
    columns: tuple[Column, ...] = ()
    bars: tuple[Bar, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    dots: tuple[Dot, ...] = ()
    slices: tuple[Slice, ...] = ()

    @property
    def labelled(self) -> int:
        """Return how many labels stand below it."""
        return sum(one.is_labelled for one in self.columns)

    @property
    def heads(self) -> list[str]:
        """Name the columns of the table behind it."""
        return [one.name for one in self.chart.series]

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """Return the table behind it."""
        return [
            (label, [_written(self.chart, one.values[place]) for one in self.chart.series])
            for place, label in enumerate(self.chart.labels)
        ]


def draw(chart: Chart) -> Drawing:
    """Draw a chart."""
    if chart.is_empty:
        return Drawing(chart=chart)
    return _pie(chart) if chart.kind == "pie" else _with_axes(chart)


def _with_axes(chart: Chart) -> Drawing:
    scale = fitting(*_extremes(chart), whole=chart.whole)
    shapes = _SHAPES[chart.kind](chart, scale)
    several = len(chart.series) > 1
    return Drawing(
        chart=chart,
        legend=tuple((_colour(number), one.name) for number, one in enumerate(chart.series)) if several else (),
        ticks=tuple(
            Tick(bottom=scale.share(value), words=(chart.marked or chart.written)(value), is_zero=not value)
            for value in scale.ticks
        ),
        columns=_columns(chart),
        **shapes,
    )


def _extremes(chart: Chart) -> tuple[float, float]:
    if chart.kind == "stacked":
        heights = [[one.values[place] or 0 for one in chart.series] for place in range(len(chart.labels))]
        ups = [sum(value for value in values if value > 0) for values in heights]
        downs = [sum(value for value in values if value < 0) for values in heights]
        return min(downs), max(ups)
    values = [value for one in chart.series for value in one.values if value is not None]
    return min(values), max(values)


def _columns(chart: Chart) -> tuple[Column, ...]:
    width = 100 / len(chart.labels)
    every = math.ceil(len(chart.labels) / _LABELS)
    return tuple(
        Column(
            label=label,
            left=place * width,
            width=width,
            is_labelled=place % every == 0,
            is_spare=bool(place // every % _SPARSE) and len(chart.labels) > _LABELS // _SPARSE,
            values=tuple(
                (_colour(number), one.name, _written(chart, one.values[place]))
                for number, one in enumerate(chart.series)
            ),
        )
        for place, label in enumerate(chart.labels)
    )


def _lines(chart: Chart, scale: Scale) -> dict[str, Any]:
    width = 100 / len(chart.labels)
    lines = [
        [
            None if value is None else Dot(colour=_colour(number), x=(place + 0.5) * width, y=100 - scale.share(value))
            for place, value in enumerate(one.values)
        ]
        for number, one in enumerate(chart.series)
    ]
    strokes = tuple(
        Stroke(colour=a.colour, x1=a.x, y1=a.y, x2=b.x, y2=b.y) for line in lines for a, b in pairwise(line) if a and b
    )
    return {"strokes": strokes, "dots": tuple(dot for line in lines for dot in line if dot)}


def _bars(chart: Chart, scale: Scale) -> dict[str, Any]:
    column = 100 / len(chart.labels)
    width = 0.7 * column / len(chart.series)
    return {
        "bars": tuple(
            _bar(number, place * column + 0.15 * column + number * width, width, (0.0, value), scale)
            for number, one in enumerate(chart.series)
            for place, value in enumerate(one.values)
            if value
        )
    }


def _stacks(chart: Chart, scale: Scale) -> dict[str, Any]:
    column = 100 / len(chart.labels)
    bars = []
    for place in range(len(chart.labels)):
        ends = {True: 0.0, False: 0.0}  # of what goes up, and of what goes down
        for number, one in enumerate(chart.series):
            if value := one.values[place]:
                begin = ends[value > 0]
                ends[value > 0] = begin + value
                bars.append(_bar(number, (place + 0.15) * column, 0.7 * column, (begin, begin + value), scale))
    return {"bars": tuple(bars)}


# kind of a chart with axes -> what draws its shapes, by their names in a drawing
_SHAPES: dict[str, Callable[[Chart, Scale], dict[str, Any]]] = {"line": _lines, "bar": _bars, "stacked": _stacks}


def _bar(number: int, left: float, width: float, span: tuple[float, float], scale: Scale) -> Bar:
    low, high = sorted(scale.share(value) for value in span)
    return Bar(colour=_colour(number), left=left, top=100 - high, width=width, height=high - low)


def _pie(chart: Chart) -> Drawing:
    parts = _parts(chart, chart.series[0])
    total = sum(value for _name, value in parts)
    slices, turned = [], 0.0
    for number, (name, value) in enumerate(parts):
        share = value / total
        slices.append(
            Slice(
                colour=_colour(number),
                path=_arc(turned, turned + share),
                name=name,
                value=chart.written(value),
                share=f"{100 * share:.0f}",
            )
        )
        turned += share
    return Drawing(chart=chart, slices=tuple(slices))


def _parts(chart: Chart, series: Series) -> list[tuple[str, float]]:
    """Return the slices, the largest first, and what is too much to be told apart in one."""
    found = [(label, value) for label, value in zip(chart.labels, series.values, strict=True) if value]
    if any(value < 0 for _label, value in found):
        raise ValueError("a pie has no negative slices")
    found.sort(key=lambda one: -one[1])
    if len(found) <= _SLICES:
        return found
    rest = sum(value for _label, value in found[_SLICES - 1 :])
    return [*found[: _SLICES - 1], (gettext("Others"), rest)]


def _arc(begin: float, end: float) -> str:
    """Write the outline of a slice, from the top and clockwise; begin and end in turns."""
    if end - begin > 1 - 1e-9:
        return "M0 -1A1 1 0 1 1 0 1A1 1 0 1 1 0 -1Z"
    (x1, y1), (x2, y2) = ((math.sin(2 * math.pi * turn), -math.cos(2 * math.pi * turn)) for turn in (begin, end))
    return f"M0 0L{x1:.4f} {y1:.4f}A1 1 0 {int(end - begin > 0.5)} 1 {x2:.4f} {y2:.4f}Z"


def _colour(number: int) -> int:
    return number % COLOURS + 1


def _written(chart: Chart, value: float | None) -> str:
    return "–" if value is None else chart.written(value)
