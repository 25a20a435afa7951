"""Doing something to all people of a segment: how many are meant is said and agreed to, then it goes on by itself."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from config.audit.log import record
from contacts.models import ContactList
from subscriptions.models import PeopleAction
from subscriptions.people_actions import downloads, starting, work
from subscriptions.people_actions.starting import NotPossible
from subscriptions.people_pages import asked
from subscriptions.people_pages.results import may
from subscriptions.segment_pages import words
from subscriptions.segments import counting, reading, sentences
from subscriptions.segments.mistakes import SegmentError

PER_PAGE = 50
_works = permission_required("contacts.change_contact", raise_exception=True)


@_works
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Say how many people are meant and ask once more; then begin."""
    kind = request.POST.get("kind", "")
    if kind in PeopleAction.Kind and not may(request, kind):
        raise PermissionDenied
    try:
        found = asked.of(request)
        what = _what(request)
        starting.check(kind, **what)
        if "agreed" not in request.POST:
            return _ask(request, found, kind, what)
        action = starting.start(reading.write(found.node), kind=kind, by=request.user, request=request, **what)
    except SegmentError as error:
        return _refused(request, error.errors)
    except NotPossible as error:
        return _refused(request, error.errors, found)
    return redirect("people_action", action.pk)


def _what(request: HttpRequest) -> dict[str, Any]:
    number = request.POST.get("contact_list", "")
    known = ContactList.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    return {"tag": request.POST.get("tag", ""), "contact_list": known}


def _ask(request: HttpRequest, found: asked.Asked, kind: str, what: dict[str, Any]) -> HttpResponse:
    context = {
        "asked": found,
        "kept_days": settings.KEEP_DAYS["exports"],
        "kind": PeopleAction.Kind(kind),
        "counted": words.counted(counting.count(found.node)),
        "sentence": sentences.sentence(found.node),
        **what,
    }
    return _page(request, "ask", _("Do this to all of them?"), **context)


def _refused(request: HttpRequest, errors: dict[str, str], found: asked.Asked | None = None) -> HttpResponse:
    return _page(request, "refused", _("This cannot be done"), status=422, errors=errors, asked=found)


@_works
@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """Show what was done to many people, and what is being done."""
    rows = PeopleAction.objects.select_related("started_by", "contact_list")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return _page(request, "actions", _("Actions on people"), page=page)


@_works
@require_safe
def action(request: HttpRequest, action_id: int) -> HttpResponse:
    """Show how far an action is."""
    found = _one(action_id)
    return _page(
        request, "action", str(found.get_kind_display()), sentence=_sentence(found), **_progress(request, found)
    )


@_works
@require_safe
def progress(request: HttpRequest, action_id: int) -> HttpResponse:
    """Answer with how far it is, for the page that shows it live."""
    return render(request, "subscriptions/people/_progress.html", _progress(request, _one(action_id)))


@_works
@require_POST
def cancel(request: HttpRequest, action_id: int) -> HttpResponse:
    """Stop an action; what was done until now stays."""
    found = _one(action_id)
    if work.cancel(found):
        record("people.action_cancelled", about=found, request=request)
        messages.success(request, _("The action is stopped. What was done until now stays."))
    return redirect("people_action", found.pk)


@permission_required("contacts.export_contact", raise_exception=True)
@require_safe
def download(request: HttpRequest, action_id: int) -> HttpResponseBase:
    """Hand out what an export has written, as long as it is kept."""
    found = _one(action_id)
    if not found.can_be_downloaded:
        raise Http404
    record("people.downloaded", about=found, request=request, count=found.done)
    answer = StreamingHttpResponse(downloads.text(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="people-{found.pk}.csv"'
    return answer


def _one(action_id: int) -> PeopleAction:
    return get_object_or_404(PeopleAction.objects.select_related("started_by", "contact_list"), pk=action_id)


def _progress(request: HttpRequest, found: PeopleAction) -> dict[str, Any]:
    return {"action": found, "may_download": found.can_be_downloaded and may(request, PeopleAction.Kind.EXPORT)}


def _sentence(found: PeopleAction) -> str:
    try:
        return sentences.sentence(reading.read(found.tree))
    except SegmentError:
        return ""


def _page(request: HttpRequest, name: str, title: Any, *, status: int = 200, **context: Any) -> HttpResponse:
    shell = admin.site.each_context(request) | {"title": title}
    return render(request, f"subscriptions/people/{name}.html", shell | context, status=status)
