"""Which segment a page of people is about: a saved one by its number, or any other by its JSON."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from subscriptions.models import Segment
from subscriptions.segments import reading, saved
from subscriptions.segments.tree import Node

# A longer segment is posted from page to page instead of standing in the address.
LONGEST_ADDRESS = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A segment that has been read; `segment` is the saved one, if it is one."""

    node: Node
    segment: Segment | None = None

    @property
    def tree(self) -> str:
        """The segment as JSON, as compact as can be."""
        return json.dumps(reading.write(self.node), ensure_ascii=False, separators=(",", ":"))

    @property
    def fields(self) -> dict[str, Any]:
        """What a form sends to mean this segment again."""
        return {"segment": self.segment.pk} if self.segment else {"tree": self.tree}

    @property
    def query(self) -> str:
        """What an address says to mean this segment; empty where it would be too long."""
        query = urlencode(self.fields)
        return query if len(query) <= LONGEST_ADDRESS else ""


def of(request: HttpRequest) -> Asked:
    """Read which segment is meant, everybody where none is; raise SegmentError and Http404."""
    told = request.POST if request.method == "POST" else request.GET
    number = told.get("segment", "")
    if number:
        known = number.isascii() and number.isdecimal() and len(number) < 19
        segment = get_object_or_404(Segment, pk=int(number) if known else 0)
        return Asked(node=saved.tree_of(segment), segment=segment)
    return Asked(node=reading.read_text(told.get("tree") or '{"all":[]}'))
