"""Who may do what with custom reports, and finding one."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from reports.models import Report
from reports.pages.access import context, is_allowed, is_script, may, person, require

__all__ = ["context", "find", "is_allowed", "is_script", "may", "may_export", "may_see_people", "person", "require"]


def find(report_id: int) -> Report:
    """Return a report with who owns it and who changed it; raise Http404."""
    return get_object_or_404(Report.objects.select_related("owner", "changed_by"), pk=report_id)


def may_see_people(request: HttpRequest) -> bool:
    """Say whether somebody may open the records behind a number."""
    return person(request).has_perms(["contacts.view_contact", "subscriptions.view_recurringpayment"])


def may_export(request: HttpRequest) -> bool:
    """Say whether somebody may take home what they see, as that of other lists."""
    return person(request).has_perms(["contacts.export_contact", "subscriptions.export_recurringpayment"])
