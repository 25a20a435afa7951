"""Who may do what with automations, and what every one of their pages is given."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from automations import receivers
from automations.models import Automation
from config.access import Access, is_script, person

_AUTOMATIONS = Access("automations.{}_automation")
may, require, is_allowed = _AUTOMATIONS.may, _AUTOMATIONS.require, _AUTOMATIONS.is_allowed

__all__ = ["context", "find", "is_allowed", "is_script", "may", "person", "require"]


def find(automation_id: int) -> Automation:
    """Return an automation with who owns it and who changed it; raise Http404."""
    return get_object_or_404(Automation.objects.select_related("owner", "changed_by"), pk=automation_id)


def context(request: HttpRequest, title: str, *, tab: str = "", **own: Any) -> dict[str, Any]:
    """Return what a page needs beside its own; `tab` is the one of an automation that is open."""
    one = own.get("automation")
    head = {"inside": one.enrolments.inside().count(), "off": receivers.off_in(one)} if one else {}
    return _AUTOMATIONS.context(request, title, tab=tab, **head, **own)
