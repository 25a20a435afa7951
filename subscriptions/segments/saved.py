"""What is done to saved segments: saving with a history of versions, going back, duplicating, archiving, deleting.

Segments may ask for each other, so whoever saves or deletes one takes the locks of all for that moment: otherwise two
who each see half of it could make a circle, or let one grow that another has no room for.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from subscriptions import names
from subscriptions.models import Segment, SegmentVersion
from subscriptions.segments import reading, references, uses
from subscriptions.segments.known import Known
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.tree import Node

NAME_LENGTH = Segment._meta.get_field("name").max_length or 0


class Stale(Exception):
    """Somebody else has saved the segment since it was opened; nothing was written."""


class NameTaken(Exception):
    """There is a segment of that name; nothing was written."""


class InUse(Exception):
    """The segment was not deleted; `uses` says where it is used."""

    def __init__(self, found: list[uses.Use]) -> None:
        super().__init__(", ".join(one.name for one in found))
        self.uses = found


@transaction.atomic
def create(tree: Any, *, name: str, description: str = "", owner: User | None = None) -> Segment:
    """Save a new segment; raise SegmentError for a tree that cannot be read, NameTaken for a name that is there."""
    _take_all()
    written = reading.write(reading.read(tree))
    if names.is_taken(Segment, name.strip()):
        raise NameTaken
    segment = Segment(name=name.strip(), description=description.strip(), tree=written, owner=owner, changed_by=owner)
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError:  # the first two segments of all, which no lock keeps apart
        raise NameTaken from None
    _keep(segment, by=owner)
    return segment


@transaction.atomic
def change(
    segment: Segment, tree: Any, *, name: str, description: str = "", by: User | None = None, seen: int | None = None
) -> Segment:
    """Save another name or description, or other conditions, and so a new version.

    `seen` is the revision that was opened; raise Stale if it is not the newest any more, SegmentError and NameTaken as
    `create` does. SegmentError may also say that a segment which asks for this one could not be asked any more.
    """
    _take_all()
    written = reading.write(reading.read(tree, itself=segment.pk))
    newest = Segment.objects.get(pk=segment.pk)
    if seen is not None and seen != newest.revision:
        raise Stale
    words = (name.strip(), description.strip())
    if names.is_taken(Segment, words[0], beside=newest):
        raise NameTaken
    if (newest.name, newest.description, newest.tree) == (*words, written):
        return newest
    newest.name, newest.description = words
    newest.revision, newest.changed_by = newest.revision + 1, by
    if written == newest.tree:
        newest.save()
    else:
        _change_tree(newest, written)
    return newest


@transaction.atomic
def go_back(segment: Segment, number: int, *, by: User | None = None) -> Segment:
    """Save the conditions of an earlier version as the newest; raise DoesNotExist for a number that never was."""
    _take_all()
    old, newest = segment.versions.get(number=number), Segment.objects.get(pk=segment.pk)
    return change(newest, old.tree, name=newest.name, description=newest.description, by=by)


@transaction.atomic
def duplicate(segment: Segment, *, owner: User | None = None) -> Segment:
    """Save a copy under a name of its own."""
    _take_all()
    name = names.free_for_copy(Segment, segment.name)
    return create(segment.tree, name=name, description=segment.description, owner=owner)


def archive(segment: Segment) -> bool:
    """Put a segment away, and say whether it was not: it is offered nowhere, and keeps working where it is used."""
    return bool(Segment.objects.filter(pk=segment.pk, archived_at=None).update(archived_at=timezone.now()))


def take_out(segment: Segment) -> bool:
    """Take a segment out of the archive, and say whether it was there."""
    return bool(Segment.objects.filter(pk=segment.pk).exclude(archived_at=None).update(archived_at=None))


@transaction.atomic
def delete(segment: Segment) -> None:
    """Delete a segment with all its versions; raise InUse where it is used."""
    _take_all()
    if found := uses.of([segment.pk])[segment.pk]:
        raise InUse(found)
    segment.delete()


def tree_of(segment: Segment, *, known: Known | None = None) -> Node:
    """Read a saved segment; raise SegmentError where it speaks of something that is gone since, such as a list."""
    return reading.read(segment.tree, itself=segment.pk, known=known)


def _change_tree(segment: Segment, tree: Any) -> None:
    """Save a new version, which leaves each segment that asks for this one as readable as it was."""
    above = references.askers(segment)
    readable = references.readable(above)
    segment.tree, segment.version = tree, segment.version + 1
    segment.save()
    _keep(segment, by=segment.changed_by)
    if broken := readable - references.readable(above):
        words = _("the segment “%(name)s” asks for this one, and has no room for these conditions")
        raise SegmentError({"": words % {"name": min(broken)}})


def _take_all() -> None:
    list(Segment.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _keep(segment: Segment, *, by: User | None) -> None:
    """Keep a new version beside the segment, and what it asks for."""
    SegmentVersion.objects.create(segment=segment, number=segment.version, tree=segment.tree, saved_by=by)
    references.keep(segment)
