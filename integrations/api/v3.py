"""What the addresses under /api/3 have in common: refusals in the form that existing plugins read."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from rest_framework.response import Response

from config.api import refusals
from integrations.api.views import base


class View(base.StoreView):
    """An address of the older API; the OpenAPI schema leaves it out, since others have described it."""

    schema = None

    def get_exception_handler(self) -> Any:
        """Tell refusals as a list of errors."""
        return _answer


class NowhereView(View, base.NowhereView):
    """An address of the older API that does not exist, or that we do not have."""


def _answer(error: Exception, context: Mapping[str, Any]) -> Response:
    """Answer {message, errors: [{title, detail, message}]}; a wrong or missing key is 403 there."""
    problem = refusals.answer(error, context)
    status = HTTPStatus.FORBIDDEN if problem.status_code == HTTPStatus.UNAUTHORIZED else problem.status_code
    told = problem.data
    reasons = [f"{one['path']} {one['reason']}".strip() for one in told["errors"]] or [told["detail"]]
    errors = [{"title": reason, "detail": told["detail"], "message": reason} for reason in reasons]
    headers = {"Retry-After": problem["Retry-After"]} if "Retry-After" in problem else {}
    return Response({"message": told["detail"], "errors": errors}, status=status, headers=headers)
