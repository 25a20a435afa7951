"""What is done to a campaign: a test, the archive, duplicating, deleting; and what it said in earlier versions."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from automations import reasons
from automations.campaigns import keeping, previewing
from automations.email import content, sample, testing, visiting, writing
from automations.email.content import ContentError
from automations.models import Campaign
from automations.pages import choosing
from automations.pages.campaigns import access, typed
from automations.pages.pictures import with_pictures
from automations.refusals import InUse
from config.access import is_script, person, who
from config.audit.log import record

MOST_VERSIONS = 50


def _try(attempt: Callable[[HttpRequest, Campaign], tuple[str, bool]], doc: str) -> Callable[..., HttpResponse]:
    """Make the view of what is tried with what is typed, of which nothing is saved; it says what came of it."""

    @access.may("change")
    @require_POST
    def view(request: HttpRequest, campaign_id: int) -> HttpResponse:
        one = access.find(campaign_id)
        said, is_good = attempt(request, one)
        if is_script(request):
            return JsonResponse({"said": said, "is_good": is_good})
        (messages.success if is_good else messages.error)(request, said)
        return redirect("campaign", one.pk)

    view.__doc__ = doc
    return view


def _tested(request: HttpRequest, one: Campaign) -> tuple[str, bool]:
    tester = person(request).email
    if not tester:
        return gettext("Your account has no e-mail address, so nothing can be sent to you."), False
    asked = choosing.asked(request, request.POST)
    contact, payment = previewing.somebody(asked.get("contact"), asked.get("payment"), request.POST.get("language", ""))
    try:
        draft = content.tidy(typed.draft(request.POST))
        read = content.read(draft, has_payment=one.is_automated)
        letter = previewing.letter_of(read, contact, payment if one.is_automated else None)
        with translation.override(contact.language or settings.LANGUAGE_CODE):
            written = writing.write(letter)
    except (ContentError, writing.CannotWrite):
        return gettext("Mend what is marked first."), False
    outcome, problem = testing.send(writing.message(letter, written, to=tester), tester=tester)
    if outcome == "sent_to_you":
        record("campaign.tested", about=one, request=request)
        return gettext("It is on its way to %(address)s.") % {"address": tester}, True
    return reasons.say(problem or outcome), False


def _visited(request: HttpRequest, _one: Campaign) -> tuple[str, bool]:
    try:
        read = content.read(content.tidy(typed.draft(request.POST)))
    except ContentError:
        return gettext("Mend what is marked first."), False
    visits = visiting.visit(read)
    dead = [one for one in visits if one.is_dead]
    if not dead:
        words = ngettext("The %(count)d link leads somewhere.", "All %(count)d links lead somewhere.", len(visits))
        return (words % {"count": len(visits)}) if visits else gettext("There is no link to visit."), True
    named = (f"{one.address} ({one.status or gettext('no answer')})" for one in dead)
    return gettext("These links lead nowhere: %(links)s") % {"links": ", ".join(named)}, False


test = _try(_tested, "Send what is typed, as the chosen person would get it, to whoever asks.")
links = _try(_visited, "Visit the links of what is typed, and say which lead nowhere.")


def _act(do: Callable[[Campaign], None], action: str, said: Any) -> Callable[..., HttpResponse]:
    """Make the view of an act without questions."""

    @access.may("change")
    @require_POST
    def view(request: HttpRequest, campaign_id: int) -> HttpResponse:
        one = access.find(campaign_id)
        try:
            with transaction.atomic():
                do(one)
                record(action, about=one, request=request)
        except InUse as used:
            messages.error(request, str(used))
        else:
            messages.success(request, said)
        return redirect("campaign", one.pk)

    return view


archive = _act(keeping.archive, "campaign.archived", _("The e-mail is in the archive."))
take_out = _act(keeping.take_out, "campaign.taken_out", _("The e-mail is out of the archive."))


@access.may("add")
@require_POST
def duplicate(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Make a copy, and lead to it."""
    with transaction.atomic():
        copy = keeping.duplicate(access.find(campaign_id), by=person(request))
        record("added", about=copy, request=request)
    messages.success(request, gettext("This is the copy."))
    return redirect("campaign", copy.pk)


@access.may("delete")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Ask for the name, and delete it; say what stands in the way of that."""
    one = access.find(campaign_id)
    problem = keeping.why_kept(one)
    may_go = not problem
    if request.method == "POST" and may_go:
        try:
            if request.POST.get("name", "").strip() == one.name:
                return _deleted(request, one)
            problem = gettext("This is not its name.")
        except InUse as used:  # somebody has just put it to use
            problem = str(used)
    context = access.context(request, gettext("Delete"), campaign=one, problem=problem, may_go=may_go)
    status = 422 if request.method == "POST" else 200
    return render(request, "automations/campaigns/delete.html", context, status=status)


def _deleted(request: HttpRequest, one: Campaign) -> HttpResponse:
    with transaction.atomic():
        record("deleted", about=one, request=request)
        keeping.delete(one)
    messages.success(request, gettext("The e-mail is deleted."))
    return redirect("campaigns")


@with_pictures
@access.may("view")
@require_safe
def versions(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show what it said from when on, each as an invented person got it."""
    one = access.find(campaign_id)
    kept = one.versions.select_related("published_by")[:MOST_VERSIONS]
    somebody = sample.made_up()
    rows = [
        {"version": row, "who": who(row.published_by), "written": previewing.written(row.content, *somebody)}
        for row in kept
    ]
    context = access.context(request, one.name, tab="versions", campaign=one, rows=rows)
    return render(request, "automations/campaigns/versions.html", context)


@access.may("change")
@require_POST
def go_back(request: HttpRequest, campaign_id: int, number: int) -> HttpResponse:
    """Make an earlier version the draft; it is sent only once that is put into use."""
    one = access.find(campaign_id)
    version = get_object_or_404(one.versions, number=number)
    with transaction.atomic():
        kept = keeping.save(one, draft=version.content, by=person(request))
        if kept.revision != one.revision:
            record("campaign.went_back", about=one, request=request, version=number)
    said = gettext("Version %(number)d is the draft now. It is sent once you put it into use.")
    messages.success(request, said % {"number": number})
    return redirect("campaign", one.pk)
