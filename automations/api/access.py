"""Who speaks: a key of the account that may do with automations what it likes; a key of one store never."""

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

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


class AutomationsApiView(ApiView):
    """What all addresses of automations have in common."""

    permission_classes = (HasAutomations,)
