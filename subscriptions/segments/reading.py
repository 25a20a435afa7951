"""Reading a segment from JSON, strictly: what is wrong is said in the user's words, each with its path."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from subscriptions.segments.known import Known, look_up
from subscriptions.segments.leaves import LEAVES, read_leaf
from subscriptions.segments.mistakes import Mistakes, SegmentError, Wrong, below
from subscriptions.segments.subjects import NAMED, SEGMENT
from subscriptions.segments.tree import COUNTED, Condition, Group, Joint, Member, Node, Not, Payments, Scope

MOST_LEVELS = 8
MOST_CONDITIONS = 200
MOST_BYTES = 64 * 1024
MOST_PAYMENTS = 1_000_000
_JOINTS = {joint.value: joint for joint in Joint}
# what a node can be, by the key that it must have exactly one of
_KEYS = (*_JOINTS, "not", "recurring_payment", *LEAVES)
_SCOPES = {scope.value: scope for scope in Scope}


@dataclass(slots=True, kw_only=True)
class _Reader:
    """`around` names the saved segments that are being read, each inside the one before; none may come twice."""

    has_this: bool
    known: Known
    around: tuple[int, ...] = ()
    mistakes: Mistakes = field(default_factory=Mistakes)
    conditions: int = 0
    size: int = 0

    def count(self) -> None:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise Wrong("", _("A segment must not have more than %(most)d conditions.") % {"most": MOST_CONDITIONS})


def read_text(text: str | bytes, *, inside_payment: bool = False, has_this: bool = False) -> Node:
    """Read a segment from a JSON text; see `read`."""
    return read(parse(text), inside_payment=inside_payment, has_this=has_this)


def parse(text: str | bytes) -> Any:
    """Return what a JSON text says, whatever it is; raise SegmentError for one that is none, or too large."""
    if len(text if isinstance(text, bytes) else text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise SegmentError({"": _too_large()})
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise SegmentError({"": _("This is not valid JSON.")}) from None


def read(
    data: Any,
    *,
    inside_payment: bool = False,
    has_this: bool = False,
    itself: int | None = None,
    known: Known | None = None,
) -> Node:
    """Read a segment, and raise SegmentError with everything that is wrong.

    `inside_payment` begins inside the frame of a recurring payment, as the segment of a trigger does. `has_this` says
    that there is a payment that started it all, which the scope "this" means. `itself` is the number of the saved
    segment that it is, or is to be, so that it may not ask for itself. Who reads many segments looks up once, for all
    of them, what they name, and gives it as `known`.

    What a segment asks for counts as if it were written there, a level further in: the limits are those of the whole.
    """
    size = _size(data)
    if size > MOST_BYTES:
        raise SegmentError({"": _too_large()})
    around = (itself,) if itself else ()
    reader = _Reader(has_this=has_this, known=known or look_up([data]), around=around, size=size)
    node = _node(reader, data, "", level=1, inside=inside_payment)
    if reader.mistakes.errors or node is None:
        raise SegmentError(reader.mistakes.errors)
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
    except Wrong as wrong:
        reader.mistakes.complain(wrong.path, wrong.words)
        return None


def _read_node(reader: _Reader, data: Any, path: str, *, level: int, inside: bool) -> Node | None:
    if not isinstance(data, dict):
        raise Wrong(path, _("must be an object"))
    keys = [key for key in _KEYS if key in data]
    if len(keys) != 1:
        raise Wrong(path, _("must have exactly one of: %(keys)s") % {"keys": ", ".join(_KEYS)})
    [key] = keys
    if key not in LEAVES and level > MOST_LEVELS:
        raise Wrong(path, _("is nested deeper than %(most)d levels") % {"most": MOST_LEVELS})
    return _READERS[key](reader, data, path, level, inside)


def _group(reader: _Reader, data: dict[str, Any], path: str, level: int, inside: bool) -> Node:
    [key] = (key for key in _JOINTS if key in data)
    here = below(path, key)
    reader.mistakes.only(data, path, {key})
    if not isinstance(data[key], list):
        raise Wrong(here, _("must be a list"))
    if not data[key] and not _may_be_empty(path):
        raise Wrong(here, _("is an empty group: add a condition or remove it"))
    parts = [
        _node(reader, part, f"{here}[{number}]", level=level + 1, inside=inside)
        for number, part in enumerate(data[key])
    ]
    return Group(joint=_JOINTS[key], parts=tuple(part for part in parts if part))


def _may_be_empty(path: str) -> bool:
    """Whether "all of nothing" is meant: of a whole segment, everybody; of a frame, any recurring payment."""
    return not path or path.endswith("recurring_payment")


def _negation(reader: _Reader, data: dict[str, Any], path: str, level: int, inside: bool) -> Node | None:
    reader.mistakes.only(data, path, {"not"})
    part = _node(reader, data["not"], below(path, "not"), level=level + 1, inside=inside)
    return Not(part=part) if part else None


def _payments(reader: _Reader, data: dict[str, Any], path: str, level: int, inside: bool) -> Node | None:
    reader.mistakes.only(data, path, {"recurring_payment", "match"})
    if inside:
        raise Wrong(path, _("is inside a recurring payment already"))
    scope, number = _scope(reader, data.get("match", "any"), below(path, "match"))
    here = below(path, "recurring_payment")
    part = _node(reader, data["recurring_payment"], here, level=level + 1, inside=True)
    return Payments(part=part, scope=scope, number=number) if part else None


def _scope(reader: _Reader, match: Any, path: str) -> tuple[Scope, int]:
    name, number = next(iter(match.items())) if isinstance(match, dict) and len(match) == 1 else (match, None)
    scope = _SCOPES.get(name) if isinstance(name, str) else None
    if scope is None or (scope in COUNTED) != isinstance(match, dict):
        scopes = ", ".join(one.value if one not in COUNTED else f'{{"{one.value}": N}}' for one in Scope)
        raise Wrong(path, _("must be one of: %(scopes)s") % {"scopes": scopes})
    if scope in COUNTED and not (type(number) is int and 0 <= number <= MOST_PAYMENTS):
        raise Wrong(f"{path}.{name}", _("must be a whole number that is not negative"))
    if scope is Scope.THIS and not reader.has_this:
        raise Wrong(path, _("no recurring payment has started this, so there is none that “this” means"))
    return scope, number or 0


def _leaf(reader: _Reader, data: dict[str, Any], path: str, _level: int, inside: bool) -> Node:
    reader.count()
    return read_leaf(reader.mistakes, data, path, inside=inside, known=reader.known)


def _member(reader: _Reader, data: dict[str, Any], path: str, level: int, inside: bool) -> Node:
    """Read on in the segment that is asked for, with what is left of the limits."""
    reader.count()
    asked = read_leaf(reader.mistakes, data, path, inside=inside, known=reader.known)
    here, saved = below(path, SEGMENT), reader.known.segments[asked.value]
    if saved.pk in reader.around:
        raise Wrong(here, _("asks for itself: %(names)s") % {"names": _circle(reader, saved.pk)})
    reader.size += _size(saved.tree)
    if reader.size > MOST_BYTES:
        raise Wrong("", _too_large())
    within = replace(reader, around=(*reader.around, saved.pk), mistakes=Mistakes())
    part = _node(within, saved.tree, "", level=level + 1, inside=False)
    reader.conditions, reader.size = within.conditions, within.size
    if within.mistakes.errors or part is None:
        raise Wrong(here, _reason(saved.name, within.mistakes))
    return Member(operator=asked.operator, segment=saved.pk, name=saved.name, part=part)


class _Reason(str):
    """Why a segment cannot be asked; those around it say the same, and not that of each other."""

    __slots__ = ()


def _reason(name: str, mistakes: Mistakes) -> str:
    [(path, told), *_others] = mistakes.errors.items()
    if isinstance(told, _Reason):
        return told
    words = _("the segment “%(name)s” cannot be asked here: %(reason)s")
    return _Reason(words % {"name": name, "reason": SegmentError({path: told})})


def _circle(reader: _Reader, number: int) -> str:
    around = reader.around[reader.around.index(number) :]
    return " → ".join(reader.known.segments[one].name for one in (*around, number))


_READERS = {
    **dict.fromkeys(_JOINTS, _group),
    "not": _negation,
    "recurring_payment": _payments,
    **dict.fromkeys(LEAVES, _leaf),
    SEGMENT: _member,
}


def _write_condition(node: Condition) -> dict[str, Any]:
    subject, value = node.subject, node.operator.form.write(node.subject, node.value)
    if subject.key in NAMED:
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
    Member: lambda node: {SEGMENT: node.segment, "op": node.operator.name},
}
