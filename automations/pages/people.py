"""The people of an automation: who is where, and one person's way with times and reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from automations import by_hand, reasons, stops
from automations.flow import outline
from automations.models import Automation, Enrolment
from automations.models.enrolments import EnrolmentQuerySet
from automations.pages import access, notes, words
from automations.pages.pictures import with_pictures
from config.audit.log import record
from config.seeking import contains, typed

PER_PAGE = 50
# People who try again with one click.
MOST_AT_ONCE = 10_000
State = Enrolment.State
FILTERS: dict[str, Any] = {
    "": _("Everybody"),
    "inside": _("Inside now"),
    State.PARKED.value: _("Stopped by a problem"),
    State.FINISHED.value: _("Finished"),
    State.ENDED.value: _("Ended before the end"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person of the list; `place` says the step where they are, `why` what stopped or ended them."""

    way: Enrolment
    look: tuple[str, str]
    place: str
    why: str


@access.may("view")
@require_safe
def people(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Show the people of a state, at a step, whose name or e-mail contains `q`; newest first."""
    one = access.find(automation_id)
    asked = {name: typed(request.GET, name) for name in ("q", "state", "step")}
    asked["state"] = asked["state"] if asked["state"] in FILTERS else ""
    page = Paginator(_found(one, asked), PER_PAGE).get_page(request.GET.get("page"))
    drawn = outline.of_draft(one.draft, itself=one.pk)
    steps = {part.id: part for part in drawn.every_part()}
    own = {
        "automation": one,
        "asked": asked,
        "filters": FILTERS.items(),
        "steps": [(part.id, part.words) for part in drawn.every_part() if part.path.startswith("steps")],
        "page": page,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "rows": _rows(page.object_list, steps),
        "stopped": one.enrolments.filter(state=State.PARKED).count(),
    }
    return render(request, "automations/people.html", access.context(request, one.name, tab="people", **own))


def _found(one: Automation, asked: dict[str, str]) -> "EnrolmentQuerySet":
    rows = Enrolment.objects.filter(automation=one).select_related("contact", "payment", "version")
    if asked["state"]:
        rows = rows.inside() if asked["state"] == "inside" else rows.filter(state=asked["state"])
    if asked["step"]:
        rows = rows.inside().filter(step=asked["step"])
    if q := asked["q"]:
        rows = rows.filter(contains(q, "contact__first_name", "contact__last_name", "contact__email"))
    return rows


def _rows(ways: Iterable[Enrolment], steps: dict[str, outline.Part]) -> list[Row]:
    return [
        Row(
            way=way,
            look=words.LOOKS_OF_PEOPLE[State(way.state)],
            place=steps[way.step].words if way.step in steps else "",
            why=reasons.say(way.reason),
        )
        for way in ways
    ]


@with_pictures
@access.may("view")
@require_safe
def path(request: HttpRequest, automation_id: int, way_id: int) -> HttpResponse:
    """Show one person's way: each step with its times and what came of it, and where they are."""
    way = find_way(automation_id, way_id)
    passages = list(way.passages.select_related("version"))
    drawn = outline.of_published(way.version.flow)
    own = {
        "automation": way.automation,
        "way": way,
        "look": words.LOOKS_OF_PEOPLE[State(way.state)],
        "started": stops.started(way, drawn),
        "stops": stops.of(way, passages, drawn),
        "why": reasons.say(way.reason),
        "drawn": drawn.noted(notes.of_way(way, passages)),
        "may_skip": by_hand.may_skip(way),
    }
    context = access.context(request, str(way.contact), tab="people", **own)
    return render(request, "automations/path.html", context)


def find_way(automation_id: int, way_id: int) -> Enrolment:
    """Return somebody's way through an automation; raise Http404."""
    rows = Enrolment.objects.select_related("automation", "contact", "payment", "version", "change")
    return get_object_or_404(rows, automation=automation_id, pk=way_id)


@access.may("change")
@require_POST
def retry(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Have everybody try again who is stopped by a problem, or the one that `way` names."""
    one = access.find(automation_id)
    stopped = one.enrolments.filter(state=State.PARKED)
    named = request.POST.get("way", "")
    if named:
        stopped = stopped.filter(pk=int(named) if named.isdecimal() and len(named) < 19 else 0)
    with transaction.atomic():
        count = by_hand.retry(list(stopped[:MOST_AT_ONCE]))
        if count:
            record("automation.people_retried", about=one, request=request, count=count)
    said = ngettext("%(count)d person tries again.", "%(count)d people try again.", count)
    messages.success(request, said % {"count": count})
    return redirect(_back(automation_id, named))


@access.may("change")
@require_POST
def end(request: HttpRequest, automation_id: int, way_id: int) -> HttpResponse:
    """End somebody's way where they are."""
    way = find_way(automation_id, way_id)
    with transaction.atomic():
        if by_hand.end(way):
            record("automation.person_ended", about=way.automation, request=request, person=f"#{way.contact_id}")
    messages.success(request, gettext("Their way ends here. What was not sent yet is not sent."))
    return redirect(_back(automation_id, str(way_id)))


def _back(automation_id: int, way: str) -> str:
    if way.isdecimal():
        return reverse("automation_path", args=[automation_id, int(way)])
    return reverse("automation_people", args=[automation_id])
