"""A campaign on its way to lists: to whom and when, once the number is confirmed, how far it is, and stopping it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from automations import reasons
from automations.campaigns import keeping, previewing
from automations.email.content import ContentError
from automations.mailings import audience, planning, trying
from automations.models import Campaign, Mailing, Message
from automations.pages.campaigns import access, planned
from config.access import person
from config.audit.log import record
from contacts.models import ContactList, Standing
from subscriptions import display
from subscriptions.models import Segment
from subscriptions.personalisation import in_words
from subscriptions.segments.mistakes import SegmentError


@access.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def sending(request: HttpRequest, direct_id: int) -> HttpResponse:
    """Show how far it is or, before that, the form; plan it once the number of people is confirmed."""
    one = _find(direct_id)
    if request.method != "POST":
        return _page(request, one, planned.nothing())
    access.require(request, "change")
    chosen = planned.read(request.POST)
    if chosen.errors:
        return _page(request, one, chosen, status=422)
    try:
        return _planned(request, one, chosen)
    except planning.Changed as changed:
        status = 200 if _confirmed(request) is None else 409
        return _page(request, one, chosen, confirm=changed.count, status=status)
    except ContentError:
        return _page(request, one, chosen, problem=gettext("It cannot be sent like this."), status=422)
    except (planning.NotPossible, SegmentError) as error:
        return _page(request, one, chosen, problem=str(error), status=422)


def _planned(request: HttpRequest, one: Campaign, chosen: planned.Chosen) -> HttpResponse:
    confirmed = _confirmed(request)
    with transaction.atomic():
        made = planning.plan(one, chosen.plan, confirmed=confirmed, by=person(request))
        record("campaign.planned", about=one, request=request, count=confirmed)
    said = gettext("It is planned.") if made.starts_at == chosen.plan.at else gettext("It is on its way.")
    messages.success(request, said)
    return redirect("campaign_sending", one.pk)


def _confirmed(request: HttpRequest) -> int | None:
    """Return the number that somebody agreed to; None for who asks for it first, or once more."""
    typed = request.POST.get("confirmed", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 and "ask" not in request.POST else None


@access.may("view")
@require_POST
def count(request: HttpRequest, direct_id: int) -> HttpResponse:
    """Say to how many people what is chosen would go."""
    _find(direct_id)
    plan = planned.read(request.POST).plan
    try:
        return JsonResponse({"said": _counted(audience.count(plan.lists, plan.segment)) if plan.lists else ""})
    except SegmentError as error:
        return JsonResponse({"said": str(error)})


def _counted(count: audience.Count) -> str:
    people = ngettext("It goes to %(shown)s person.", "It goes to %(shown)s people.", count.people)
    said = people % {"shown": display.number(Decimal(count.people))}
    if not count.out_of_reach:
        return said
    more = ngettext(
        "%(shown)s more is meant, and cannot be mailed.",
        "%(shown)s more are meant, and cannot be mailed.",
        count.out_of_reach,
    )
    return f"{said} {more % {'shown': display.number(Decimal(count.out_of_reach))}}"


@access.may("view")
@require_safe
def progress(request: HttpRequest, direct_id: int) -> HttpResponse:
    """Say how far it is."""
    one = _find(direct_id)
    context = access.context(request, one.name, campaign=one, **_way(one))
    return render(request, "automations/campaigns/_mailing.html", context)


def _act(do: Callable[[HttpRequest, Mailing], bool], action: str, said: Any) -> Callable[..., HttpResponse]:
    """Make the view of something that is done to one on its way."""

    @access.may("change")
    @require_POST
    def view(request: HttpRequest, direct_id: int) -> HttpResponse:
        one = _find(direct_id)
        mailing = keeping.mailing_of(one)
        with transaction.atomic():
            if is_done := bool(mailing and do(request, mailing)):
                record(action, about=one, request=request)
        if is_done:
            messages.success(request, said)
        else:
            messages.warning(request, gettext("Nothing was left to be done: look at how it stands."))
        return redirect("campaign_sending", one.pk)

    return view


def _choose(request: HttpRequest, mailing: Mailing) -> bool:
    subject = request.POST.get("subject", "")
    return subject in Message.VARIANTS and planning.choose(mailing, subject)


hold = _act(
    lambda _, one: planning.pause(one), "campaign.held", _("It is held. Nobody gets it until you let it go on.")
)
go_on = _act(lambda _, one: planning.resume(one), "campaign.went_on", _("It goes on."))
cancel = _act(
    lambda _, one: planning.cancel(one), "campaign.cancelled", _("It is cancelled. Who has not got it yet will not.")
)
choose = _act(_choose, "campaign.subject_chosen", _("The others get this subject."))


def _find(direct_id: int) -> Campaign:
    one = access.find(direct_id)
    if one.is_automated:
        raise Http404
    return one


def _page(
    request: HttpRequest,
    one: Campaign,
    chosen: planned.Chosen,
    *,
    confirm: int | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    way = _way(one)
    own = way if way["mailing"] else _form(one, chosen) | {"confirm": confirm, "problem": problem, "mailing": None}
    context = access.context(request, one.name, tab="sending", campaign=one, **own)
    return render(request, "automations/campaigns/sending.html", context, status=status)


def _form(one: Campaign, chosen: planned.Chosen) -> dict[str, Any]:
    subscribed = Count("standings", filter=Q(standings__state=Standing.State.SUBSCRIBED))
    plan = chosen.plan
    return {
        "lists": ContactList.objects.annotate(subscribed=subscribed).order_by("name"),
        "segments": Segment.objects.living().order_by("name"),
        "chosen": chosen,
        "shares": planning.SHARES,
        "measures": Mailing.Measure.choices,
        "most_hours": planning.MOST_HOURS,
        "has_two_subjects": planning.has_two_subjects(one),
        "prevents": [each for each in previewing.findings(one, one.draft) if each.prevents],
        "counted": _said(plan) if plan.lists else "",
    }


def _said(plan: planning.Plan) -> str:
    try:
        return _counted(audience.count(plan.lists, plan.segment))
    except SegmentError as error:
        return str(error)


def _way(one: Campaign) -> dict[str, Any]:
    """Return how far it is, and what the subjects have come to."""
    mailing = keeping.mailing_of(one)
    if mailing is None:
        return {"mailing": None}
    counts = dict(mailing.messages.order_by().values_list("state").annotate(Count("pk")))
    left = sum(counts.get(state, 0) for state in Message.UNSENT)
    segment = Segment.objects.filter(pk=mailing.segment).first() if mailing.segment else None
    return {
        "mailing": mailing,
        "total": sum(counts.values()),
        "done": sum(counts.values()) - left,
        "sent": counts.get(Message.State.SENT, 0),
        "is_begun": bool(counts) or mailing.is_filled,
        "lists_of": mailing.lists.order_by("name"),
        "segment": segment,
        "why": reasons.say(mailing.problem),
        "subjects": _subjects(mailing) if mailing.tested_share else [],
        "is_trying": trying.is_trying(mailing) and mailing.is_living,
        "decides_at": trying.decides_at(mailing),
    }


def _subjects(mailing: Mailing) -> list[dict[str, Any]]:
    draft = mailing.version.content
    written = {trying.A: draft.get("subject", ""), trying.B: draft.get("other_subject") or draft.get("subject", "")}
    return [_subject(mailing, name, subject) for name, subject in written.items()]


def _subject(mailing: Mailing, name: str, subject: str) -> dict[str, Any]:
    tried = trying.tried(mailing, name)
    shares = {f"{kind}_share": tried.share(kind) for kind in tried.did}
    told = {"name": name, "subject": in_words(subject), "sent": tried.sent, "is_winner": mailing.winner == name}
    return told | dict(tried.did) | shares
