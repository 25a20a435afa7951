"""Reading one condition: what it asks about, by which operator, and with which value."""

from typing import Any

from django.utils.translation import gettext as _

from subscriptions.segments import operators
from subscriptions.segments.known import Known
from subscriptions.segments.mistakes import Mistakes, Wrong, below
from subscriptions.segments.operators import Operator
from subscriptions.segments.subjects import CONTACT, LIST, NAMED, PAYMENT, SEGMENT, Subject
from subscriptions.segments.tree import Condition

_KNOWN = {"field": PAYMENT, "contact": CONTACT}
LEAVES = (*_KNOWN, *NAMED)


def read_leaf(mistakes: Mistakes, data: dict[str, Any], path: str, *, inside: bool, known: Known) -> Condition:
    """Read a condition; raise Wrong where it makes no sense."""
    [key] = (key for key in LEAVES if key in data)
    mistakes.only(data, path, {key, "op"} if key in NAMED else {key, "op", "value"})
    subject = _subject(key, data[key], path, inside=inside)
    operator = _operator(subject, data.get("op"), path)
    here = below(path, key if key in NAMED else "value")
    value = _value(subject, operator, data.get(key if key in NAMED else "value"), here)
    _check(subject, value, here, known)
    return Condition(subject=subject, operator=operator, value=value)


def no_such_list(number: int) -> str:
    """Say that a list does not exist."""
    return _("there is no such list: %(number)d") % {"number": number}


def _subject(key: str, name: Any, path: str, *, inside: bool) -> Subject:
    if (key == "field") != inside:
        words = (
            _("is not about a recurring payment, and stands inside one")
            if inside
            else _("is about a recurring payment, and must stand inside one")
        )
        raise Wrong(below(path, key), words)
    if key in NAMED:
        return NAMED[key]
    subject = _KNOWN[key].get(name) if isinstance(name, str) else None
    if subject is None:
        words = _("there is no such field: %(name)s") % {"name": str(name)[:60]}
        raise Wrong(below(path, key), words)
    return subject


def _operator(subject: Subject, name: Any, path: str) -> Operator:
    allowed = operators.of(subject)
    operator = allowed.get(name) if isinstance(name, str) else None
    if operator is None:
        raise Wrong(below(path, "op"), _("must be one of: %(choices)s") % {"choices": ", ".join(allowed)})
    return operator


def _value(subject: Subject, operator: Operator, value: Any, here: str) -> Any:
    try:
        return operator.form.read(subject, value)
    except ValueError as error:
        raise Wrong(here, str(error)) from None


def _check(subject: Subject, number: Any, here: str, known: Known) -> None:
    """Refuse what is named and does not exist."""
    if subject.key == LIST and known.lists is not None and number not in known.lists:
        raise Wrong(here, no_such_list(number))
    if subject.key == SEGMENT and number not in known.segments:
        raise Wrong(here, _("there is no such segment: %(number)d") % {"number": number})
