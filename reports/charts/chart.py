"""What a chart shows, without a thought for how it looks."""

from collections.abc import Callable
from dataclasses import dataclass

KINDS = ("line", "bar", "stacked", "pie")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line, or the bars of one colour; a value for each label of the chart, None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of one of `KINDS`; `written` says a value in the reader's language, `marked` briefly beside the axis.
    Where they are counts, which are `whole`, no mark of the axis lies between them.

    A pie shows the first series, whose values must not be negative.
    """

    kind: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    written: Callable[[float], str]
    marked: Callable[[float], str] | None = None
    whole: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such chart: {self.kind}")
        if any(len(one.values) != len(self.labels) for one in self.series):
            raise ValueError("a chart has a value of each series for each label")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for one in self.series for value in one.values)
