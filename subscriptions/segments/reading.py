"""Reading a segment from JSON, strictly: what is wrong is said in the user's words, each with its path."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from contacts.models import ContactList
from subscriptions.segments import operators
from subscriptions.segments.subjects import CONTACT, LIST, LIST_SUBJECT, PAYMENT, TAG, TAG_SUBJECT, Subject
from subscriptions.segments.tree import COUNTED, Condition, Group, Joint, Node, Not, Payments, Scope

MOST_LEVELS = 8
MOST_CONDITIONS = 200
MOST_BYTES = 64 * 1024
MOST_PAYMENTS = 1_000_000
_JOINTS = {joint.value: joint for joint in Joint}
# what a node can be, by the key that it must have exactly one of
_KEYS = (*_JOINTS, "not", "recurring_payment", "field", "contact", "tag", "list")
_SCOPES = {scope.value: scope for scope in Scope}


class SegmentError(ValueError):
    """A segment that cannot be read; `errors` maps each path to what is wrong there."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {words}" if path else words for path, words in errors.items()))
        self.errors = dict(errors)


@dataclass(slots=True, kw_only=True)
class _Reader:
    has_this: bool
    errors: dict[str, str] = field(default_factory=dict)
    conditions: int = 0
    lists: dict[str, int] = field(default_factory=dict)

    def complain(self, path: str, words: str) -> None:
        self.errors.setdefault(path, words)


class _Wrong(Exception):
    """A node that cannot be read, so that nothing below it is looked at; those beside it still are."""

    def __init__(self, path: str, words: str) -> None:
        super().__init__(words)
        self.path, self.words = path, words


def read_text(text: str | bytes, *, inside_payment: bool = False, has_this: bool = False) -> Node:
    """Read a segment from a JSON text; see `read`."""
    if len(text if isinstance(text, bytes) else text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise SegmentError({"": _too_large()})
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise SegmentError({"": _("This is not valid JSON.")}) from None
    return read(data, inside_payment=inside_payment, has_this=has_this)


def read(data: Any, *, inside_payment: bool = False, has_this: bool = False, check_lists: bool = True) -> Node:
    """Read a segment, and raise SegmentError with everything that is wrong.

    `inside_payment` begins inside the frame of a recurring payment, as the segment of a trigger does. `has_this` says
    that there is a payment that started it all, which the scope "this" means. Who reads very many segments looks
    after their lists without `check_lists`, which costs a query each.
    """
    if _size(data) > MOST_BYTES:
        raise SegmentError({"": _too_large()})
    reader = _Reader(has_this=has_this)
    node = _node(reader, data, "", level=1, inside=inside_payment)
    if check_lists:
        _check_lists(reader)
    if reader.errors or node is None:
        raise SegmentError(reader.errors)
    return node


def write(node: Node) -> dict[str, Any]:
    """Write a segment as JSON, always in the same way."""
    written: dict[str, Any] = _WRITERS[type(node)](node)
    return written


def _size(data: Any) -> int:
    try:
        return len(json.dumps(data, default=str).encode())
    except (ValueError, RecursionError):
        return MOST_BYTES + 1


def _too_large() -> str:
    return _("A segment must not be larger than %(most)d KB.") % {"most": MOST_BYTES // 1024}


def _node(reader: _Reader, data: Any, path: str, *, level: int, inside: bool) -> Node | None:
    try:
        return _read_node(reader, data, path, level=level, inside=inside)
    except _Wrong as wrong:
        reader.complain(wrong.path, wrong.words)
        return None


def _read_node(reader: _Reader, data: Any, path: str, *, level: int, inside: bool) -> Node | None:
    if not isinstance(data, dict):
        raise _Wrong(path, _("must be an object"))
    keys = [key for key in _KEYS if key in data]
    if len(keys) != 1:
        raise _Wrong(path, _("must have exactly one of: %(keys)s") % {"keys": ", ".join(_KEYS)})
    [key] = keys
    if key not in _LEAVES and level > MOST_LEVELS:
        raise _Wrong(path, _("is nested deeper than %(most)d levels") % {"most": MOST_LEVELS})
    return _READERS[key](reader, data, path, level, inside)


def _group(reader: _Reader, data: dict[str, Any], path: str, level: int, inside: bool) -> Node:
    [key] = (key for key in _JOINTS if key in data)
    here = _below(path, key)
    _only(reader, data, path, {key})
    if not isinstance(data[key], list):
        raise _Wrong(here, _("must be a list"))
    if not data[key] and not _may_be_empty(path):
        raise _Wrong(here, _("is an empty group: add a condition or remove it"))
    parts = [
        _node(reader, part, f"{here}[{number}]", level=level + 1, inside=inside)
        for number, part in enumerate(data[key])
    ]
    return Group(joint=_JOINTS[key], parts=tuple(part for part in parts if part))


def _may_be_empty(path: str) -> bool:
    """Whether "all of nothing" is meant: of a whole segment, everybody; of a frame, any recurring payment."""
    return not path or path.endswith("recurring_payment")


def _negation(reader: _Reader, data: dict[str, Any], path: str, level: int, inside: bool) -> Node | None:
    _only(reader, data, path, {"not"})
    part = _node(reader, data["not"], _below(path, "not"), level=level + 1, inside=inside)
    return Not(part=part) if part else None


def _payments(reader: _Reader, data: dict[str, Any], path: str, level: int, inside: bool) -> Node | None:
    _only(reader, data, path, {"recurring_payment", "match"})
    if inside:
        raise _Wrong(path, _("is inside a recurring payment already"))
    scope, number = _scope(reader, data.get("match", "any"), _below(path, "match"))
    here = _below(path, "recurring_payment")
    part = _node(reader, data["recurring_payment"], here, level=level + 1, inside=True)
    return Payments(part=part, scope=scope, number=number) if part else None


def _scope(reader: _Reader, match: Any, path: str) -> tuple[Scope, int]:
    name, number = next(iter(match.items())) if isinstance(match, dict) and len(match) == 1 else (match, None)
    scope = _SCOPES.get(name) if isinstance(name, str) else None
    if scope is None or (scope in COUNTED) != isinstance(match, dict):
        scopes = ", ".join(one.value if one not in COUNTED else f'{{"{one.value}": N}}' for one in Scope)
        raise _Wrong(path, _("must be one of: %(scopes)s") % {"scopes": scopes})
    if scope in COUNTED and not (type(number) is int and 0 <= number <= MOST_PAYMENTS):
        raise _Wrong(f"{path}.{name}", _("must be a whole number that is not negative"))
    if scope is Scope.THIS and not reader.has_this:
        raise _Wrong(path, _("no recurring payment has started this, so there is none that “this” means"))
    return scope, number or 0


def _leaf(reader: _Reader, data: dict[str, Any], path: str, _level: int, inside: bool) -> Node:
    reader.conditions += 1
    if reader.conditions > MOST_CONDITIONS:
        words = _("A segment must not have more than %(most)d conditions.") % {"most": MOST_CONDITIONS}
        raise _Wrong("", words)
    [key] = (key for key in _LEAVES if key in data)
    name = data.get("op")
    is_named = key in (TAG, LIST)
    _only(reader, data, path, {key, "op"} if is_named else {key, "op", "value"})
    subject = _subject(reader, key, data[key], path, inside=inside)
    operator = operators.of(subject).get(name) if isinstance(name, str) else None
    if operator is None:
        allowed = ", ".join(operators.of(subject))
        raise _Wrong(_below(path, "op"), _("must be one of: %(choices)s") % {"choices": allowed})
    return _with_value(reader, subject, operator, data, path, key if is_named else "value")


def _with_value(
    reader: _Reader, subject: Subject, operator: operators.Operator, data: dict[str, Any], path: str, key: str
) -> Node:
    here = _below(path, key)
    try:
        value = operator.form.read(subject, data.get(key))
    except ValueError as error:
        raise _Wrong(here, str(error)) from None
    if subject is LIST_SUBJECT:
        reader.lists[here] = value
    return Condition(subject=subject, operator=operator, value=value)


def _subject(reader: _Reader, key: str, name: Any, path: str, *, inside: bool) -> Subject:
    if (key == "field") != inside:
        words = (
            _("is not about a recurring payment, and stands inside one")
            if inside
            else _("is about a recurring payment, and must stand inside one")
        )
        raise _Wrong(_below(path, key), words)
    if key in _NAMED:
        return _NAMED[key]
    subject = _KNOWN[key].get(name) if isinstance(name, str) else None
    if subject is None:
        words = _("there is no such field: %(name)s") % {"name": str(name)[:60]}
        raise _Wrong(_below(path, key), words)
    return subject


def _check_lists(reader: _Reader) -> None:
    known = set(ContactList.objects.filter(pk__in=reader.lists.values()).values_list("pk", flat=True))
    for path, number in reader.lists.items():
        if number not in known:
            reader.complain(path, no_such_list(number))


def no_such_list(number: int) -> str:
    """Say that a list does not exist."""
    return _("there is no such list: %(number)d") % {"number": number}


def _only(reader: _Reader, data: dict[str, Any], path: str, known: set[str]) -> None:
    for key in data.keys() - known:
        reader.complain(_below(path, str(key)[:60]), _("is not known here"))


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


_LEAVES = ("field", "contact", TAG, LIST)
_KNOWN = {"field": PAYMENT, "contact": CONTACT}
_NAMED = {TAG: TAG_SUBJECT, LIST: LIST_SUBJECT}
_READERS = {
    **dict.fromkeys(_JOINTS, _group),
    "not": _negation,
    "recurring_payment": _payments,
    **dict.fromkeys(_LEAVES, _leaf),
}


def _write_condition(node: Condition) -> dict[str, Any]:
    subject, value = node.subject, node.operator.form.write(node.subject, node.value)
    if subject.key in _NAMED:
        return {subject.key: value, "op": node.operator.name}
    given = {subject.key: subject.name, "op": node.operator.name}
    return given if value is None else given | {"value": value}


def _write_payments(node: Payments) -> dict[str, Any]:
    match = {node.scope.value: node.number} if node.scope in COUNTED else node.scope.value
    return {"recurring_payment": write(node.part), "match": match}


_WRITERS: dict[type, Any] = {
    Group: lambda node: {node.joint.value: [write(part) for part in node.parts]},
    Not: lambda node: {"not": write(node.part)},
    Condition: _write_condition,
    Payments: _write_payments,
}
