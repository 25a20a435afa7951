"""What is done to a saved segment with one click: duplicating, archiving, going back to a version, deleting."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from config.audit.log import record
from subscriptions.models import Segment, SegmentVersion
from subscriptions.segment_pages import access, words
from subscriptions.segments import saved, uses
from subscriptions.segments.mistakes import SegmentError


@access.may("add")
@require_POST
def duplicate(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Save a copy, and lead to it."""
    segment = _segment(segment_id)
    try:
        with transaction.atomic():
            copy = saved.duplicate(segment, owner=access.person(request))
            record("added", about=copy, request=request)
    except SegmentError:
        messages.error(request, words.said(segment.tree))
        return redirect("segment", segment.pk)
    messages.success(request, gettext("This is the copy. Its name can be changed here."))
    return redirect("segment", copy.pk)


@access.may("change")
@require_POST
def archive(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Put a segment into the archive."""
    segment = _segment(segment_id)
    with transaction.atomic():
        if saved.archive(segment):
            record("segment.archived", about=segment, request=request)
    messages.success(request, gettext("The segment is in the archive now. It keeps working where it is used."))
    return redirect("segment", segment.pk)


@access.may("change")
@require_POST
def take_out(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Take a segment out of the archive."""
    segment = _segment(segment_id)
    with transaction.atomic():
        if saved.take_out(segment):
            record("segment.taken_out", about=segment, request=request)
    messages.success(request, gettext("The segment is out of the archive."))
    return redirect("segment", segment.pk)


@access.may("change")
@require_POST
def go_back(request: HttpRequest, segment_id: int, number: int) -> HttpResponse:
    """Save the conditions of an earlier version as the newest."""
    segment = _segment(segment_id)
    try:
        with transaction.atomic():
            saved.go_back(segment, number, by=access.person(request))
            record("segment.went_back", about=segment, request=request, version=number)
    except SegmentVersion.DoesNotExist:
        raise Http404 from None
    except SegmentError as error:
        messages.error(request, "; ".join(error.errors.values()))
        return redirect("segment", segment.pk)
    messages.success(request, gettext("Version %(number)d holds again.") % {"number": number})
    return redirect("segment", segment.pk)


@access.may("delete")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Ask, and delete a segment with all its versions; of one that is used, say where."""
    segment = _segment(segment_id)
    if request.method != "POST":
        return _deletion(request, segment, uses.of([segment.pk])[segment.pk])
    try:
        with transaction.atomic():
            record("deleted", about=segment, request=request)
            saved.delete(segment)
    except saved.InUse as used:
        return _deletion(request, segment, used.uses, status=409)
    messages.success(request, gettext("The segment “%(name)s” has been deleted.") % {"name": segment.name})
    return redirect("segments")


def _deletion(request: HttpRequest, segment: Segment, used: list[uses.Use], *, status: int = 200) -> HttpResponse:
    own = {"segment": segment, "sentence": words.said(segment.tree), "uses": used}
    context = access.context(request, gettext("Delete this segment"), **own)
    return render(request, "subscriptions/segments/delete.html", context, status=status)


def _segment(segment_id: int) -> Segment:
    return get_object_or_404(Segment, pk=segment_id)
