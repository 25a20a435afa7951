"""A segment that asks for no other any more: what those ask now is written out in it.

So it goes on meaning the same people by the same conditions, whatever happens to the others.
"""

from collections.abc import Callable
from typing import Any

from subscriptions.segments.tree import EVERYONE, Condition, Group, Joint, Member, Node, Not, Payments

NOBODY = Group(joint=Joint.ANY, parts=())


def flat(node: Node) -> Node:
    """Write out every segment that is asked for.

    What asks for everybody or for nobody, as a part of a tree cannot, is reckoned with at once.
    """
    flattened: Node = _FLAT[type(node)](node)
    return flattened


def _group(node: Group) -> Node:
    neutral, decisive = (EVERYONE, NOBODY) if node.joint is Joint.ALL else (NOBODY, EVERYONE)
    parts = tuple(part for part in map(flat, node.parts) if part != neutral)
    return decisive if decisive in parts else Group(joint=node.joint, parts=parts)


def _negation(node: Not) -> Node:
    return _opposite(flat(node.part))


def _member(node: Member) -> Node:
    part = flat(node.part)
    return part if node.operator.name == "in" else _opposite(part)


def _opposite(node: Node) -> Node:
    if node == EVERYONE:
        return NOBODY
    if isinstance(node, Not):
        return node.part
    return EVERYONE if node == NOBODY else Not(part=node)


def _itself(node: Condition | Payments) -> Node:
    """Nothing inside a frame asks for a segment."""
    return node


_FLAT: dict[type, Callable[[Any], Node]] = {
    Group: _group,
    Not: _negation,
    Member: _member,
    Condition: _itself,
    Payments: _itself,
}
