"""Reports as files to take home."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from config.audit.log import record
from reports.custom import asking, exporting, sentences
from reports.custom.reading import ReportError
from reports.models import Report
from reports.pages.custom import access, asked
from reports.pages.custom.asked import Asked

# A file may take longer than a page.
SECONDS = 60.0


@access.may("view")
@require_safe
def export(request: HttpRequest, report_id: int, ending: str) -> HttpResponseBase:
    """Answer with a saved report as a file, of the days that the address asks for."""
    report = access.find(report_id)
    _check(request, ending)
    try:
        return _file(request, asked.of_report(report, request.GET), ending, name=report.name)
    except ReportError as error:
        return refused(request, error.errors)


@access.may("view")
@require_POST
def export_built(request: HttpRequest, ending: str) -> HttpResponseBase:
    """Answer with the report that is posted, saved or not, as a file with the `name` that it has so far."""
    _check(request, ending)
    try:
        found = asked.of_text(request.POST.get("definition", ""))
        return _file(request, found, ending, name=request.POST.get("name", "").strip()[:200] or gettext("Report"))
    except ReportError as error:
        return refused(request, error.errors)


def refused(request: HttpRequest, errors: dict[str, str], status: int = 422) -> HttpResponse:
    """Say what is wrong with a report."""
    context = access.context(request, gettext("This cannot be shown"), errors=errors)
    return render(request, "reports/custom/refused.html", context, status=status)


def _check(request: HttpRequest, ending: str) -> None:
    if ending not in exporting.WRITERS:
        raise Http404
    if not access.may_export(request):
        raise PermissionDenied


def _file(request: HttpRequest, found: Asked, ending: str, *, name: str) -> HttpResponseBase:
    try:
        result = asking.run(found.definition, most=exporting.MOST_GROUPS, seconds=SECONDS)
    except asking.TooSlow:
        return refused(
            request, {"": gettext("Counting it takes too long. A shorter period or fewer groups may help.")}, 503
        )
    told = exporting.Told(name=name, sentence=sentences.sentence(found.definition), result=result)
    record(
        "report.exported", about=found.report or Report, request=request, count=len(result.rows), file=ending.upper()
    )
    return _answer(told, ending)


def _answer(told: exporting.Told, ending: str) -> HttpResponseBase:
    made: Any = exporting.WRITERS[ending](told)
    name, media = exporting.file_name(told.name, ending), exporting.MEDIA[ending]
    headers = {"Content-Disposition": content_disposition_header(True, name) or ""}
    kind: Any = FileResponse if ending == "xlsx" else StreamingHttpResponse
    answer: HttpResponseBase = kind(made, content_type=media, headers=headers)
    return answer
