"""Letting people in from the pages: one by hand, those from before; and why somebody did not enter."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from automations import by_hand, entering, past, plans, reasons, why
from automations.models import Automation, Intake
from automations.pages import access, choosing
from automations.pages.people import find_way
from config.audit.log import record
from subscriptions.segment_pages.whys import line


@access.may("change")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Choose somebody, and let them in by hand."""
    one = access.find(automation_id)
    chosen = choosing.asked(request, request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and chosen.get("contact"):
        answer = _let_in(request, one, chosen)
        if answer is not None:
            return answer
    version = entering.newest(one)
    flow = plans.load(version.pk).flow if version else None
    own = {"automation": one, "of_payments": bool(flow and choosing.is_about_payments(flow)), **chosen}
    return render(request, "automations/enter.html", access.context(request, one.name, tab="people", **own))


def _let_in(request: HttpRequest, one: Automation, chosen: dict[str, Any]) -> HttpResponse | None:
    """Let them in, and lead to their way; say why where that is forbidden."""
    payment = chosen["payment"] if "payment" in request.POST else None
    try:
        with transaction.atomic():
            way = by_hand.enter(one, chosen["contact"], payment)
            record("automation.person_entered", about=one, request=request, person=f"#{chosen['contact'].pk}")
    except by_hand.NotLetIn as refused:
        messages.error(request, reasons.say(refused.reason))
        return None
    messages.success(request, gettext("They are in."))
    return redirect("automation_path", one.pk, way.pk)


@access.may("change")
@require_POST
def skip(request: HttpRequest, automation_id: int, way_id: int) -> HttpResponse:
    """Have somebody who waits go on at once."""
    way = find_way(automation_id, way_id)
    with transaction.atomic():
        if is_skipped := by_hand.skip(way):
            record("automation.wait_skipped", about=way.automation, request=request, person=f"#{way.contact_id}")
    if is_skipped:
        messages.success(request, gettext("They go on at once."))
    else:
        messages.warning(request, gettext("They are not at a wait that can be skipped any more."))
    return redirect("automation_path", automation_id, way_id)


@access.may("change")
@require_http_methods(["GET", "HEAD", "POST"])
def from_before(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Show how many people from before the triggers mean, and let them in once that number is confirmed."""
    one = access.find(automation_id)
    if request.method != "POST":
        return _from_before(request, one)
    typed = request.POST.get("confirmed", "")
    try:
        with transaction.atomic():
            intake = past.start(
                one,
                confirmed=int(typed) if typed.isdecimal() and len(typed) < 10 else -1,
                by=access.person(request),
            )
            record("automation.past_let_in", about=one, request=request, count=intake.size)
    except past.Changed:
        messages.warning(request, gettext("The number is another one by now. Look at it again, please."))
        return _from_before(request, one, status=409)
    except past.NotPossible as refused:
        messages.error(request, str(refused))
        return _from_before(request, one, status=409)
    return redirect("automation_from_before", one.pk)


@access.may("change")
@require_safe
def progress(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Say how far the newest intake is."""
    one = access.find(automation_id)
    return render(request, "automations/_intake.html", {"automation": one, "intake": _newest(one)})


@access.may("change")
@require_POST
def cancel(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Stop letting in people from before; who is in stays."""
    one = access.find(automation_id)
    with transaction.atomic():
        if past.cancel(one):
            record("automation.past_stopped", about=one, request=request)
    messages.success(request, gettext("Stopped. Who is in already stays in."))
    return redirect("automation_from_before", one.pk)


def _from_before(request: HttpRequest, one: Automation, *, status: int = 200) -> HttpResponse:
    counted = past.count(one)
    rows = [{"words": part.trigger.kind.say(part.trigger.options), "part": part} for part in counted.parts]
    own: dict[str, Any] = {"automation": one, "count": counted, "rows": rows, "intake": _newest(one)}
    context = access.context(request, one.name, tab="people", **own)
    return render(request, "automations/from_before.html", context, status=status)


def _newest(one: Automation) -> Intake | None:
    return Intake.objects.filter(automation=one).order_by("-pk").first()


@access.may("view")
@require_safe
def why_not(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Say of a chosen person why they did not enter."""
    one = access.find(automation_id)
    chosen = choosing.asked(request, request.GET)
    contact = chosen.get("contact")
    told = _told(why.why_not(one, contact)) if contact else {}
    own = {"automation": one, **chosen, **told}
    return render(request, "automations/why.html", access.context(request, one.name, tab="people", **own))


def _told(answer: why.Why) -> dict[str, Any]:
    return {
        "ways": answer.ways,
        "general": answer.general,
        "triggers": [
            {"words": one.words, "findings": [_finding(each) for each in one.findings]} for one in answer.triggers
        ],
        "withheld": [{"message": row, "why": reasons.say(row.problem)} for row in answer.withheld],
    }


def _finding(one: why.Finding) -> dict[str, Any]:
    return {"finding": one, "lines": [line(one.answer)] if one.answer else []}
