"""What is done to saved segments: saving with a history of versions, going back, duplicating, archiving."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from subscriptions.models import Segment, SegmentVersion
from subscriptions.segments import reading
from subscriptions.segments.tree import Node

NAME_LENGTH = Segment._meta.get_field("name").max_length or 0


class Stale(Exception):
    """Somebody else has saved the segment since it was opened; nothing was written."""


class NameTaken(Exception):
    """There is a segment of that name; nothing was written."""


@transaction.atomic
def create(tree: Any, *, name: str, description: str = "", owner: User | None = None) -> Segment:
    """Save a new segment; raise SegmentError for a tree that cannot be read, NameTaken for a name that is there."""
    written = reading.write(reading.read(tree))
    _check_name(name)
    segment = Segment.objects.create(name=name.strip(), description=description.strip(), owner=owner, tree=written)
    SegmentVersion.objects.create(segment=segment, number=segment.version, tree=written, saved_by=owner)
    return segment


@transaction.atomic
def change(
    segment: Segment, tree: Any, *, name: str, description: str = "", by: User | None = None, seen: int | None = None
) -> Segment:
    """Save other conditions, and so a new version unless they are the same, or another name.

    `seen` is the version that was opened; raise Stale if it is not the newest any more, SegmentError and NameTaken as
    `create` does.
    """
    written = reading.write(reading.read(tree))
    locked = Segment.objects.select_for_update().get(pk=segment.pk)
    if seen is not None and seen != locked.version:
        raise Stale
    _check_name(name, beside=locked)
    locked.name, locked.description = name.strip(), description.strip()
    if written != locked.tree:
        locked.tree, locked.version = written, locked.version + 1
        SegmentVersion.objects.create(segment=locked, number=locked.version, tree=written, saved_by=by)
    locked.save()
    return locked


def go_back(segment: Segment, number: int, *, by: User | None = None) -> Segment:
    """Save the conditions of an earlier version as the newest; raise DoesNotExist for a number that never was."""
    old = segment.versions.get(number=number)
    return change(segment, old.tree, name=segment.name, description=segment.description, by=by)


def duplicate(segment: Segment, *, owner: User | None = None) -> Segment:
    """Save a copy under a name of its own."""
    name = _free_name(segment.name)
    return create(segment.tree, name=name, description=segment.description, owner=owner)


def archive(segment: Segment) -> None:
    """Put a segment away: it is offered nowhere any more, and keeps working where it is used."""
    Segment.objects.filter(pk=segment.pk, archived_at=None).update(archived_at=timezone.now())


def take_out(segment: Segment) -> None:
    """Take a segment out of the archive."""
    Segment.objects.filter(pk=segment.pk).update(archived_at=None)


def tree_of(segment: Segment, *, has_this: bool = False) -> Node:
    """Read a saved segment; raise SegmentError where it speaks of something that is gone since, such as a list."""
    return reading.read(segment.tree, has_this=has_this)


def _check_name(name: str, *, beside: Segment | None = None) -> None:
    taken = Segment.objects.filter(name__iexact=name.strip())
    if (taken.exclude(pk=beside.pk) if beside else taken).exists():
        raise NameTaken


def _free_name(name: str) -> str:
    stem = gettext("%(name)s (copy)") % {"name": name[: NAME_LENGTH - 20]}
    names = {one.lower() for one in Segment.objects.filter(name__istartswith=stem).values_list("name", flat=True)}
    numbered = (f"{stem} {number}" for number in range(2, len(names) + 3))
    return next(one for one in (stem, *numbered) if one.lower() not in names)
