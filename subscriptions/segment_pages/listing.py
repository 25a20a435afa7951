"""The list of segments: what there are, what each says, and how many people match, asked row by row."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from config.access import who
from config.seeking import contains, typed
from subscriptions.models import Segment, SegmentQuerySet
from subscriptions.segment_pages import access, words
from subscriptions.segments import counting, saved, uses
from subscriptions.segments.known import look_up
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.uses import Use

PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One segment of the list."""

    segment: Segment
    sentence: str
    owner: str
    uses: list[Use]


@access.may("view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the segments whose name or description contains `q`; with `archived`, those in the archive."""
    q, archived = typed(request.GET), "archived" in request.GET
    found = _found(q, archived=archived)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    own = {
        "q": q,
        "archived": archived,
        "page": page,
        "query": urlencode({"q": q} if q else {}) + ("&archived=1" if archived else ""),
        "rows": _rows(list(page.object_list)),
        "living": Segment.objects.living().count(),
        "put_away": Segment.objects.exclude(archived_at=None).count(),
    }
    return render(request, "subscriptions/segments/list.html", access.context(request, gettext("Segments"), **own))


@access.may("view")
@require_safe
def count(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Say how many people a saved segment has now."""
    segment = get_object_or_404(Segment, pk=segment_id)
    try:
        found = counting.count(saved.tree_of(segment))
    except SegmentError:
        return JsonResponse({"count": None, "words": "–"})
    return JsonResponse({"count": found.number, "words": words.number(found)})


def _found(q: str, *, archived: bool) -> SegmentQuerySet:
    kept = Segment.objects.exclude(archived_at=None) if archived else Segment.objects.living()
    return kept.filter(contains(q, "name", "description")).select_related("owner").order_by("name")


def _rows(segments: list[Segment]) -> list[Row]:
    known, used = look_up(one.tree for one in segments), uses.of([one.pk for one in segments])
    return [
        Row(segment=one, sentence=words.said(one.tree, known), owner=who(one.owner), uses=used[one.pk])
        for one in segments
    ]
