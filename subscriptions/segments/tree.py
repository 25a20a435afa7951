"""What a segment is made of, once it has been read: groups, conditions, and the frame around a recurring payment."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subscriptions.segments.operators import Operator
    from subscriptions.segments.subjects import Subject


class Joint(Enum):
    """How a group joins its parts; the value is its key in JSON."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Several parts of which all, or any, must hold."""

    joint: Joint
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The exact opposite of a part."""

    part: "Node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One question: of what, which, and with which value (None where the operator takes none)."""

    subject: "Subject"
    operator: "Operator"
    value: Any = None


class Scope(Enum):
    """Which of a person's recurring payments are meant; those with a number carry it beside them."""

    ANY = "any"
    NONE = "none"
    EVERY = "every"
    LATEST = "latest"
    THIS = "this"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXACTLY = "exactly"


COUNTED = frozenset({Scope.AT_LEAST, Scope.AT_MOST, Scope.EXACTLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """From a person to their recurring payments: all conditions inside are about one and the same payment."""

    part: "Node"
    scope: Scope = Scope.ANY
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Whether a person is in a saved segment: its number and name, and what it asks."""

    operator: "Operator"
    segment: int
    name: str
    part: "Node"


type Node = Group | Not | Condition | Payments | Member
EVERYONE = Group(joint=Joint.ALL, parts=())


def conditions(node: Node) -> Iterator[Condition]:
    """Return every condition of a tree, also those inside frames and of the segments that it asks for."""
    if isinstance(node, Condition):
        yield node
    else:
        for part in node.parts if isinstance(node, Group) else (node.part,):
            yield from conditions(part)
