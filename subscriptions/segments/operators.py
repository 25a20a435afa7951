"""The operators of each kind of field, as one table: how each is called, which value it takes, how it asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Standing
from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LIST, Kind
from subscriptions.segments import questions
from subscriptions.segments.clock import Clock
from subscriptions.segments.subjects import LIST, SEGMENT, TAG, Subject
from subscriptions.segments.values import MANY, NAMED, NOTHING, NUMBERED, ONE, RANGE, SPAN, Form

type Question = Callable[[Subject, Any, Clock], Q]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operator: `label` with the value behind it makes half a sentence; `ask` is its question to the database."""

    name: str
    label: Any
    form: Form
    ask: Question


def _not(question: Question) -> Question:
    """Return the exact opposite of a question."""
    return lambda subject, value, clock: ~question(subject, value, clock)


def _operator(name: str, label: Any, form: Form, ask: Question) -> Operator:
    return Operator(name=name, label=label, form=form, ask=ask)


_IS_EMPTY = _operator("is_empty", _("is empty"), NOTHING, _not(questions.is_not_empty))
_IS_NOT_EMPTY = _operator("is_not_empty", _("is not empty"), NOTHING, questions.is_not_empty)
_EMPTINESS = (_IS_EMPTY, _IS_NOT_EMPTY)

_TEXT = (
    _operator("is", _("is"), ONE, questions.text_is),
    _operator("is_not", _("is not"), ONE, _not(questions.text_is)),
    _operator("contains", _("contains"), ONE, questions.text_contains),
    _operator("does_not_contain", _("does not contain"), ONE, _not(questions.text_contains)),
    _operator("starts_with", _("starts with"), ONE, questions.text_starts),
    _operator("ends_with", _("ends with"), ONE, questions.text_ends),
    _operator("is_any_of", _("is any of"), MANY, questions.text_is_any),
    _operator("is_none_of", _("is none of"), MANY, _not(questions.text_is_any)),
    *_EMPTINESS,
)
_CHOICE = (
    _operator("is", _("is"), ONE, questions.same),
    _operator("is_not", _("is not"), ONE, _not(questions.same)),
    _operator("is_any_of", _("is any of"), MANY, questions.one_of),
    _operator("is_none_of", _("is none of"), MANY, _not(questions.one_of)),
    *_EMPTINESS,
)
_NUMBER = (
    _operator("equals", _("equals"), ONE, questions.same),
    _operator("does_not_equal", _("does not equal"), ONE, _not(questions.same)),
    _operator("more_than", _("is more than"), ONE, questions.more),
    _operator("at_least", _("is at least"), ONE, questions.at_least),
    _operator("less_than", _("is less than"), ONE, questions.less),
    _operator("at_most", _("is at most"), ONE, questions.at_most),
    _operator("between", _("is between"), RANGE, questions.between),
    *_EMPTINESS,
)
_DATE = (
    _operator("is_on", _("is on"), ONE, questions.is_on),
    _operator("is_before", _("is before"), ONE, questions.is_before),
    _operator("is_after", _("is after"), ONE, questions.is_after),
    _operator("is_on_or_before", _("is on or before"), ONE, questions.is_on_or_before),
    _operator("is_on_or_after", _("is on or after"), ONE, questions.is_on_or_after),
    _operator("between", _("is between"), RANGE, questions.between_days),
    _operator("in_the_last", _("is in the last"), SPAN, questions.in_the_last),
    _operator("in_the_next", _("is in the next"), SPAN, questions.in_the_next),
    _operator("more_than_ago", _("is longer ago than"), SPAN, questions.more_than_ago),
    _operator("more_than_ahead", _("is further ahead than"), SPAN, questions.more_than_ahead),
    *_EMPTINESS,
)
_FLAG = (_operator("is", _("is"), ONE, questions.same), *_EMPTINESS)
_TEXT_LIST = (
    _operator("any_is", _("has one that is"), ONE, questions.any_is),
    _operator("any_contains", _("has one that contains"), ONE, questions.any_contains),
    _operator("none_is", _("has none that is"), ONE, _not(questions.any_is)),
    _operator("none_contains", _("has none that contains"), ONE, _not(questions.any_contains)),
    *_EMPTINESS,
)
_TAG = (
    _operator("has", _("is"), NAMED, questions.has_tag),
    _operator("has_not", _("is not"), NAMED, _not(questions.has_tag)),
)
_LIST = (
    _operator("subscribed", _("subscribed to"), NUMBERED, questions.stands(Standing.State.SUBSCRIBED)),
    _operator("unsubscribed", _("unsubscribed from"), NUMBERED, questions.stands(Standing.State.UNSUBSCRIBED)),
    _operator("bounced", _("bounced on"), NUMBERED, questions.stands(Standing.State.BOUNCED)),
    _operator("unconfirmed", _("unconfirmed on"), NUMBERED, questions.stands(Standing.State.UNCONFIRMED)),
    _operator("not_on", _("not on"), NUMBERED, _not(questions.stands())),
)
_SEGMENT = (
    _operator("in", _("is"), NUMBERED, questions.holds),
    _operator("not_in", _("is not"), NUMBERED, _not(questions.holds)),
)
OF_KIND: dict[Kind, dict[str, Operator]] = {
    kind: {operator.name: operator for operator in operators}
    for kind, operators in (
        (TEXT, _TEXT),
        (CHOICE, _CHOICE),
        (AMOUNT, _NUMBER),
        (INTEGER, _NUMBER),
        (DATE, _DATE),
        (FLAG, _FLAG),
        (TEXT_LIST, _TEXT_LIST),
    )
}


def of(subject: Subject) -> dict[str, Operator]:
    """Return the operators that a subject can be asked with, by name."""
    return OF_KIND[subject.kind] if subject.kind else _OF_KEY[subject.key]


_OF_KEY = {
    TAG: {operator.name: operator for operator in _TAG},
    LIST: {operator.name: operator for operator in _LIST},
    SEGMENT: {operator.name: operator for operator in _SEGMENT},
}
