"""A place of a report in words: which row and which column a number stands in."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reports.custom import keys
from reports.custom.dimensions import Dimension, no_value
from reports.custom.results import Place
from reports.custom.shape import Definition, Group
from reports.custom.showing import day_words

_WORDS: dict[str, Callable[[Group, Any], str]] = {
    keys.DATE.name: lambda group, raw: day_words(date.fromisoformat(raw), group.unit),
    keys.FLAG.name: lambda _group, raw: _("Yes") if raw else _("No"),
}


def words(definition: Definition, place: Place, record: Any = None) -> list[tuple[str, str]]:
    """Return each dimension with its value at the place; nothing for a place that is about everything.

    A text is spelled as in `record`, one of those that are there.
    """
    groups = zip(definition.groups, place.get("groups") or (), strict=False)
    said = [(str(group.dimension.label), _spelled(group, record) or _value(group, raw)) for group, raw in groups]
    if definition.across and "across" in place:
        said.append((str(definition.across.dimension.label), _value(definition.across, place["across"])))
    if code := place.get("currency"):
        said.append((_("Currency"), str(code).upper()))
    return said


def _spelled(group: Group, record: Any) -> str:
    """Spell a text as a record does; empty where it is no text, or not the record's own."""
    if group.dimension.kind is not keys.TEXT or not group.dimension.path or record is None:
        return ""
    for name in group.dimension.path.split("__"):
        record = getattr(record, name, None)
    return str(record or "").strip()


def _value(group: Group, raw: Any) -> str:
    dimension = group.dimension
    if raw is None:
        return no_value(dimension)
    if isinstance(raw, dict):
        return _("Others")
    if dimension.kind.name in _WORDS:
        return _WORDS[dimension.kind.name](group, raw)
    return _named(dimension, raw)


def _named(dimension: Dimension, raw: Any) -> str:
    if dimension.things is not None:
        return dimension.names({raw}).get(raw, f"#{raw}")
    return str(dimension.choices.get(raw, raw))
