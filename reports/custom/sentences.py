"""A report in words, in the reader's language."""

from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.custom import measures, where
from reports.custom.objects import PAYMENTS
from reports.custom.shape import CONVERTED, Definition, During, Group
from reports.custom.spans import SPANS
from subscriptions import display
from subscriptions.segments import sentences, tree
from subscriptions.segments.tree import Joint, Node

UNIT_LABELS: dict[str, Any] = {
    "day": gettext_lazy("by day"),
    "week": gettext_lazy("by week"),
    "month": gettext_lazy("by month"),
    "quarter": gettext_lazy("by quarter"),
    "year": gettext_lazy("by year"),
}


def sentence(definition: Definition) -> str:
    """Say what a report shows: "Recurring payments · Monthly recurring revenue: sum · for each Status"."""
    return " · ".join(_parts(definition))


def _parts(definition: Definition) -> list[str]:
    counted = [measures.heading(one.source, one.how) for one in definition.measures]
    parts = [_joined(counted)]
    if definition.groups:
        parts.append(_("for each %(fields)s") % {"fields": _joined([_group(one) for one in definition.groups])})
    if definition.across:
        parts.append(_("in columns: %(field)s") % {"field": _group(definition.across)})
    if definition.where:
        of_payments = definition.about.key == PAYMENTS
        parts.append(_("only those %(conditions)s") % {"conditions": conditions(definition.where, of_payments)})
    if definition.during:
        parts.append(_during(definition.during))
    if definition.money == CONVERTED and any(one.source.is_money for one in definition.measures):
        parts.append(_("amounts converted into one currency"))
    if definition.groups:
        words = ngettext("the first %(n)d row", "the first %(n)d rows", definition.limit)
        parts.append(words % {"n": definition.limit})
    return parts


def conditions(told: where.Where, of_payments: bool, *, is_top: bool = True) -> str:
    """Say of which records a report is, as a part of a sentence: "whose Status is Paused"."""
    if isinstance(told, where.Of):
        return _of_people(told.node, of_payments) if told.is_people else _of_payment(told.node)
    parts = [conditions(one, of_payments, is_top=told.is_not or len(told.parts) == 1) for one in told.parts]
    if told.is_not:
        return _("not (%(conditions)s)") % {"conditions": parts[0]}
    joined = format_list(parts, "or" if told.joint is Joint.ANY else "standard", locale=display.locale())
    return joined if is_top else f"({joined})"


def _of_payment(node: Node) -> str:
    if isinstance(node, tree.Group) and not node.parts:
        return _("that there are")
    return _("whose %(condition)s") % {"condition": sentences.conditions_of_payment(node)}


def _of_people(node: Node, of_payments: bool) -> str:
    if isinstance(node, tree.Group) and not node.parts:
        return _("that there are")
    said = sentences.conditions_of_people(node)
    return _("of people %(conditions)s") % {"conditions": said} if of_payments else said


def _group(group: Group) -> str:
    label = quoted(group.dimension.label)
    return f"{label} {UNIT_LABELS[group.unit]}" if group.unit else label


def quoted(label: Any) -> str:
    """Put the name of a field in the reader's quotes."""
    return _("“%(text)s”") % {"text": label}


def _during(during: During) -> str:
    if during.span:
        days = str(SPANS[during.span][0])
    else:
        first, last = (format_date(day, "medium", locale=display.locale()) for day in (during.first, during.last))
        days = f"{first} – {last}"
    return _("“%(field)s” in: %(days)s") % {"field": during.dimension.label, "days": days}


def _joined(texts: list[str]) -> str:
    return format_list(texts, locale=display.locale())
