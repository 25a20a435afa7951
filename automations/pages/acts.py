"""What is done to an automation: publishing, pausing, resuming, archiving, taking out, duplicating, deleting."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from automations import publishing, receivers, refusals, uses
from automations.campaigns import keeping
from automations.flow import outline
from automations.flow.mistakes import FlowError
from automations.flow.route import END
from automations.models import Automation
from automations.pages import access
from config.audit.log import record


def _act(do: Callable[[Automation], bool], action: str, said: Any) -> Callable[..., HttpResponse]:
    """Make the view of an act without questions; what was so already is not done, and not recorded."""

    @access.may("change")
    @require_POST
    def view(request: HttpRequest, automation_id: int) -> HttpResponse:
        one = access.find(automation_id)
        with transaction.atomic():
            if do(one):
                record(action, about=one, request=request)
        messages.success(request, said)
        return redirect("automation", one.pk)

    return view


pause = _act(
    publishing.pause,
    "automation.paused",
    _("The automation is paused: nobody enters, and who is inside is held where they are."),
)
resume = _act(
    publishing.resume,
    "automation.resumed",
    _("The automation goes on: who was held goes on too, and people enter by what happens from now on."),
)


@access.may("change")
@require_POST
def switch_on(request: HttpRequest, automation_id: int, receiver_id: int) -> HttpResponse:
    """Have an address of the automation called again, and with it whoever waited for that."""
    one = access.find(automation_id)
    receiver = next((known for known in receivers.off_in(one) if known.pk == receiver_id), None)
    with transaction.atomic():
        if receiver and receivers.switch_on(receiver):
            record("automation.receiver_switched_on", about=one, request=request)
    messages.success(request, gettext("The address is called again, and who waited for it goes on."))
    return redirect("automation", one.pk)


take_out = _act(publishing.take_out, "automation.taken_out", _("The automation is out of the archive."))


@access.may("change")
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Show what becomes of the people inside, and publish the draft."""
    one = access.find(automation_id)
    if one.state == Automation.State.ARCHIVED:
        messages.error(request, gettext("Take the automation out of the archive first."))
        return redirect("automation", one.pk)
    try:
        if request.method != "POST":
            return _publishing(request, one)
        seen = request.POST.get("seen", "")
        with transaction.atomic():
            version = publishing.publish(
                one, by=access.person(request), seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None
            )
            record("automation.published", about=one, request=request, version=version.number)
    except FlowError:
        messages.error(request, gettext("The draft has mistakes. Mend what is marked, save, and publish it then."))
        return redirect("automation", one.pk)
    except refusals.Stale:
        messages.error(request, gettext("Somebody has saved the draft since you looked at it. Look again, please."))
        return redirect("automation_publish", one.pk)
    messages.success(request, gettext("Published. People enter by this flow from now on."))
    return redirect("automation", one.pk)


def _publishing(request: HttpRequest, one: Automation) -> HttpResponse:
    own = {
        "automation": one,
        "drawn": outline.of_draft(one.draft, itself=one.pk),
        "movings": _movings(one),
        "campaigns": keeping.changed(uses.numbers_in(one.draft, "campaign")),
    }
    return render(request, "automations/publish.html", access.context(request, gettext("Publish"), tab="flow", **own))


def _movings(one: Automation) -> list[dict[str, Any]]:
    """Say in words from where to where how many people go."""
    published = one.versions.filter(number=one.version).first()
    before = {} if published is None else _words(outline.of_published(published.flow))
    after = _words(outline.of_draft(one.draft, itself=one.pk))
    rows: dict[tuple[str, str], int] = {}
    for moving in publishing.movings(one):
        rows[(moving.step, moving.to)] = rows.get((moving.step, moving.to), 0) + moving.people
    return [
        {
            "from": before.get(step) or after.get(step) or gettext("a step of an earlier version"),
            "to": "" if to == step else after.get(to, "") if to != END else gettext("They are through."),
            "people": people,
        }
        for (step, to), people in rows.items()
    ]


def _words(drawn: outline.Outline) -> dict[str, str]:
    return {part.id: part.words for part in drawn.every_part()}


@access.may("change")
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Say whose ways end, and put an automation into the archive."""
    one = access.find(automation_id)
    if request.method != "POST":
        context = access.context(request, gettext("Archive this automation"), automation=one)
        return render(request, "automations/archive.html", context)
    with transaction.atomic():
        if publishing.archive(one):
            record("automation.archived", about=one, request=request)
    messages.success(request, gettext("The automation is in the archive now."))
    return redirect("automation", one.pk)


@access.may("add")
@require_POST
def duplicate(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Make a draft of a copy, and lead to it."""
    one = access.find(automation_id)
    with transaction.atomic():
        copy = publishing.duplicate(one, owner=access.person(request))
        record("added", about=copy, request=request)
    messages.success(request, gettext("This is the copy, a draft. Its name can be changed in the settings."))
    return redirect("automation", copy.pk)


@access.may("delete")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Ask for the name, and delete an automation with all that is on record of it."""
    one = access.find(automation_id)
    if request.method != "POST":
        return _deletion(request, one)
    if request.POST.get("name", "").strip().casefold() != one.name.casefold():
        return _deletion(request, one, problem=gettext("This is not its name."), status=422)
    try:
        with transaction.atomic():
            record("deleted", about=one, request=request)
            publishing.delete(one)
    except refusals.InUse as used:
        return _deletion(request, one, problem=str(used), status=409)
    messages.success(request, gettext("The automation “%(name)s” has been deleted.") % {"name": one.name})
    return redirect("automations")


def _deletion(request: HttpRequest, one: Automation, *, problem: str = "", status: int = 200) -> HttpResponse:
    may_go = one.state in (Automation.State.DRAFT, Automation.State.ARCHIVED)
    own: dict[str, Any] = {"automation": one, "problem": problem, "ways": one.enrolments.count(), "may_go": may_go}
    context = access.context(request, gettext("Delete this automation"), **own)
    return render(request, "automations/delete.html", context, status=status)
