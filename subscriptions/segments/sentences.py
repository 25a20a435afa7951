"""A segment in words, in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import ContactList
from subscriptions import display
from subscriptions.segments.subjects import LIST, TAG, Subject
from subscriptions.segments.tree import Condition, Group, Joint, Member, Node, Not, Payments, Scope, conditions
from subscriptions.segments.values import MANY, NOTHING, ONE, RANGE, SPAN, Span


def sentence(node: Node, lists: Mapping[int, str] | None = None) -> str:
    """Say who matches: "People with a recurring payment whose status is Paused".

    Who says many gives the names of all `lists`; they are looked up otherwise.
    """
    if isinstance(node, Group) and not node.parts:
        return _("Everybody") if node.joint is Joint.ALL else _("Nobody")
    names = _list_names(node) if lists is None else lists
    return _("People %(conditions)s") % {"conditions": _said(node, names, is_top=True)}


def sentence_of_payments(node: Node) -> str:
    """Say which payments match a tree that begins inside the frame of one: "Recurring payments whose …"."""
    if isinstance(node, Group) and not node.parts:
        return _("Every recurring payment") if node.joint is Joint.ALL else _("No recurring payment")
    return _("Recurring payments whose %(conditions)s") % {"conditions": conditions_of_payment(node)}


def conditions_of_payment(node: Node) -> str:
    """Say the conditions of a tree that begins inside the frame of a recurring payment, as a part of a sentence."""
    return _said(node, {}, is_top=True)


def conditions_of_people(node: Node) -> str:
    """Say whom a segment means, as a part of a sentence: "with the tag “vip”"."""
    return _said(node, _list_names(node), is_top=True)


def condition_words(node: Condition, lists: Mapping[int, str] | None = None) -> str:
    """Say one condition: "Payment amount is more than 50"."""
    known = _list_names(node) if lists is None else lists
    return _SAID_OF.get(node.subject.key, _plain)(node, known)


def value_words(subject: Subject, value: Any) -> str:
    """Say one value of a subject's kind, as a condition names it."""
    return _ONE_SAID.get(type(value), _quoted)(subject, value)


def scope_words(node: Payments) -> str:
    """Say which payments a frame means, up to its conditions."""
    return _SCOPES[node.scope](node.number)


def _said(node: Node, lists: Mapping[int, str], *, is_top: bool = False) -> str:
    return _SAID[type(node)](node, lists, is_top)


def _group(node: Group, lists: Mapping[int, str], is_top: bool) -> str:
    parts = [_said(part, lists, is_top=is_top and len(node.parts) == 1) for part in node.parts]
    joined = _joined(parts, node.joint is Joint.ANY)
    return joined if is_top or len(parts) == 1 else f"({joined})"


def _negation(node: Not, lists: Mapping[int, str], _is_top: bool) -> str:
    return _("not (%(conditions)s)") % {"conditions": _said(node.part, lists, is_top=True)}


def _payments(node: Payments, lists: Mapping[int, str], _is_top: bool) -> str:
    inside = {"scope": scope_words(node), "conditions": _said(node.part, lists, is_top=_is_single(node.part))}
    if isinstance(node.part, Group) and not node.part.parts:
        return scope_words(node)
    return _("%(scope)s whose %(conditions)s") % inside


def _is_single(node: Node) -> bool:
    return not isinstance(node, Group) or len(node.parts) == 1


def _plain(node: Condition, _lists: Mapping[int, str]) -> str:
    said = _VALUES[node.operator.form.name](node.subject, node.value)
    return f"{node.subject.label} {node.operator.label} {said}".strip()


def _contact(node: Condition, lists: Mapping[int, str]) -> str:
    return _("whose %(condition)s") % {"condition": _plain(node, lists)}


def _tag(node: Condition, _lists: Mapping[int, str]) -> str:
    words = _("with the tag %(name)s") if node.operator.name == "has" else _("without the tag %(name)s")
    return words % {"name": _in_quotes(node.value)}


def _list(node: Condition, lists: Mapping[int, str]) -> str:
    name = lists.get(node.value, f"#{node.value}")
    return f"{node.operator.label} {_in_quotes(name)}"


def member_words(node: Member) -> str:
    """Say in which segment somebody is, or is not: "in the segment “Paused”"."""
    words = _("in the segment %(name)s") if node.operator.name == "in" else _("not in the segment %(name)s")
    return words % {"name": _in_quotes(node.name)}


def _joined(parts: Iterable[str], is_or: bool) -> str:
    return format_list(list(parts), "or" if is_or else "standard", locale=display.locale())


def _in_quotes(text: str) -> str:
    return _("“%(text)s”") % {"text": text}


def _quoted(subject: Subject, value: Any) -> str:
    return str(subject.choices[value]) if value in subject.choices else _in_quotes(str(value))


def _day(subject: Subject, day: date) -> str:
    if subject.month_only and day.day == 1:
        return display.month(datetime(day.year, day.month, 1, tzinfo=UTC))
    return format_date(day, "medium", locale=display.locale())


def _span(_subject: Subject, span: Span) -> str:
    return _UNITS[span.unit](span.n) % {"n": span.n}


_ONE_SAID: dict[type, Callable[[Subject, Any], str]] = {
    bool: lambda _subject, value: _("yes") if value else _("no"),
    date: _day,
    Decimal: lambda _subject, value: display.number(value),
    int: lambda _subject, value: str(value),
}
_UNITS: dict[str, Callable[[int], str]] = {
    "hours": lambda n: ngettext("%(n)d hour", "%(n)d hours", n),
    "days": lambda n: ngettext("%(n)d day", "%(n)d days", n),
    "weeks": lambda n: ngettext("%(n)d week", "%(n)d weeks", n),
    "months": lambda n: ngettext("%(n)d month", "%(n)d months", n),
}
_VALUES: dict[str, Callable[[Subject, Any], str]] = {
    NOTHING.name: lambda _subject, _value: "",
    ONE.name: value_words,
    MANY.name: lambda subject, values: _joined((value_words(subject, one) for one in values), is_or=True),
    RANGE.name: lambda subject, ends: _joined((value_words(subject, one) for one in ends), is_or=False),
    SPAN.name: _span,
}
_SCOPES: dict[Scope, Callable[[int], str]] = {
    Scope.ANY: lambda _n: _("with a recurring payment"),
    Scope.NONE: lambda _n: _("without any recurring payment"),
    Scope.EVERY: lambda _n: _("with recurring payments, each"),
    Scope.LATEST: lambda _n: _("with a latest recurring payment"),
    Scope.THIS: lambda _n: _("with this recurring payment"),
    Scope.AT_LEAST: lambda n: (
        ngettext("with at least %(n)d recurring payment", "with at least %(n)d recurring payments", n) % {"n": n}
    ),
    Scope.AT_MOST: lambda n: (
        ngettext("with at most %(n)d recurring payment", "with at most %(n)d recurring payments", n) % {"n": n}
    ),
    Scope.EXACTLY: lambda n: (
        ngettext("with exactly %(n)d recurring payment", "with exactly %(n)d recurring payments", n) % {"n": n}
    ),
}
_SAID_OF: dict[str, Callable[[Condition, Mapping[int, str]], str]] = {"contact": _contact, TAG: _tag, LIST: _list}
_SAID: dict[type, Callable[[Any, Mapping[int, str], bool], str]] = {
    Group: _group,
    Not: _negation,
    Payments: _payments,
    Condition: lambda node, lists, _is_top: condition_words(node, lists),
    Member: lambda node, _lists, _is_top: member_words(node),
}


def _list_names(node: Node) -> dict[int, str]:
    """Look up the names of all lists that a tree speaks of, in one query, or none."""
    numbers = {one.value for one in conditions(node) if one.subject.key == LIST}
    return dict(ContactList.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}
