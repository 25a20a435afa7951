"""What segments name by number, lists and other segments, looked up for as many of them as are read together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contacts.models import ContactList
from subscriptions.models import Segment
from subscriptions.segments.subjects import LIST, SEGMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names of lists, None where somebody else looks after them, and the saved segments."""

    lists: Mapping[int, str] | None
    segments: Mapping[int, Segment]


def look_up(trees: Iterable[Any], *, with_lists: bool = True) -> Known:
    """Look up what trees name, and what the segments named there name in turn.

    That is one query for lists if any is named, and one for each level of segments that ask for segments.
    """
    lists, wanted = named_in(trees)
    segments, asked = dict[int, Segment](), set[int]()
    while fresh := wanted - asked:
        found = Segment.objects.only("name", "tree").in_bulk(fresh)
        segments, asked = segments | found, asked | fresh
        more, wanted = named_in(one.tree for one in found.values())
        lists |= more
    return Known(lists=_names(lists) if with_lists else None, segments=segments)


def _names(numbers: set[int]) -> dict[int, str]:
    return dict(ContactList.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}


def named_in(trees: Iterable[Any]) -> tuple[set[int], set[int]]:
    """Return the numbers of lists and of segments that trees name, however wrong they may be, and however deep."""
    found: dict[str, set[int]] = {LIST: set(), SEGMENT: set()}
    left = list(trees)
    while left:
        part = left.pop()
        if isinstance(part, dict):
            for key, numbers in found.items():
                if _is_number(part.get(key)):
                    numbers.add(part[key])
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)
    return found[LIST], found[SEGMENT]


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 < value < 2**31
