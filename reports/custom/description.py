"""What the builder of reports is told: what they can be about, with dimensions and measures, as one tree of JSON."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports import currencies
from reports.custom import measures, reading
from reports.custom.dimensions import Dimension
from reports.custom.measures import Source
from reports.custom.objects import OBJECTS, Object
from reports.custom.sentences import UNIT_LABELS
from reports.custom.shape import APART, CHARTS, CONVERTED
from reports.custom.spans import SPANS
from reports.custom.tables import MOST_COLUMNS
from subscriptions.segments.description import GROUPS

# The sections in the order in which the tree shows them.
SECTIONS: dict[str, Any] = {
    "counts": _("Number"),
    **GROUPS,
    "automation": _("Automation"),
    "campaign": _("Campaign"),
    "engagement": _("Engagement"),
}
# Those that stand beside the object in the tree, and not below it.
BESIDE = ("contact", "automation", "campaign", "engagement")
CHART_LABELS: dict[str, Any] = {
    "none": _("No chart"),
    "line": _("Line"),
    "bar": _("Bars"),
    "stacked": _("Stacked bars"),
    "pie": _("Pie"),
}
MONEY_LABELS: dict[str, Any] = {
    APART: _("Each currency by itself"),
    CONVERTED: _("Converted into one currency"),
}


def description() -> dict[str, Any]:
    """Return it in the reader's language."""
    target = currencies.target()
    return {
        "objects": [_object(one) for one in OBJECTS.values()],
        "hows": _labelled(measures.LABELS.items()),
        "units": _labelled(UNIT_LABELS.items()),
        "spans": _labelled((name, words) for name, (words, _days) in SPANS.items()),
        "charts": _labelled((name, CHART_LABELS[name]) for name in CHARTS),
        "money": _labelled(MONEY_LABELS.items()),
        "target": target,
        "limits": {
            "groups": reading.MOST_GROUPS,
            "measures": reading.MOST_MEASURES,
            "rows": reading.MOST_ROWS,
            "columns": MOST_COLUMNS,
        },
    }


def _object(one: Object) -> dict[str, Any]:
    """Describe an object with its branches: itself, and what stands beside it."""
    sections = [_section(one, section) for section in SECTIONS]
    filled = [section for section in sections if section["dimensions"] or section["measures"]]
    own = [section for section in filled if section["key"] not in BESIDE]
    branches = [{"key": one.key, "label": str(one.label), "sections": own}] if own else []
    return {
        "key": one.key,
        "label": str(one.label),
        "branches": branches
        + [
            {"key": section["key"], "label": section["label"], "sections": [section]}
            for section in filled
            if section["key"] in BESIDE
        ],
        "dates": list(one.dates),
        "usual": {"of": one.key, "as": "count"},
    }


def _section(one: Object, section: str) -> dict[str, Any]:
    return {
        "key": section,
        "label": str(SECTIONS[section]),
        "dimensions": [_dimension(each) for each in one.dimensions.values() if each.section == section],
        "measures": [_source(each) for each in one.sources.values() if each.section == section],
    }


def _dimension(one: Dimension) -> dict[str, Any]:
    return {
        "key": one.key,
        "label": str(one.label),
        "kind": one.kind.name,
        "units": list(one.units),
        "is_many": one.is_many,
    }


def _source(one: Source) -> dict[str, Any]:
    return {"key": one.key, "label": str(one.label), "kind": one.kind, "hows": list(one.hows)}


def _labelled(pairs: Iterable[tuple[str, Any]]) -> list[dict[str, str]]:
    return [{"key": key, "label": str(label)} for key, label in pairs]
