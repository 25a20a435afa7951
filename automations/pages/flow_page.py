"""An automation's flow: its builder, and saving what was built there, from the script or from a plain form."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from automations import publishing, refusals
from automations.flow import outline
from automations.flow.description import description
from automations.flow.mistakes import FlowError
from automations.models import Automation
from automations.pages import access, notes
from config.access import who
from config.audit.log import record
from subscriptions import display


@dataclass(slots=True, kw_only=True)
class Refusal:
    """Why nothing was saved, and what was typed."""

    status: int
    words: str
    typed: str = field(default="", repr=False)


@access.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def flow(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Show the flow, and save what was changed in it."""
    one = access.find(automation_id)
    if request.method != "POST":
        return _page(request, one)
    access.require(request, "change")
    typed = request.POST.get("draft", "")
    try:
        kept = _save(request, one, typed)
    except refusals.Stale:
        return _refused(request, Refusal(status=409, words=_stale(one.pk), typed=typed), one)
    except FlowError as error:
        return _refused(request, Refusal(status=422, words="; ".join(error.errors.values()), typed=typed), one)
    if access.is_script(request):
        return JsonResponse({"revision": kept.revision, "message": gettext("Saved."), "is_published": _is_live(kept)})
    messages.success(request, gettext("The draft has been saved."))
    return redirect("automation", kept.pk)


def parse(text: str | bytes) -> Any:
    """Read a flow from text; raise FlowError for what is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise FlowError({"": gettext("is no JSON")}) from None


def _save(request: HttpRequest, one: Automation, typed: str) -> Automation:
    seen = request.POST.get("seen", "")
    with transaction.atomic():
        kept = publishing.save(
            one,
            draft=parse(typed),
            by=access.person(request),
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
        )
        if kept.revision != one.revision:
            record("changed", about=kept, request=request)
    return kept


def _is_live(one: Automation) -> bool:
    """Say whether people go by exactly this flow."""
    version = one.versions.filter(number=one.version).first()
    return bool(version and version.flow == one.draft)


def _stale(automation_id: int) -> str:
    newest = access.find(automation_id)
    named = {"who": who(newest.changed_by), "when": display.relative(newest.updated_at)}
    return gettext("%(who)s saved this automation %(when)s, while you were working on it.") % named


def _refused(request: HttpRequest, refusal: Refusal, one: Automation) -> HttpResponse:
    if access.is_script(request):
        revision = access.find(one.pk).revision
        told = {"error": refusal.words, "stale": refusal.status == 409, "revision": revision}
        return JsonResponse(told, status=refusal.status)
    return _page(request, access.find(one.pk), refusal)


def _page(request: HttpRequest, one: Automation, refusal: Refusal | None = None) -> HttpResponse:
    counts = notes.counts(one)
    drawn = outline.of_draft(one.draft, itself=one.pk)
    own = {
        "automation": one,
        "drawn": drawn.noted(notes.of_counts(counts)),
        "elsewhere": _elsewhere(counts, drawn),
        "typed": refusal.typed if refusal else json.dumps(one.draft, indent=2, ensure_ascii=False),
        "refusal": refusal,
        "is_live": _is_live(one),
        "may_save": access.is_allowed(request, "change") and one.state != Automation.State.ARCHIVED,
        "description": description(one),
        "counts": counts,
        "said": notes.said(drawn),
    }
    context = access.context(request, one.name, tab="flow", **own)
    return render(request, "automations/flow.html", context, status=refusal.status if refusal else 200)


def _elsewhere(counts: dict[str, dict[str, int]], drawn: outline.Outline) -> str:
    """Say how many people are at steps of the published flow that this draft does not have."""
    known = {part.id for part in drawn.every_part()}
    people = sum(count["inside"] for step, count in counts.items() if step and step not in known)
    words = ngettext(
        "%(count)d person is at a step that this draft does not have.",
        "%(count)d people are at steps that this draft does not have.",
        people,
    )
    return words % {"count": people} if people else ""
