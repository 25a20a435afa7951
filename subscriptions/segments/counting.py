"""How many people a segment has."""

from dataclasses import dataclass

from contacts.models import Contact
from subscriptions.segments import compiler
from subscriptions.segments.compiler import World
from subscriptions.segments.tree import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    people: int
    is_estimate: bool = False
    sample: int = 0


def some(node: Node, world: World | None = None, *, start: int = 0, limit: int = 5) -> list[Contact]:
    return list(compiler.people(node, world)[start : start + limit])


def count(node: Node, world: World | None = None, *, seconds: float = 2.0) -> Count:
    return Count(people=compiler.people(node, world).count())


def first(node: Node, world: World | None = None, *, limit: int = 5) -> list[Contact]:
    """Return the first people who match, newest first."""
    return list(compiler.people(node, world)[:limit])
