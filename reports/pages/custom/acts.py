"""What is done to a saved report with one click: duplicating, archiving, deleting."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from config.audit.log import record
from reports.custom import saved
from reports.custom.reading import ReportError
from reports.models import Report
from reports.pages.custom import access, words


@access.may("add")
@require_POST
def duplicate(request: HttpRequest, report_id: int) -> HttpResponse:
    """Save a copy, and lead to it."""
    report = access.find(report_id)
    try:
        with transaction.atomic():
            copy = saved.duplicate(report, owner=access.person(request))
            record("added", about=copy, request=request)
    except ReportError:
        messages.error(request, words.said(report.definition))
        return redirect("custom_report", report.pk)
    messages.success(request, gettext("This is the copy. Its name can be changed here."))
    return redirect("custom_report_change", copy.pk)


@access.may("change")
@require_POST
def archive(request: HttpRequest, report_id: int) -> HttpResponse:
    """Put a report into the archive."""
    report = access.find(report_id)
    with transaction.atomic():
        if saved.archive(report):
            record("report.archived", about=report, request=request)
    messages.success(request, gettext("The report is in the archive now. It is not sent by e-mail there."))
    return redirect("custom_report", report.pk)


@access.may("change")
@require_POST
def take_out(request: HttpRequest, report_id: int) -> HttpResponse:
    """Take a report out of the archive."""
    report = access.find(report_id)
    with transaction.atomic():
        if saved.take_out(report):
            record("report.taken_out", about=report, request=request)
    messages.success(request, gettext("The report is out of the archive."))
    return redirect("custom_report", report.pk)


@access.may("delete")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, report_id: int) -> HttpResponse:
    """Ask, saying what is lost, and delete a report."""
    report = access.find(report_id)
    if request.method != "POST":
        return _ask(request, report)
    with transaction.atomic():
        record("deleted", about=report, request=request)
        saved.delete(report)
    messages.success(request, gettext("The report “%(name)s” has been deleted.") % {"name": report.name})
    return redirect("custom_reports")


def _ask(request: HttpRequest, report: Report) -> HttpResponse:
    own = {
        "report": report,
        "sentence": words.said(report.definition),
        "schedules": report.schedules.count(),
        "link": request.build_absolute_uri(request.path).removesuffix("delete/"),
    }
    context = access.context(request, gettext("Delete this report"), **own)
    return render(request, "reports/custom/delete.html", context)
