"""One segment's page: its builder, and saving what was built, from the script or from a plain form."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from config.access import who
from config.audit.log import record
from subscriptions import display
from subscriptions.models import Segment
from subscriptions.people_pages import asked
from subscriptions.refusal import Refusal
from subscriptions.segment_pages import access, words
from subscriptions.segment_pages.asking import pretty
from subscriptions.segments import reading, saved, uses
from subscriptions.segments.description import description
from subscriptions.segments.known import look_up
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.tree import EVERYONE

# How many versions a page tells of.
MOST_VERSIONS = 50


class SegmentForm(forms.Form):
    """What is saved; the tree is read by the language itself."""

    name = forms.CharField(label=_("Name"), max_length=saved.NAME_LENGTH)
    description = forms.CharField(
        label=_("Description"), max_length=Segment._meta.get_field("description").max_length, required=False
    )
    tree = forms.CharField(label=_("Conditions as JSON"), strip=False)
    seen = forms.IntegerField(required=False)


@access.may("add")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show an empty builder, and save what is built there as a new segment."""
    if request.method == "POST" and "build" not in request.POST:
        return _save(request, None)
    return _page(request, None, begun=_begun(request))


def _begun(request: HttpRequest) -> Any:
    """Return the conditions with which somebody comes here from a search, none where there are none."""
    try:
        return reading.write(asked.of(request).node)
    except SegmentError:
        return reading.write(EVERYONE)


@access.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def segment(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Show a segment, and save what was changed in it."""
    found = get_object_or_404(Segment.objects.select_related("owner", "changed_by"), pk=segment_id)
    if request.method != "POST":
        return _page(request, found)
    access.require(request, "change")
    return _save(request, found)


def _save(request: HttpRequest, segment: Segment | None) -> HttpResponse:
    form = SegmentForm(request.POST)
    try:
        with transaction.atomic():
            kept = _written(request, segment, form)
    except (SegmentError, saved.NameTaken, saved.Stale, forms.ValidationError) as error:
        return _refused(request, segment, form, _refusal(error, form, segment))
    if access.is_script(request):
        return _saved(request, kept, is_new=segment is None)
    messages.success(request, gettext("The segment has been saved."))
    return redirect("segment", kept.pk)


def _written(request: HttpRequest, segment: Segment | None, form: SegmentForm) -> Segment:
    """Save and record it; raise what is wrong in the name first, since the conditions are told with it anyway."""
    if not form.is_valid():
        raise forms.ValidationError("")
    told, by = form.cleaned_data, access.person(request)
    tree = reading.parse(told["tree"])
    values = {"name": told["name"], "description": told["description"]}
    if segment is None:
        kept = saved.create(tree, owner=by, **values)
        record("added", about=kept, request=request)
        return kept
    before = (segment.name, segment.description, segment.tree)
    kept = saved.change(segment, tree, by=by, seen=told["seen"], **values)
    if before != (kept.name, kept.description, kept.tree):
        record("changed", about=kept, request=request)
    return kept


def _refusal(error: Exception, form: SegmentForm, segment: Segment | None) -> Refusal:
    if isinstance(error, saved.Stale) and segment:
        return Refusal(status=409, stale=_stale(segment))
    if isinstance(error, saved.NameTaken):
        return Refusal(fields={"name": gettext("There is a segment of this name already.")})
    if isinstance(error, SegmentError):
        return Refusal(errors=error.errors)
    fields = {name: " ".join(map(str, told)) for name, told in form.errors.items()}
    return Refusal(errors=_tree_errors(form), fields=fields)


def _tree_errors(form: SegmentForm) -> dict[str, str]:
    """Tell what is wrong in the conditions, also where the name is wrong too."""
    try:
        reading.read_text(form.data.get("tree", ""))
    except SegmentError as error:
        return error.errors
    return {}


def _stale(segment: Segment) -> str:
    newest = Segment.objects.select_related("changed_by").get(pk=segment.pk)
    when = display.relative(newest.updated_at)
    if newest.changed_by is None:
        return gettext("This segment was saved %(when)s, while you were working on it.") % {"when": when}
    said = gettext("%(who)s saved this segment %(when)s, while you were working on it.")
    return said % {"who": who(newest.changed_by), "when": when}


def _refused(request: HttpRequest, segment: Segment | None, form: SegmentForm, refusal: Refusal) -> HttpResponse:
    if segment:
        segment.refresh_from_db()
    if access.is_script(request):
        return refusal.to_script(revision=segment.revision if segment else 0)
    return _page(request, segment, typed=form, refusal=refusal)


def _saved(request: HttpRequest, segment: Segment, *, is_new: bool) -> HttpResponse:
    said = gettext("The segment has been saved.")
    told = {"revision": segment.revision, "message": said}
    if is_new:
        messages.success(request, said)
        return JsonResponse(told | {"url": reverse("segment", args=[segment.pk])}, status=201)
    return JsonResponse(told | {"name": segment.name, "versions": _versions_html(request, segment)})


def _page(
    request: HttpRequest,
    segment: Segment | None,
    *,
    typed: SegmentForm | None = None,
    refusal: Refusal | None = None,
    begun: Any = None,
) -> HttpResponse:
    title = segment.name if segment else gettext("New segment")
    values = _values(segment, typed, begun)
    own = {
        "segment": segment,
        "sentence": words.said(segment.tree) if segment else "",
        "values": values,
        "refusal": refusal,
        "description": description([_tree_or_none(values["tree"])], itself=segment),
        "may_save": access.is_allowed(request, "change" if segment else "add"),
        **(_versions(request, segment) | {"uses": uses.of([segment.pk])[segment.pk]} if segment else {}),
    }
    context = access.context(request, title, **own)
    status = refusal.status if refusal else 200
    return render(request, "subscriptions/segments/segment.html", context, status=status)


def _tree_or_none(text: str) -> Any:
    try:
        return reading.parse(text)
    except SegmentError:
        return None


def _values(segment: Segment | None, typed: SegmentForm | None, begun: Any) -> dict[str, Any]:
    """Return what the form shows: what was typed, so that nothing of it is lost, or what is saved, or was begun."""
    tree = segment.tree if segment else begun or reading.write(EVERYONE)
    kept = {"name": "", "description": "", "tree": pretty(tree)}
    if segment:
        kept |= {"name": segment.name, "description": segment.description}
    if typed:
        kept |= {name: typed.data.get(name, "") for name in kept}
    return kept | {"revision": segment.revision if segment else 0}


def _versions(request: HttpRequest, segment: Segment) -> dict[str, Any]:
    kept = segment.versions.select_related("saved_by")[:MOST_VERSIONS]
    known = look_up(one.tree for one in kept)
    rows = [{"version": one, "sentence": words.said(one.tree, known), "who": who(one.saved_by)} for one in kept]
    return {"versions": rows, "may_go_back": access.is_allowed(request, "change")}


def _versions_html(request: HttpRequest, segment: Segment) -> str:
    context = {"segment": segment, **_versions(request, segment)}
    return render_to_string("subscriptions/segments/_versions.html", context, request=request)
