"""A saved report for everybody who may see reports: its answer now, with the days that the address asks for."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.custom.reading import ReportError
from reports.custom.spans import SPANS
from reports.models import Report
from reports.pages.custom import access, asked, showing
from reports.pages.custom.asked import ALL, AS_SAVED, CUSTOM, Asked


@access.may("view")
@require_safe
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show a report; one that cannot be read any more says why."""
    found = access.find(report_id)
    try:
        read = asked.of_report(found, request.GET)
    except ReportError as error:
        return _page(request, found, status=422, errors=error.errors)
    shown = showing.show(read, may_open=access.may_see_people(request))
    return _page(request, found, shown=shown, link=_link(found, read.query), **_control(read))


def _page(request: HttpRequest, found: Report, *, status: int = 200, **own: Any) -> HttpResponse:
    own |= {
        "report": found,
        "may_export": access.may_export(request),
        "schedules": found.schedules.exclude(next_at=None).count(),
    }
    return render(request, "reports/custom/report.html", access.context(request, found.name, **own), status=status)


def _control(read: Asked) -> dict[str, Any]:
    """Return what the choice of days shows, and the address to share."""
    during = read.definition.during if read.days.span != AS_SAVED else None
    first = read.days.first or (during.first if during else None)
    last = read.days.last or (during.last if during else None)
    return {
        "days": read.days,
        "dates": [(key, one.label) for key, one in read.definition.about.dates.items()],
        "spans": [
            (AS_SAVED, _("As saved")),
            (ALL, _("All the time")),
            *((name, _first_large(str(words))) for name, (words, _days) in SPANS.items()),
            (CUSTOM, _("Chosen days")),
        ],
        "first": first.isoformat() if first else "",
        "last": last.isoformat() if last else "",
    }


def _first_large(words: str) -> str:
    return words[:1].upper() + words[1:]


def _link(found: Report, query: str) -> str:
    address = settings.PUBLIC_URL + reverse("custom_report", args=[found.pk])
    return f"{address}?{query}" if query else address
