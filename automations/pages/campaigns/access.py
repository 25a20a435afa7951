"""Who may do what with campaigns, and what every one of their pages is given."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from automations.campaigns import keeping
from automations.models import Campaign, Mailing
from config.access import Access

_CAMPAIGNS = Access("automations.{}_campaign")
SENDER = Access("automations.{}_sender")
may, require, is_allowed = _CAMPAIGNS.may, _CAMPAIGNS.require, _CAMPAIGNS.is_allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a direct campaign stands: the look of the pill, and its word."""

    look: str
    label: Any


_LOOKS = {
    Mailing.State.WAITING: "rt-calm",
    Mailing.State.RUNNING: "rt-calm",
    Mailing.State.PAUSED: "rt-warn",
    Mailing.State.FINISHED: "rt-good",
    Mailing.State.CANCELLED: "rt-mute",
    Mailing.State.FAILED: "rt-bad",
}


def find(campaign_id: int) -> Campaign:
    """Return a campaign with who changed it; raise Http404."""
    return get_object_or_404(Campaign.objects.select_related("changed_by", "mailing"), pk=campaign_id)


def context(request: HttpRequest, title: str, *, tab: str = "", **own: Any) -> dict[str, Any]:
    """Return what a page needs beside its own; `tab` is the one of a campaign that is open."""
    one = own.get("campaign")
    way = way_of(keeping.mailing_of(one)) if one and not one.is_automated else None
    return _CAMPAIGNS.context(request, title, tab=tab, way=way, **own)


def way_of(mailing: Mailing | None) -> Way:
    """Say in a word how a direct campaign stands."""
    if mailing is None:
        return Way(look="rt-mute", label=_("Not sent yet"))
    return Way(look=_LOOKS[Mailing.State(mailing.state)], label=mailing.get_state_display())
