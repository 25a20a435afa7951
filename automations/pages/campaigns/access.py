"""Who may do what with campaigns, and what every one of their pages is given."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from automations.models import Campaign
from config.access import Access

_CAMPAIGNS = Access("automations.{}_campaign")
SENDER = Access("automations.{}_sender")
may, require, is_allowed = _CAMPAIGNS.may, _CAMPAIGNS.require, _CAMPAIGNS.is_allowed


def find(campaign_id: int) -> Campaign:
    """Return a campaign with who changed it; raise Http404."""
    return get_object_or_404(Campaign.objects.select_related("changed_by"), pk=campaign_id)


def context(request: HttpRequest, title: str, *, tab: str = "", **own: Any) -> dict[str, Any]:
    """Return what a page needs beside its own; `tab` is the one of a campaign that is open."""
    return _CAMPAIGNS.context(request, title, tab=tab, **own)
