"""Saved reports: all of them, one, and putting one away."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from config.api import documentation, paging
from config.api.views import body_object, flag
from config.audit.log import record
from config.seeking import contains
from reports.api import access, shapes, writing
from reports.custom import saved
from reports.models import Report


class ReportsView(access.ReportView):
    """All reports."""

    @documentation.operation(
        "list_reports",
        "Find saved reports",
        parameters=(access.SOUGHT, access.ARCHIVED, *documentation.PAGING),
        answers={200: "ReportPage"},
        problems=(400,),
        tag=access.TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with a page of reports."""
        paging.only(request, ("q", "archived", "limit", "cursor"))
        found = paging.page(_found(request), request)
        return Response({"results": [shapes.report(one) for one in found.rows], "next": found.next})

    @documentation.operation(
        "create_report",
        "Save a report",
        request="ReportToCreate",
        answers={201: "Report"},
        problems=(400, 409, 413, 415),
        tag=access.TAG,
    )
    def post(self, request: Request) -> Response:
        """Save a new report."""
        paging.only(request, ())
        told = writing.new(request)
        with transaction.atomic():
            made = writing.kept(lambda: saved.create(**told))
            record("added", about=made, request=request._request)
        return Response(shapes.report(made), status=HTTPStatus.CREATED)


class OneReportView(access.ReportView):
    """One report."""

    @documentation.operation(
        "get_report",
        "Read a saved report",
        parameters=(access.REPORT_ID,),
        answers={200: "Report"},
        problems=(400, 404),
        tag=access.TAG,
    )
    def get(self, request: Request, report_id: int) -> Response:
        """Answer with the report."""
        paging.only(request, ())
        return Response(shapes.report(access.one(report_id)))

    @documentation.operation(
        "change_report",
        "Change a report, its name or its description",
        text="What is not named stays.",
        parameters=(access.REPORT_ID,),
        request="ReportToChange",
        answers={200: "Report"},
        problems=(400, 404, 409, 413, 415),
        tag=access.TAG,
    )
    def put(self, request: Request, report_id: int) -> Response:
        """Save what is named."""
        paging.only(request, ())
        known, told = access.one(report_id), writing.change(request)
        with transaction.atomic():
            changed = writing.kept(lambda: saved.save(known, **{"definition": known.definition} | told))
            if changed.revision != known.revision:
                record("changed", about=changed, request=request._request)
        return Response(shapes.report(changed))

    @documentation.operation(
        "delete_report",
        "Delete a report for good",
        parameters=(access.REPORT_ID,),
        answers={204: None},
        problems=(400, 404),
        tag=access.TAG,
    )
    def delete(self, request: Request, report_id: int) -> Response:
        """Delete it."""
        paging.only(request, ())
        known = access.one(report_id)
        with transaction.atomic():
            record("deleted", about=known, request=request._request)
            saved.delete(known)
        return Response(status=HTTPStatus.NO_CONTENT)


class ActView(access.ReportView):
    """An act without questions: what was so already is not done, and not recorded."""

    do: Callable[[Report], bool]
    action: str

    def post(self, request: Request, report_id: int) -> Response:
        """Do it, and answer with the report."""
        paging.only(request, ())
        body_object(request, {})
        known = access.one(report_id)
        with transaction.atomic():
            if type(self).do(known):
                record(self.action, about=known, request=request._request)
        return Response(shapes.report(access.one(report_id)))


def _described(name: str, summary: str) -> Any:
    """Describe an act, which both do in the same way, at each view by itself."""
    operation = documentation.operation(
        name,
        summary,
        parameters=(access.REPORT_ID,),
        answers={200: "Report"},
        problems=(400, 404, 413, 415),
        tag=access.TAG,
    )
    return extend_schema_view(post=operation)


@_described("archive_report", "Put a report away")
class ArchiveView(ActView):
    """Putting into the archive."""

    do = staticmethod(saved.archive)
    action = "report.archived"


@_described("take_out_report", "Take a report out of the archive")
class TakeOutView(ActView):
    """Taking out of the archive."""

    do = staticmethod(saved.take_out)
    action = "report.taken_out"


def _found(request: Request) -> "QuerySet[Report]":
    rows = Report.objects.living()
    if flag(request, "archived"):
        rows = Report.objects.exclude(archived_at=None)
    q = request.query_params.get("q", "")
    if "\x00" in q:
        raise paging.refused("q", "contains a character that cannot be sought")
    return rows.filter(contains(q, "name", "description")) if q else rows
