"""Who speaks: a key of the account that has the scope, never one of a store; and the things that addresses name."""

from http import HTTPStatus
from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from automations.models import Automation, Enrolment
from config.api.refusals import Refused
from config.api.views import ApiView

SCOPE = "automations"


class HasAutomations(BasePermission):
    """Lets keys pass that have the scope."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raise PermissionDenied with the scope that is missing."""
        key: Any = request.auth
        if key is not None and not key.may(SCOPE):
            raise PermissionDenied(f"This key lacks the scope “{SCOPE}”, which keys of the account have.")
        return key is not None


class AutomationView(ApiView):
    """What all addresses of automations have in common."""

    permission_classes = (HasAutomations,)


def one(automation_id: int) -> Automation:
    """Return an automation; raise Refused with 404."""
    found = Automation.objects.filter(pk=automation_id).first() if automation_id < 2**63 else None
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such automation.")
    return found


def way(automation_id: int, way_id: int) -> Enrolment:
    """Return somebody's way through an automation; raise Refused with 404."""
    rows = Enrolment.objects.select_related("automation", "contact", "payment", "version")
    found = rows.filter(automation=one(automation_id), pk=way_id).first() if way_id < 2**63 else None
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "Nobody went this way through the automation.")
    return found
