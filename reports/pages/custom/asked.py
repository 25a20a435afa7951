"""Which report a page is about: the saved one, perhaps with other days, or one that is posted as JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from reports.custom import reading
from reports.custom.reading import ReportError
from reports.custom.shape import Definition, During
from reports.custom.spans import SPANS
from reports.models import Report

# The words of addresses; "as_saved" is what is meant without them.
AS_SAVED, ALL, CUSTOM = "", "all", "custom"
# A longer report is posted from page to page instead of standing in the address.
LONGEST_ADDRESS = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days that somebody chose beside those of the report; `problem` says why they are not them."""

    of: str = ""
    span: str = AS_SAVED
    first: date | None = None
    last: date | None = None
    problem: str = ""

    @property
    def query(self) -> dict[str, str]:
        """What an address says of them; nothing where they are those of the report."""
        if self.span == AS_SAVED or self.problem:
            return {}
        days = {"from": str(self.first), "to": str(self.last)} if self.span == CUSTOM else {}
        return {"of": self.of, "span": self.span, **days}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A report that has been read; `report` is the saved one, if it is one, and `days` were chosen for it."""

    definition: Definition
    report: Report | None = None
    days: Days = field(default_factory=Days)

    @property
    def query(self) -> str:
        """What an address of the saved report says to mean this."""
        return urlencode(self.days.query)

    @property
    def json(self) -> str:
        """The report as JSON, as compact as can be."""
        return compact(self.definition.write())


def of_report(report: Report, told: Mapping[str, str]) -> Asked:
    """Read a saved report with the days of an address; raise ReportError."""
    definition = reading.read(report.definition)
    days = _days(definition, told)
    if not days.query:
        return Asked(definition=definition, report=report, days=days)
    return Asked(definition=replace(definition, during=_during(definition, days)), report=report, days=days)


def of_text(text: str) -> Asked:
    """Read a report that was typed or built; raise ReportError."""
    return Asked(definition=reading.read(parse(text)))


def parse(text: str | bytes) -> Any:
    """Return what stands in JSON; raise ReportError for what is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ReportError({"": _("This is no JSON.")}) from None


def compact(data: Any) -> str:
    """Write JSON without blanks."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def pretty(data: Any) -> str:
    """Write JSON as people read it."""
    return json.dumps(data, indent=2, ensure_ascii=False)


def _days(definition: Definition, told: Mapping[str, str]) -> Days:
    of, span = told.get("of", ""), told.get("span", AS_SAVED)
    dates = definition.about.dates
    if of not in dates:
        of = definition.during.dimension.key if definition.during else next(iter(dates), "")
    if span == CUSTOM:
        return _chosen(of, told)
    return Days(of=of, span=span if span in SPANS or span == ALL else AS_SAVED)


def _chosen(of: str, told: Mapping[str, str]) -> Days:
    first, last = (_day(told.get(name, "")) for name in ("from", "to"))
    if first and last and first <= last:
        return Days(of=of, span=CUSTOM, first=first, last=last)
    problem = _("Choose a first day and a last day that is not before it.")
    return Days(of=of, span=CUSTOM, first=first, last=last, problem=problem)


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1900 <= day.year < 9000 else None


def _during(definition: Definition, days: Days) -> During | None:
    if days.span == ALL or not days.of:
        return None
    dimension = definition.about.dates[days.of]
    if days.first and days.last:
        return During(dimension=dimension, first=days.first, last=days.last)
    return During(dimension=dimension, span=days.span)
