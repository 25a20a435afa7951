"""The list of campaigns: what there are, which automations send each, and how often it was sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from automations import uses
from automations.campaigns import results
from automations.models import Automation, Campaign, Label, Mailing, Message
from automations.pages import tabs
from automations.pages.campaigns import access
from automations.words import email_name
from config.seeking import contains

PER_PAGE = 50
TABS: dict[str, Any] = {"": _("In use"), "archive": _("Archive")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One campaign of the list: its subject in words, who sends it or how it stands, and how often it was sent."""

    campaign: Campaign
    subject: str
    senders: list[Automation]
    way: access.Way | None
    sent: int
    opened: int
    clicked: int


@access.may("view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the campaigns whose name contains `q`, with a label."""
    asked = tabs.asked(request, TABS)
    page = Paginator(_found(asked), PER_PAGE).get_page(request.GET.get("page"))
    own: dict[str, Any] = {
        "q": asked.q,
        "state": asked.state,
        "label": asked.label,
        "labels": Label.objects.exclude(campaigns=None),
        "is_narrowed": bool(asked.q or asked.label),
        "tabs": _tabs(),
        "page": page,
        "query": asked.query,
        "rows": _rows(page.object_list),
    }
    return render(request, "automations/campaigns/list.html", access.context(request, gettext("Campaigns"), **own))


def _found(asked: tabs.Asked) -> QuerySet[Campaign]:
    kept = Campaign.objects.filter(is_archived=asked.state == "archive")
    kept = kept.filter(labels=asked.label) if asked.label else kept
    return kept.filter(contains(asked.q, "name")).order_by("name").prefetch_related("labels")


def _tabs() -> list[dict[str, Any]]:
    counts = dict(Campaign.objects.order_by().values_list("is_archived").annotate(Count("pk")))
    return [
        {"state": state, "label": label, "count": counts.get(state == "archive", 0)} for state, label in TABS.items()
    ]


def _rows(campaigns: Iterable[Campaign]) -> list[Row]:
    found = list(campaigns)
    senders = uses.of_campaigns([one.pk for one in found])
    mailings = {one.campaign_id: one for one in Mailing.objects.filter(campaign__in=found)}
    sent = Message.objects.filter(campaign__in=found, sent_at__isnull=False).order_by()
    counts = dict(sent.values_list("campaign").annotate(Count("pk")))
    opened = dict(sent.filter(results.did("opened")).values_list("campaign").annotate(Count("pk")))
    clicked = dict(sent.filter(results.did("clicked")).values_list("campaign").annotate(Count("pk")))
    return [
        Row(
            campaign=one,
            subject=email_name({"name": "", **one.draft}),
            senders=senders.get(one.pk, []),
            way=None if one.is_automated else access.way_of(mailings.get(one.pk)),
            sent=counts.get(one.pk, 0),
            opened=opened.get(one.pk, 0),
            clicked=clicked.get(one.pk, 0),
        )
        for one in found
    ]
