"""How each operator asks the database: every answer is yes or no, also of an empty value, so that NOT is exact."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Length, Right, StrIndex
from django.db.models.lookups import Exact, GreaterThan, In

from contacts.models import Contact, Standing
from subscriptions.kinds import CHOICE, TEXT, TEXT_LIST, Kind
from subscriptions.models import LineItem
from subscriptions.records import ITEM_KINDS
from subscriptions.segments.clock import Clock
from subscriptions.segments.expressions import ListAny, fold, folded
from subscriptions.segments.subjects import Subject
from subscriptions.segments.values import Span

_NOTHING = Value("")


# Texts


def text_is(subject: Subject, value: str, _clock: Clock) -> Q:
    """Ask whether the text is this one."""
    return Q(Exact(fold(subject.column, value), folded(value)))


def text_is_any(subject: Subject, values: tuple[str, ...], _clock: Clock) -> Q:
    """Ask whether the text is one of these."""
    return Q(In(fold(subject.column, *values), [folded(value) for value in values]))


def text_contains(subject: Subject, value: str, _clock: Clock) -> Q:
    """Ask whether the text contains this one, in which every character stands for itself."""
    return Q(GreaterThan(_position(subject, value), 0))


def text_starts(subject: Subject, value: str, _clock: Clock) -> Q:
    """Ask whether the text begins with this one."""
    return Q(Exact(_position(subject, value), 1))


def text_ends(subject: Subject, value: str, _clock: Clock) -> Q:
    """Ask whether the text ends with this one."""
    return Q(Exact(Right(fold(subject.column, value), Length(folded(value))), folded(value)))


def _position(subject: Subject, value: str) -> StrIndex:
    return StrIndex(fold(subject.column, value), folded(value))


# Choices, flags and numbers


def same(subject: Subject, value: Any, _clock: Clock) -> Q:
    """Ask whether the value is this one."""
    return Q(**{subject.column: value}) & _known(subject)


def one_of(subject: Subject, values: tuple[Any, ...], _clock: Clock) -> Q:
    """Ask whether the value is one of these."""
    return Q(**{f"{subject.column}__in": values})


def more(subject: Subject, value: Any, _clock: Clock) -> Q:
    """Ask whether the value is more."""
    return _compared(subject, gt=value)


def at_least(subject: Subject, value: Any, _clock: Clock) -> Q:
    """Ask whether the value is as much or more."""
    return _compared(subject, gte=value)


def less(subject: Subject, value: Any, _clock: Clock) -> Q:
    """Ask whether the value is less."""
    return _compared(subject, lt=value)


def at_most(subject: Subject, value: Any, _clock: Clock) -> Q:
    """Ask whether the value is as much or less."""
    return _compared(subject, lte=value)


def between(subject: Subject, ends: tuple[Any, Any], _clock: Clock) -> Q:
    """Ask whether the value lies between these two, both included."""
    return _compared(subject, gte=ends[0], lte=ends[1])


def _compared(subject: Subject, **bounds: Any) -> Q:
    return Q(**{f"{subject.column}__{lookup}": bound for lookup, bound in bounds.items()}) & _known(subject)


def _known(subject: Subject) -> Q:
    """Ask for a value at all, so that a comparison with an empty one is no, and not neither yes nor no."""
    return Q() if subject.kind is CHOICE else Q(**{f"{subject.column}__isnull": False})


# Dates


def is_on(subject: Subject, day: date, clock: Clock) -> Q:
    """Ask whether it is on that day."""
    return _from_to(subject, day, day, clock)


def is_before(subject: Subject, day: date, clock: Clock) -> Q:
    """Ask whether it is before that day begins."""
    return _compared(subject, lt=clock.begins(day, is_month=subject.month_only))


def is_after(subject: Subject, day: date, clock: Clock) -> Q:
    """Ask whether it is after that day has ended."""
    return _compared(subject, gte=clock.ends(day, is_month=subject.month_only))


def is_on_or_before(subject: Subject, day: date, clock: Clock) -> Q:
    """Ask whether it is before that day has ended."""
    return _compared(subject, lt=clock.ends(day, is_month=subject.month_only))


def is_on_or_after(subject: Subject, day: date, clock: Clock) -> Q:
    """Ask whether it is after that day has begun."""
    return _compared(subject, gte=clock.begins(day, is_month=subject.month_only))


def between_days(subject: Subject, days: tuple[date, date], clock: Clock) -> Q:
    """Ask whether it is on one of these two days or between them."""
    return _from_to(subject, *days, clock)


def in_the_last(subject: Subject, span: Span, clock: Clock) -> Q:
    """Ask whether it was within that time, up to now."""
    return _compared(subject, gte=clock.away(span, -1), lte=clock.now)


def in_the_next(subject: Subject, span: Span, clock: Clock) -> Q:
    """Ask whether it will be within that time, from now."""
    return _compared(subject, gte=clock.now, lte=clock.away(span, 1))


def more_than_ago(subject: Subject, span: Span, clock: Clock) -> Q:
    """Ask whether it was longer ago."""
    return _compared(subject, lt=clock.away(span, -1))


def more_than_ahead(subject: Subject, span: Span, clock: Clock) -> Q:
    """Ask whether it will be later."""
    return _compared(subject, gt=clock.away(span, 1))


def _from_to(subject: Subject, first: date, last: date, clock: Clock) -> Q:
    begins: datetime = clock.begins(first, is_month=subject.month_only)
    return _compared(subject, gte=begins, lt=clock.ends(last, is_month=subject.month_only))


# Lists of texts, of the payment or of its line items


def any_is(subject: Subject, value: str, _clock: Clock) -> Q:
    """Ask whether any of the texts is this one."""
    return _any_entry(subject, value, "{entry} = {value}", lambda text, sought: Exact(text, sought))


def any_contains(subject: Subject, value: str, _clock: Clock) -> Q:
    """Ask whether any of the texts contains this one."""
    contains = lambda text, sought: GreaterThan(StrIndex(text, sought), 0)  # noqa: E731
    return _any_entry(subject, value, "{position} > 0", contains)


def _any_entry(subject: Subject, value: str, condition: str, compare: Any) -> Q:
    if not subject.item:
        return Q(ListAny(subject.column, folded(value), condition=condition))
    if ITEM_KINDS[subject.item] is TEXT_LIST:
        return _any_item(ListAny(subject.item, folded(value), condition=condition))
    return _any_item(compare(fold(subject.item, value), folded(value)))


def _any_item(question: Any) -> Q:
    return Q(Exists(LineItem.objects.filter(question, payment=OuterRef("pk")).order_by()))


# Tags and lists of people


def has_tag(_subject: Subject, name: str, _clock: Clock) -> Q:
    """Ask whether the person has the tag, however capitalised."""
    given = Contact.tags.through.objects.filter(Exact(fold("tag__name", name), folded(name)))
    return Q(Exists(given.filter(contact=OuterRef("pk"))))


def stands(*states: str) -> Any:
    """Return the question whether a person stands so on a list; without states, whether they are on it at all."""

    def ask(_subject: Subject, contact_list: int, _clock: Clock) -> Q:
        standings = Standing.objects.filter(contact_list=contact_list, contact=OuterRef("pk")).order_by()
        return Q(Exists(standings.filter(state__in=states) if states else standings))

    return ask


def holds(_subject: Subject, asked: Q, _clock: Clock) -> Q:
    """Ask what another segment asks; for this operator alone, the value is that question."""
    return asked


# Emptiness


def is_not_empty(subject: Subject, _value: None, _clock: Clock) -> Q:
    """Ask whether there is a value at all; blanks are none."""
    return _FILLED[subject.kind](subject) if subject.kind in _FILLED else _known(subject)


def _list_filled(subject: Subject) -> Q:
    return _any_entry(subject, "", "{entry} <> ''", lambda text, _sought: ~Exact(text, _NOTHING))


_FILLED: dict[Kind | None, Any] = {
    TEXT: lambda subject: ~Q(Exact(fold(subject.column), _NOTHING)),
    CHOICE: lambda subject: ~Q(**{subject.column: ""}),
    TEXT_LIST: _list_filled,
}
