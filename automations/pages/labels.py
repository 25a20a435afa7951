"""The labels of an automation or a campaign, as its page shows and saves them."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from automations import labels
from automations.labels import Labelled
from automations.models import Label
from automations.pages import access
from automations.pages.campaigns import access as access_to_campaigns
from config.audit.log import record


def shown(one: Labelled) -> dict[str, Any]:
    """Return what a page needs: all labels that there are, and those that it carries."""
    return {"known": list(Label.objects.values_list("name", flat=True)), "chosen": labels.names_of(one)}


@access.may("change")
@require_POST
def of_automation(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Save the labels of an automation."""
    return _saved(request, access.find(automation_id), "automation_settings")


@access_to_campaigns.may("change")
@require_POST
def of_campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Save the labels of a campaign."""
    return _saved(request, access_to_campaigns.find(campaign_id), "campaign")


def _saved(request: HttpRequest, one: Labelled, page: str) -> HttpResponse:
    names = [*request.POST.getlist("label"), *request.POST.get("new", "").split(",")]
    with transaction.atomic():
        if labels.put(one, names):
            record("changed", about=one, request=request)
    messages.success(request, gettext("Saved."))
    return redirect(page, one.pk)
