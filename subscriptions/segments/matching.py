"""Which of very many segments does one person match, or one payment: asked of the database a hundred at a time.

Where any of them asks for other segments, one more query looks those up, and one for each level of asking.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import batched
from typing import Any

from django.db.models import Exists, QuerySet

from contacts.models import Contact, ContactList
from subscriptions.models import RecurringPayment
from subscriptions.segments import compiler, reading
from subscriptions.segments.compiler import World
from subscriptions.segments.expressions import truth
from subscriptions.segments.known import look_up
from subscriptions.segments.leaves import no_such_list
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.subjects import LIST
from subscriptions.segments.tree import Node, conditions

AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches[Key]:
    """The segments that match, in the order in which they were given, and what is wrong with those left out."""

    matching: list[Key] = field(default_factory=list)
    unreadable: dict[Key, SegmentError] = field(default_factory=dict)


def of_person[Key](trees: Mapping[Key, Any], contact: int, world: World | None = None) -> Matches[Key]:
    """Say which segments a person matches; `trees` are their conditions as they are saved, by any key."""
    world = replace(world or World(), only=(contact,))
    nodes, matches = _read(trees, has_this=world.this is not None)
    return _asked(Contact.objects.filter(pk=contact), nodes, world, matches)


def of_payment[Key](trees: Mapping[Key, Any], payment: int, world: World | None = None) -> Matches[Key]:
    """Say which trees that begin inside a frame a payment matches."""
    nodes, matches = _read(trees, inside_payment=True)
    return _asked(RecurringPayment.objects.filter(pk=payment), nodes, world or World(), matches)


def _read[Key](trees: Mapping[Key, Any], **way: Any) -> tuple[dict[Key, Node], Matches[Key]]:
    nodes, matches, known = dict[Key, Node](), Matches[Key](), look_up(trees.values(), with_lists=False)
    for key, tree in trees.items():
        try:
            nodes[key] = reading.read(tree, known=known, **way)
        except SegmentError as error:
            matches.unreadable[key] = error
    return nodes, matches


def _asked[Key](
    rows: "QuerySet[Any, Any]", nodes: dict[Key, Node], world: World, matches: Matches[Key]
) -> Matches[Key]:
    for some in batched(nodes.items(), AT_ONCE):
        _ask(rows, dict(some), world, matches)
    return matches


def _ask[Key](rows: "QuerySet[Any, Any]", nodes: dict[Key, Node], world: World, matches: Matches[Key]) -> None:
    """Ask once, whether each holds and which of the lists that they speak of are there."""
    lists = {key: _lists(node) for key, node in nodes.items()}
    truths = {f"matches_{place}": truth(compiler.of_people(node, world)) for place, node in enumerate(nodes.values())}
    known = {_list(number): Exists(ContactList.objects.filter(pk=number)) for number in set().union(*lists.values())}
    answers = rows.annotate(**truths, **known).values(*truths, *known).first()
    for key, name in zip(nodes, truths, strict=True) if answers else ():
        if gone := [number for number in lists[key] if not answers[_list(number)]]:
            matches.unreadable[key] = SegmentError({"": no_such_list(gone[0])})
        elif answers[name]:
            matches.matching.append(key)


def _lists(node: Node) -> set[int]:
    return {one.value for one in conditions(node) if one.subject.key == LIST}


def _list(number: int) -> str:
    return f"list_{number}".replace("-", "_")
