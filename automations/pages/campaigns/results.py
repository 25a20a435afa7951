"""What became of a campaign: its numbers, the links that were clicked, and the people behind each number."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from automations import reasons
from automations.campaigns import results as counted
from automations.email import kept
from automations.models import Campaign, Engagement, Message
from automations.pages.campaigns import access
from automations.pages.pictures import with_pictures
from config.access import person

PER_PAGE = 50
MOST_TARGETS = 50
MOST_DONE = 100
State, Kind = Message.State, Engagement.Kind
# what can be asked for -> what it is called
DID: dict[str, Any] = {
    "sent": pgettext_lazy("e-mails", "Sent"),
    "delivered": pgettext_lazy("e-mails", "Delivered"),
    "opened": pgettext_lazy("e-mails", "Opened"),
    "clicked": pgettext_lazy("e-mails", "Clicked"),
    "replied": pgettext_lazy("e-mails", "Answered"),
    "unsubscribed": pgettext_lazy("e-mails", "Unsubscribed"),
    "bounced": pgettext_lazy("e-mails", "Bounced"),
    "complained": pgettext_lazy("e-mails", "Reported as spam"),
    "held_back": _("Held back"),
    "failed": _("Failed"),
    "uncertain": _("Uncertain"),
}
_ALWAYS = {"sent", "opened", "clicked", "replied", "unsubscribed"}
# those that have not been sent; one that is sent again after a refusal has been
_STATES = {"held_back": State.SUPPRESSED, "failed": State.FAILED, "uncertain": State.UNCERTAIN}


@access.may("view")
@require_safe
def results(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show the numbers, and the people behind the one that `did` names, the newest first."""
    one = access.find(campaign_id)
    did = request.GET.get("did", "")
    did = did if did in DID else "sent"
    figures = counted.figures(one)
    own: dict[str, Any] = {
        "campaign": one,
        "figures": [
            {"name": name, "label": label, "count": getattr(figures, name), "share": _share(figures, name)}
            for name, label in DID.items()
            if name in _ALWAYS or getattr(figures, name)
        ],
        "by_machines": figures.by_machines,
        "targets": counted.targets(one, most=MOST_TARGETS),
        "did": did,
        "label": DID[did],
        "query": urlencode({"did": did}),
    }
    if person(request).has_perm("contacts.view_contact"):
        page = Paginator(_people(one, did), PER_PAGE).get_page(request.GET.get("page"))
        rows = [{"message": row, "why": reasons.say(row.problem)} for row in page.object_list]
        own |= {"may_see": True, "page": page, "rows": rows}
    context = access.context(request, one.name, tab="results", **own)
    return render(request, "automations/campaigns/results.html", context)


@with_pictures
@access.may("view")
@require_safe
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show what somebody was sent, as it was sent, and what they did with it."""
    if not person(request).has_perm("contacts.view_contact"):
        raise PermissionDenied
    rows = Message.objects.select_related("contact", "campaign", "sheet", "enrolment__automation")
    row = get_object_or_404(rows.exclude(campaign=None), pk=message_id)
    html, text = kept.shown(row) if row.body else ("", "")
    own: dict[str, Any] = {
        "campaign": row.campaign,
        "message": row,
        "html": html,
        "text": text,
        "why": reasons.say(row.problem),
        "did": row.engagements.order_by("at", "pk")[:MOST_DONE],
    }
    context = access.context(request, str(row.campaign), tab="results", **own)
    return render(request, "automations/campaigns/message.html", context)


def _share(figures: counted.Figures, name: str) -> float | None:
    return None if name == "sent" or name in _STATES else figures.share(getattr(figures, name))


def _people(one: Campaign, did: str) -> QuerySet[Message]:
    rows = counted.messages(one).select_related("contact", "enrolment__automation")
    if did in _STATES:
        return rows.filter(state=_STATES[did], sent_at=None).order_by("-pk")
    sent = rows.filter(sent_at__isnull=False)
    return (sent if did == "sent" else sent.filter(counted.did(did))).order_by("-pk")
