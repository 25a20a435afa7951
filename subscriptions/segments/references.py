"""Which saved segments ask for which, and whether they still can."""

from collections.abc import Iterable

from subscriptions.models import Segment, SegmentReference
from subscriptions.segments import reading
from subscriptions.segments.known import Known, look_up, named_in
from subscriptions.segments.mistakes import SegmentError


def keep(segment: Segment) -> None:
    """Write down which segments the conditions name now."""
    _lists, named = named_in([segment.tree])
    segment.references.exclude(asked__in=named).delete()
    rows = (SegmentReference(asker=segment, asked_id=number) for number in named)
    SegmentReference.objects.bulk_create(rows, ignore_conflicts=True)


def askers(segment: Segment) -> list[Segment]:
    """List the segments that ask for this one, or for one that does: one query for each level."""
    found, below = dict[int, Segment](), {segment.pk}
    while below:
        above = Segment.objects.filter(references__asked__in=below).exclude(pk__in=found).distinct()
        level = {one.pk: one for one in above}
        found, below = found | level, set(level)
    return list(found.values())


def readable(segments: Iterable[Segment]) -> set[str]:
    """Return the names of those that can be asked."""
    segments = list(segments)
    known = look_up(one.tree for one in segments)
    return {one.name for one in segments if _is_readable(one, known)}


def _is_readable(segment: Segment, known: Known) -> bool:
    try:
        reading.read(segment.tree, itself=segment.pk, known=known)
    except SegmentError:
        return False
    return True
