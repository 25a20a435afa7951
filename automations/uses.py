"""What automations name, in what people go by and in what is worked on: segments, other automations, campaigns."""

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from automations.models import Automation, AutomationVersion, Mailing
from subscriptions.segments.known import named_in
from subscriptions.segments.uses import Use


def of_segments(segments: Collection[int]) -> dict[int, list[Use]]:
    """Return the automations that ask for each of these segments, and the campaigns that still will."""
    found = _of_mailings(segments)
    for one in _living():
        _lists, named = named_in([one.draft, one.published])
        for number in named & set(segments):
            found.setdefault(number, []).append(
                Use(kind=_("Automation"), name=one.name, url=reverse("automation", args=[one.pk]))
            )
    return found


def _of_mailings(segments: Collection[int]) -> dict[int, list[Use]]:
    found: dict[int, list[Use]] = {}
    unfilled = Mailing.objects.filter(is_filled=False, segment__in=segments).exclude(state=Mailing.State.CANCELLED)
    for one in unfilled.select_related("campaign").order_by("campaign__name"):
        use = Use(kind=_("Campaign"), name=one.campaign.name, url=reverse("campaign_sending", args=[one.campaign_id]))
        found.setdefault(one.segment or 0, []).append(use)
    return found


def of_automation(automation: Automation) -> list[Automation]:
    """Return the other automations that start or end this one, in what people go by or in what is being worked on."""
    others = _living().exclude(pk=automation.pk)
    return [one for one in others if automation.pk in numbers_in([one.draft, one.published], "automation")]


def of_campaigns(campaigns: Collection[int]) -> dict[int, list[Automation]]:
    """Return the automations that send each of these campaigns."""
    found: dict[int, list[Automation]] = {}
    for one in _living():
        for number in numbers_in([one.draft, one.published], "campaign") & set(campaigns):
            found.setdefault(number, []).append(one)
    return found


def numbers_in(part: Any, key: str) -> set[int]:
    """Return the numbers that flows give under a key, such as "automation", however wrong they may be."""
    found: set[int] = set()
    left = [part]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            found |= {one[key]} if type(one.get(key)) is int else set()
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return found


def _living() -> QuerySet[Any]:
    """Ask for automations, each with the flow that people go by as `published`."""
    newest = AutomationVersion.objects.filter(automation=OuterRef("pk"), number=OuterRef("version"))
    return Automation.objects.living().annotate(published=Subquery(newest.values("flow")[:1])).order_by("name")
