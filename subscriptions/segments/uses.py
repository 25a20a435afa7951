"""Where saved segments are used: in other segments, and in whatever the apps above this one say.

This app cannot know which others use segments, so each registers a finder when it is ready. Whoever begins to use a
segment takes its row's lock before, and finds it there still: who deletes takes it too, and looks here then.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from subscriptions.models import SegmentReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place where a segment is used: what sort of thing it is, its name, and the address of its page, if any."""

    kind: Any
    name: str
    url: str


# From the numbers of segments to the uses of each; segments without any may be left out.
type Finder = Callable[[Collection[int]], Mapping[int, list[Use]]]
_FINDERS: dict[str, Finder] = {}


def register(app: str, finder: Finder) -> None:
    """Ask this app too, from now on."""
    _FINDERS[app] = finder


def of(segments: Collection[int]) -> dict[int, list[Use]]:
    """Return the uses of each of these segments, by its number."""
    found: dict[int, list[Use]] = {number: [] for number in segments}
    for finder in (_in_segments, *_FINDERS.values()):
        for number, uses in finder(segments).items():
            found[number].extend(uses)
    return found


def _in_segments(segments: Collection[int]) -> dict[int, list[Use]]:
    found: dict[int, list[Use]] = {}
    rows = SegmentReference.objects.filter(asked__in=segments).order_by("asker__name")
    for asked, asker, name in rows.values_list("asked", "asker", "asker__name"):
        found.setdefault(asked, []).append(Use(kind=_("Segment"), name=name, url=reverse("segment", args=[asker])))
    return found
