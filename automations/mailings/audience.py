"""To whom a direct campaign goes: who is subscribed to one of its lists and, if it has one, in its segment.

Who cannot be mailed is left out at once, and asked for once more at the moment of sending.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from contacts.models import Contact
from contacts.reach import can_be_mailed
from subscriptions.segments import compiler, reading
from subscriptions.segments.compiler import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many people it goes to, and how many more are meant whom no e-mail may be sent to."""

    people: int
    out_of_reach: int


def people(lists: Collection[int], segment: int | None, world: World | None = None) -> QuerySet[Contact]:
    """Ask for the people, each once; raise SegmentError where the segment, or what it names, is gone."""
    return _meant(lists, segment, world).filter(can_be_mailed())


def count(lists: Collection[int], segment: int | None) -> Count:
    """Count them as they are now; raise SegmentError as `people`."""
    reached, meant = people(lists, segment).count(), _meant(lists, segment, None).count()
    return Count(people=reached, out_of_reach=meant - reached)


def _meant(lists: Collection[int], segment: int | None, world: World | None) -> QuerySet[Contact]:
    subscribed = [{"list": one, "op": "subscribed"} for one in sorted(lists)]
    tree: dict[str, Any] = {"any": subscribed}
    if segment is not None:
        tree = {"all": [tree, {"segment": segment, "op": "in"}]}
    return compiler.people(reading.read(tree), world) if subscribed else Contact.objects.none()
