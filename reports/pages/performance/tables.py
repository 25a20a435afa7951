"""A table of numbers: one row for each thing, one column for each measure, sorted, paged, and as CSV."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext

from reports.pages.performance.filters import Filters
from reports.pages.performance.measures import Measure, change, percent

PER_PAGE = 100
_LAST = float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What a row is about, with its numbers in the period and in the one before; `own` is said in the address of its
    people.
    """

    name: str
    now: Any
    before: Any
    url: str = ""
    note: str = ""
    labels: Sequence[str] = ()
    own: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One number as it stands in a cell or a figure."""

    measure: Measure
    words: str
    share: str = ""
    change: str = ""
    look: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it is shown."""

    thing: Thing
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One column's head; `url` sorts by it, `sorted` says "ascending" or "descending" where it is sorted by it."""

    label: Any
    help: Any
    url: str
    sorted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A whole table; `total` is None where there is but one row."""

    first: Head
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    total: Row | None
    page: "Page[Thing]"
    query: str


def shown(measure: Measure, thing: Thing, people: Callable[[str, str], str]) -> Shown:
    """Write one number; `people` makes the address of those behind it from what it counts and what its row is."""
    value, before = measure.value(thing.now), measure.value(thing.before)
    share = measure.share(thing.now) if measure.share and value else None
    words, look = change(measure, value, before)
    return Shown(
        measure=measure,
        words=measure.written(value),
        share=percent(share) if share is not None else "",
        change=words,
        look=look,
        url=people(measure.people, thing.own) if measure.people and value else "",
    )


def made(
    things: Iterable[Thing],
    measures: Sequence[Measure],
    filters: Filters,
    people: Callable[[str, str], str],
    *,
    first: Any,
    total: Thing | None = None,
    page: str = "",
) -> Table:
    """Make the table of things, sorted as the filters say or by name."""
    ordered = ordered_by(things, measures, filters.sort)
    cut = Paginator(ordered, PER_PAGE).get_page(page)
    return Table(
        first=_head("name", first, "", filters),
        heads=tuple(_head(one.name, one.label, one.help, filters) for one in measures),
        rows=tuple(_row(thing, measures, people) for thing in cut.object_list),
        total=_row(total, measures, people) if total and len(ordered) > 1 else None,
        page=cut,
        query=filters.query(),
    )


def ordered_by(things: Iterable[Thing], measures: Sequence[Measure], sort: str) -> list[Thing]:
    """Sort things by a measure's name, with a minus downwards, and else by their names; empty values are last."""
    ordered = sorted(things, key=lambda one: one.name.casefold())
    name, is_downwards = sort.removeprefix("-"), sort.startswith("-")
    measure = next((one for one in measures if one.name == name), None)
    if measure is None:
        return ordered[::-1] if is_downwards and name == "name" else ordered

    def value(thing: Thing) -> float:
        found = measure.value(thing.now)
        return _LAST if found is None else (found if is_downwards else -found)

    return sorted(ordered, key=value, reverse=True)


def columns(measures: Sequence[Measure], first: Any) -> list[Any]:
    """Name the columns of the CSV: each measure now and before, and its share."""
    before = gettext("%(label)s, before")
    shares = gettext("%(label)s, %% of sent")
    found = [first]
    for one in measures:
        found.append(one.label)
        found += [shares % {"label": one.label}] if one.share else []
        found += [] if one.is_now else [before % {"label": one.label}]
    return found


def lines(things: Iterable[Thing], measures: Sequence[Measure]) -> Iterator[list[Any]]:
    """Write the rows of the CSV, as plain numbers."""
    for thing in things:
        line: list[Any] = [thing.name]
        for one in measures:
            line.append(_plain(one.value(thing.now)))
            line += [_plain(one.share(thing.now))] if one.share else []
            line += [] if one.is_now else [_plain(one.value(thing.before))]
        yield line


def _plain(value: float | None) -> Any:
    return round(value, 2) if isinstance(value, float) else value


def _row(thing: Thing, measures: Sequence[Measure], people: Callable[[str, str], str]) -> Row:
    return Row(thing=thing, cells=tuple(shown(one, thing, people) for one in measures))


def _head(name: str, label: Any, help: Any, filters: Filters) -> Head:
    """Make a head that sorts downwards first, as one looks for the most, but names by the alphabet."""
    ways = (name, f"-{name}") if name == "name" else (f"-{name}", name)
    wanted = ways[1] if filters.sort == ways[0] else ways[0]
    found = {name: "ascending", f"-{name}": "descending"}.get(filters.sort, "")
    return Head(label=label, help=help, url="?" + filters.query(sort=wanted), sorted=found)
