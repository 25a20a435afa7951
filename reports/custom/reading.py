"""Reading a report from JSON, strictly: what is wrong is said in the user's words, each with its path."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from reports.custom import where
from reports.custom.measures import Source
from reports.custom.objects import OBJECTS, PAYMENTS, Object
from reports.custom.shape import APART, CHARTS, CONVERTED, Definition, During, Group, Measure, Sort
from reports.custom.spans import SPANS
from subscriptions.segments.mistakes import Mistakes, SegmentError, Unreadable, Wrong, below

MOST_GROUPS, MOST_MEASURES, MOST_ROWS, MOST_BYTES = 3, 8, 1000, 64 * 1024
DEFAULT_LIMIT = 20
KEYS = {"about", "groups", "across", "measures", "where", "during", "money", "sort", "limit", "chart"}
_SORTED_BY = ("measure", "group")


class ReportError(Unreadable):
    """A report that cannot be read."""


def read(data: Any) -> Definition:
    """Read a report; raise ReportError with everything that is wrong."""
    mistakes = Mistakes()
    try:
        made = _read(data, mistakes)
    except Wrong as wrong:
        mistakes.complain(wrong.path, wrong.words)
    if mistakes.errors:
        raise ReportError(mistakes.errors)
    return made


def _read(data: Any, mistakes: Mistakes) -> Definition:
    _check_size(data)
    mistakes.only(data, "", KEYS)
    about = OBJECTS[_choice(data.get("about"), OBJECTS, "about")]
    groups = _several(mistakes, data.get("groups", []), "groups", MOST_GROUPS, lambda one, at: _group(about, one, at))
    measures = _several(
        mistakes, data.get("measures", []), "measures", MOST_MEASURES, lambda one, at: _measure(about, one, at)
    )
    if not data.get("measures"):
        mistakes.complain("measures", _("Choose what is to be counted."))
    told = data.get("across")
    across = _tried(mistakes, lambda: _group(about, told, "across")) if told is not None else None
    made = Definition(
        about=about,
        groups=groups,
        across=across,
        measures=measures,
        where=_tried(mistakes, lambda: _where(about, data.get("where"))),
        during=_tried(mistakes, lambda: _during(about, data.get("during"))),
        money=_tried(mistakes, lambda: _choice(data.get("money", APART), (APART, CONVERTED), "money")) or APART,
        sort=_tried(mistakes, lambda: _sort(data.get("sort"), groups, measures)) or _usual_sort(groups),
        limit=_tried(mistakes, lambda: _limit(data.get("limit", DEFAULT_LIMIT))) or DEFAULT_LIMIT,
        chart=_tried(mistakes, lambda: _choice(data.get("chart", "none"), CHARTS, "chart")) or "none",
    )
    _check_together(made, mistakes)
    return made


def _check_size(data: Any) -> None:
    if not isinstance(data, dict):
        raise Wrong("", _("must be an object"))
    try:
        size = len(json.dumps(data, default=str).encode())
    except (ValueError, RecursionError):
        size = MOST_BYTES + 1
    if size > MOST_BYTES:
        raise Wrong("", _("A report must not be larger than %(most)d KB.") % {"most": MOST_BYTES // 1024})


def _tried[Made](mistakes: Mistakes, read_part: Any) -> Any:
    """Read a part; what is wrong there is kept, so that the other parts are looked at too."""
    try:
        return read_part()
    except Wrong as wrong:
        mistakes.complain(wrong.path, wrong.words)
    except SegmentError as error:
        for path, words in error.errors.items():
            mistakes.complain(below("where", path) if path else "where", words)
    return None


def _several(mistakes: Mistakes, told: Any, path: str, most: int, read_one: Any) -> tuple[Any, ...]:
    if not isinstance(told, list):
        mistakes.complain(path, _("must be a list"))
        return ()
    if len(told) > most:
        mistakes.complain(path, _("must not have more than %(most)d entries") % {"most": most})
    made = (
        _tried(mistakes, lambda one=one, at=f"{path}[{number}]": read_one(one, at))
        for number, one in enumerate(told[:most])
    )
    return tuple(one for one in made if one is not None)


def _object(told: Any, path: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise Wrong(path, _("must be an object"))
    for key in told.keys() - known:
        raise Wrong(below(path, str(key)[:60]), _("is not known here"))
    return told


def _choice(told: Any, choices: Any, path: str) -> str:
    if not isinstance(told, str) or told not in choices:
        raise Wrong(path, _("must be one of: %(choices)s") % {"choices": ", ".join(choices)})
    return told


def _group(about: Object, told: Any, path: str) -> Group:
    told = _object(told, path, {"by", "unit"})
    dimension = about.dimensions.get(told.get("by")) if isinstance(told.get("by"), str) else None
    if dimension is None:
        raise Wrong(below(path, "by"), _not_there(about, told.get("by"), "dimensions"))
    if not dimension.units:
        if told.get("unit") not in (None, ""):
            raise Wrong(below(path, "unit"), _("only dates have a unit"))
        return Group(dimension=dimension)
    unit = told.get("unit") or "month"
    return Group(dimension=dimension, unit=_choice(unit, dimension.units, below(path, "unit")))


def _measure(about: Object, told: Any, path: str) -> Measure:
    told = _object(told, path, {"of", "as"})
    source = about.sources.get(told.get("of")) if isinstance(told.get("of"), str) else None
    if source is None:
        raise Wrong(below(path, "of"), _not_there(about, told.get("of"), "sources"))
    how = told.get("as") or source.hows[0]
    return Measure(source=source, how=_choice(how, source.hows, below(path, "as")))


def _not_there(about: Object, key: Any, among: str) -> str:
    """Say that a report has no such thing, and which reports have, if any."""
    others = [str(one.label) for one in OBJECTS.values() if isinstance(key, str) and key in getattr(one, among)]
    if others:
        words = _("is not there in a report about %(about)s; it is in one about: %(others)s")
        return words % {"about": str(about.label).lower(), "others": ", ".join(others).lower()}
    return _("there is no such field: %(name)s") % {"name": str(key)[:60]}


def _where(about: Object, told: Any) -> where.Where | None:
    return None if told is None else where.read(told, of_payments=about.key == PAYMENTS)


def _during(about: Object, told: Any) -> During | None:
    if told is None:
        return None
    told = _object(told, "during", {"of", "span", "from", "to"})
    dimension = about.dates[_choice(told.get("of"), about.dates, "during.of")]
    if told.get("span") is not None:
        if told.get("from") is not None or told.get("to") is not None:
            raise Wrong("during", _("must have either a span, or a first and a last day"))
        return During(dimension=dimension, span=_choice(told["span"], SPANS, "during.span"))
    first, last = (_day(told.get(key), f"during.{key}") for key in ("from", "to"))
    if last < first:
        raise Wrong("during.to", _("must not be before the first day"))
    return During(dimension=dimension, first=first, last=last)


def _day(told: Any, path: str) -> date:
    try:
        day = parse_date(told) if isinstance(told, str) else None
    except ValueError:
        day = None
    if day is None or not date(2, 1, 1) <= day <= date(9998, 12, 31):
        raise Wrong(path, _("must be a day, such as 2026-03-01"))
    return day


def _usual_sort(groups: tuple[Group, ...]) -> Sort:
    """Sort days by themselves, and everything else by how much it is."""
    if groups and groups[0].unit:
        return Sort(by="group", number=0, down=False)
    return Sort(by="measure", number=0, down=True)


def _sort(told: Any, groups: tuple[Group, ...], measures: tuple[Measure, ...]) -> Sort:
    if told is None:
        return _usual_sort(groups)
    told = _object(told, "sort", {"by", "number", "down"})
    by = _choice(told.get("by"), _SORTED_BY, "sort.by")
    number, down = told.get("number", 0), told.get("down", by == "measure")
    if type(number) is not int or not 0 <= number < len(measures if by == "measure" else groups):
        raise Wrong("sort.number", _("there is nothing of this number to sort by"))
    if type(down) is not bool:
        raise Wrong("sort.down", _("must be true or false"))
    return Sort(by=by, number=number, down=down)


def _limit(told: Any) -> int:
    if type(told) is not int or not 1 <= told <= MOST_ROWS:
        raise Wrong("limit", _("must be a whole number from 1 to %(most)d") % {"most": MOST_ROWS})
    return told


def _check_together(made: Definition, mistakes: Mistakes) -> None:
    """Complain of what makes no sense beside each other."""
    placed = {f"groups[{number}]": one for number, one in enumerate(made.groups)}
    if made.across:
        placed["across"] = made.across
    _check_twice(placed, mistakes, _("is chosen twice: take one of them out"))
    _check_twice(
        {f"measures[{number}]": one for number, one in enumerate(made.measures)},
        mistakes,
        _("is chosen twice: take one of them out"),
    )
    emails = {f"measures[{n}]": one.source for n, one in enumerate(made.measures) if one.source.follows_emails}
    following = [one.dimension for one in placed.values() if one.dimension.follows_emails]
    for path, source in emails.items() if following else ():
        mistakes.complain(path, _no_emails_by(source, str(following[0].label)))


def _check_twice(placed: Mapping[str, Any], mistakes: Mistakes, words: str) -> None:
    seen = set()
    for path, one in placed.items():
        if one in seen:
            mistakes.complain(path, words)
        seen.add(one)


def _no_emails_by(source: Source, field: str) -> str:
    words = _(
        "“%(number)s” cannot be counted by “%(field)s” here, where each e-mail would count several times: "
        "take one of them out, or make a report about e-mails"
    )
    return words % {"number": source.label, "field": field}
