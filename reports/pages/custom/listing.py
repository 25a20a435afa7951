"""The list of saved reports: what there are, and what each asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from config.access import who
from config.seeking import contains, typed
from reports.custom.starts import STARTS
from reports.models import Report
from reports.models.reports import ReportQuerySet
from reports.pages.custom import access, words

PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One report of the list; `schedules` is how many times it is sent by e-mail."""

    report: Report
    sentence: str
    owner: str
    schedules: int


@access.may("view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the reports whose name or description contains `q`; with `archived`, those in the archive."""
    q, archived = typed(request.GET), "archived" in request.GET
    page = Paginator(_found(q, archived=archived), PER_PAGE).get_page(request.GET.get("page"))
    own: dict[str, Any] = {
        "q": q,
        "archived": archived,
        "page": page,
        "query": urlencode({**({"q": q} if q else {}), **({"archived": 1} if archived else {})}),
        "rows": _lines(page.object_list),
        "living": Report.objects.living().count(),
        "put_away": Report.objects.exclude(archived_at=None).count(),
        "starts": STARTS,
    }
    return render(request, "reports/custom/list.html", access.context(request, gettext("Custom reports"), **own))


def _found(q: str, *, archived: bool) -> ReportQuerySet:
    kept = Report.objects.exclude(archived_at=None) if archived else Report.objects.living()
    sent = Count("schedules", filter=Q(schedules__next_at__isnull=False))
    return kept.filter(contains(q, "name", "description")).annotate(sent=sent).select_related("owner").order_by("name")


def _lines(reports: Iterable[Any]) -> list[Line]:
    return [
        Line(report=one, sentence=words.said(one.definition), owner=who(one.owner), schedules=one.sent)
        for one in reports
    ]
