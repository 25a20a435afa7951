"""The names of what flows name by number, for whoever says a flow in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from automations.models import Automation, Campaign
from contacts.models import ContactList
from subscriptions.personalisation import in_words


def list_name(number: int) -> str:
    """Return a list's name; its number where it is gone."""
    return ContactList.objects.filter(pk=number).values_list("name", flat=True).first() or f"#{number}"


def automation_name(number: int) -> str:
    """Return an automation's name; its number where it is gone."""
    return Automation.objects.filter(pk=number).values_list("name", flat=True).first() or f"#{number}"


def email_name(campaign: int | Mapping[str, Any]) -> str:
    """Name an e-mail by its subject in the reader's language, if it has one there; else by its own name."""
    if isinstance(campaign, Mapping):
        return in_words(_subject(campaign) or str(campaign.get("name", "")))
    found = Campaign.objects.filter(pk=campaign).values_list("draft", "name").first()
    if found is None:
        return f"#{campaign}"
    draft, name = found
    return in_words(_subject(draft) or name)


def _subject(told: Mapping[str, Any]) -> str:
    translated = told.get("translations", {}).get((get_language() or "").partition("-")[0], {})
    return str(translated.get("subject") or told.get("subject") or "")
