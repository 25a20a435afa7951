"""The versions of an automation: what people went by when, and taking an earlier one back into the draft."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from automations import publishing
from automations.flow import outline
from automations.models import Enrolment
from automations.pages import access
from config.access import who
from config.audit.log import record

# How many versions a page tells of.
MOST = 50


@access.may("view")
@require_safe
def versions(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Show the newest versions, each in words."""
    one = access.find(automation_id)
    inside = Count("enrolments", filter=Q(enrolments__state__in=Enrolment.INSIDE))
    kept = one.versions.select_related("published_by").annotate(inside=inside)[:MOST]
    rows = [{"version": row, "drawn": outline.of_published(row.flow), "who": who(row.published_by)} for row in kept]
    context = access.context(request, one.name, tab="versions", automation=one, rows=rows)
    return render(request, "automations/versions.html", context)


@access.may("change")
@require_POST
def go_back(request: HttpRequest, automation_id: int, number: int) -> HttpResponse:
    """Make an earlier version the draft; people go by it only once that is published."""
    one = access.find(automation_id)
    version = get_object_or_404(one.versions, number=number)
    with transaction.atomic():
        kept = publishing.save(one, draft=version.flow, by=access.person(request))
        if kept.revision != one.revision:
            record("automation.went_back", about=one, request=request, version=number)
    said = gettext("Version %(number)d is the draft now. People go by it once you publish it.")
    messages.success(request, said % {"number": number})
    return redirect("automation", one.pk)
