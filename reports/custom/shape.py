"""What a report is made of, once it has been read."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from reports.custom import spans

if TYPE_CHECKING:
    from reports.custom.dimensions import Dimension
    from reports.custom.measures import Source
    from reports.custom.objects import Object
    from reports.custom.where import Where

UNITS = ("day", "week", "month", "quarter", "year")
CHARTS = ("none", "line", "bar", "stacked", "pie")
APART, CONVERTED = "apart", "converted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """By what records are grouped; `unit` is of a date, and empty otherwise."""

    dimension: "Dimension"
    unit: str = ""

    def write(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {"by": self.dimension.key} | ({"unit": self.unit} if self.unit else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is counted of a group: of what, and how."""

    source: "Source"
    how: str

    def write(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {"of": self.source.key, "as": self.how}


@dataclass(frozen=True, slots=True, kw_only=True)
class During:
    """Of which days a date of the records has to be: a `span` that moves with today, or from `first` to `last`."""

    dimension: "Dimension"
    span: str = ""
    first: date = date.min
    last: date = date.max

    def days(self, today: date) -> tuple[date, date]:
        """Return the first and the last day, as seen from today."""
        return spans.days(self.span, today) if self.span else (self.first, self.last)

    def write(self) -> dict[str, Any]:
        """Write it as JSON."""
        days = {"span": self.span} if self.span else {"from": str(self.first), "to": str(self.last)}
        return {"of": self.dimension.key} | days


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """By which measure or group rows are sorted, and whether the largest come first."""

    by: str
    number: int
    down: bool

    def write(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {"by": self.by, "number": self.number, "down": self.down}


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A report as it was asked for."""

    about: "Object"
    groups: tuple[Group, ...]
    across: Group | None
    measures: tuple[Measure, ...]
    where: "Where | None"
    during: During | None
    money: str
    sort: Sort
    limit: int
    chart: str

    def write(self) -> dict[str, Any]:
        """Write it as JSON, always in the same way."""
        return {
            "about": self.about.key,
            "groups": [one.write() for one in self.groups],
            "across": self.across.write() if self.across else None,
            "measures": [one.write() for one in self.measures],
            "where": self.where.write() if self.where else None,
            "during": self.during.write() if self.during else None,
            "money": self.money,
            "sort": self.sort.write(),
            "limit": self.limit,
            "chart": self.chart,
        }
