"""Who speaks: a key of the account that has the scope, never one of a store; and the reports that addresses name."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from config.api.documentation import number_in_path
from config.api.refusals import Refused
from config.api.views import ApiView
from reports.models import Report

SCOPE = "reports"
TAG = "Reports"
REPORT_ID = number_in_path("report_id")
SOUGHT = OpenApiParameter("q", str, description="What the name or the description contains.")
ARCHIVED = OpenApiParameter("archived", bool, description="Those in the archive instead of the others.")
ROWS = OpenApiParameter(
    "rows", {"type": "integer", "minimum": 1, "maximum": 1000}, description="Rows, instead of as many as it says."
)


class HasReports(BasePermission):
    """Lets keys pass that have the scope."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raise PermissionDenied with the scope that is missing."""
        key: Any = request.auth
        if key is not None and not key.may(SCOPE):
            raise PermissionDenied(f"This key lacks the scope “{SCOPE}”, which keys of the account have.")
        return key is not None


class ReportView(ApiView):
    """What all addresses of reports have in common."""

    permission_classes = (HasReports,)


def one(report_id: int) -> Report:
    """Return a report; raise Refused with 404."""
    found = Report.objects.filter(pk=report_id).first() if report_id < 2**63 else None
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such report.")
    return found
