"""What the editor of conditions is told of the language: subjects, operators, scopes and limits, from the tables."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.models import ContactList
from subscriptions import availability
from subscriptions.models import Segment
from subscriptions.segments import operators, reading, references, suggestions
from subscriptions.segments.known import named_in
from subscriptions.segments.operators import Operator
from subscriptions.segments.subjects import CONTACT, LIST, NAMED, PAYMENT, SEGMENT, Subject
from subscriptions.segments.tree import COUNTED, Scope
from subscriptions.segments.values import MOST_OF_TAG, MOST_OF_UNIT, MOST_VALUES

# How many lists are offered by name, and how many segments.
MOST_CHOICES = 500
# Groups of subjects, in the order in which the chooser shows them.
GROUPS: dict[str, Any] = {
    "status": _("Status"),
    "schedule": _("Schedule"),
    "amounts": _("Amounts"),
    "dates": _("Dates"),
    "items": _("Items"),
    "identity": _("Payment and identity"),
    "shipping_address": _("Shipping address"),
    "billing_address": _("Billing address"),
    "other": _("Other"),
    "contact": _("Contact"),
}
# What a frame is headed with; those that are counted show their number behind it. "This" one is offered only where a
# payment has started something.
SCOPES: dict[Scope, Any] = {
    Scope.THIS: _("This recurring payment"),
    Scope.ANY: _("A recurring payment"),
    Scope.NONE: _("No recurring payment"),
    Scope.EVERY: _("Every recurring payment"),
    Scope.LATEST: _("The latest recurring payment"),
    Scope.AT_LEAST: _("Recurring payments: at least"),
    Scope.AT_MOST: _("Recurring payments: at most"),
    Scope.EXACTLY: _("Recurring payments: exactly"),
}
UNITS: dict[str, Any] = {"hours": _("hours"), "days": _("days"), "weeks": _("weeks"), "months": _("months")}
JOINTS: dict[str, Any] = {
    "all": _("all of these"),
    "any": _("any of these"),
    "none": _("none of these"),
    "not_all": _("not all of these"),
}


def description(trees: Iterable[Any] = (), *, itself: Segment | None = None) -> dict[str, Any]:
    """Return it as JSON in the reader's language; fields of payments are offered only while they are available.

    What the `trees` name that are worked on is offered always. `itself` is the saved segment that they are of, which
    does not ask for itself.
    """
    available = availability.is_available()
    lists, segments = named_in(trees)
    choices = {
        LIST: _choices(ContactList.objects.all(), lists),
        SEGMENT: _choices(Segment.objects.living().exclude(pk__in=_around(itself)), segments),
    }
    return {
        "available": available,
        "groups": _labelled(GROUPS.items()),
        "subjects": [_subject(one, choices.get(one.key)) for one in _subjects()],
        "operators": {kind.name: _operators(known.values()) for kind, known in operators.OF_KIND.items()}
        | {one.key: _operators(operators.of(one).values()) for one in NAMED.values()},
        "scopes": [scope | {"counted": Scope(scope["name"]) in COUNTED} for scope in _labelled(_scopes())],
        "joints": _labelled(JOINTS.items()),
        "units": [unit | {"most": MOST_OF_UNIT[unit["name"]]} for unit in _labelled(UNITS.items())],
        "limits": {
            "conditions": reading.MOST_CONDITIONS,
            "payments": reading.MOST_PAYMENTS,
            "values": MOST_VALUES,
            "tag": MOST_OF_TAG,
        },
    }


def _subjects() -> Iterable[Subject]:
    known = sorted(PAYMENT.values(), key=lambda one: list(GROUPS).index(one.group))
    return (*known, *NAMED.values(), *CONTACT.values())


def _subject(one: Subject, choices: list[dict[str, Any]] | None) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "label": str(one.label),
        "group": one.group,
        "kind": one.kind.name if one.kind else one.key,
        "choices": _labelled(one.choices.items()) if choices is None else choices,
        "offered": choices != [],
        "suggests": suggestions.suggests(one),
    }


def _choices(rows: "QuerySet[Any, Any]", named: set[int]) -> list[dict[str, Any]]:
    """Offer the first by name, and those that are named already wherever they stand, also in the archive."""
    first = rows.values_list("pk", "name")[:MOST_CHOICES]
    beyond = rows.model._default_manager.filter(pk__in=named - {pk for pk, _name in first})
    return _labelled([*first, *beyond.values_list("pk", "name")])


def _around(segment: Segment | None) -> set[int]:
    """Return a segment and those that ask for it, which it cannot ask for."""
    return {segment.pk, *(one.pk for one in references.askers(segment))} if segment else set()


def _operators(known: Iterable[Operator]) -> list[dict[str, Any]]:
    return [{"name": one.name, "label": str(one.label), "form": one.form.name} for one in known]


def _scopes() -> Iterable[tuple[str, Any]]:
    return ((scope.value, label) for scope, label in SCOPES.items())


def _labelled(pairs: Iterable[tuple[Any, Any]]) -> list[dict[str, Any]]:
    return [{"name": name, "label": str(label)} for name, label in pairs]
