"""Refusals as RFC 9457 has them: application/problem+json, whatever went wrong.

Their words are English, like all that the API says: a plugin's author reads them, whatever the shop's language.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import DatabaseError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from config.api.strangers import wait_of_stranger

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
_OF_DJANGO: dict[type[Exception], type[exceptions.APIException]] = {
    Http404: exceptions.NotFound,
    PermissionDenied: exceptions.PermissionDenied,
    SuspiciousOperation: exceptions.ParseError,  # such as more parameters than Django reads
}


_OF_STRANGERS = (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)


class Refused(exceptions.APIException):
    """A request that cannot be answered as asked: status, one sentence, and the broken paths with their reasons."""

    def __init__(self, status: int, detail: str, errors: Mapping[str, str] | None = None) -> None:
        self.status_code = int(status)
        self.errors = dict(errors or {})
        super().__init__(detail)


def answer(error: Exception, context: Mapping[str, Any]) -> Response:
    """Turn whatever a view raised into a problem; what nobody foresaw is logged and told as our fault."""
    set_rollback()
    request = context["request"]
    told = next((ours() for theirs, ours in _OF_DJANGO.items() if isinstance(error, theirs)), error)
    if not isinstance(told, exceptions.APIException):
        logger.error("A request to the API failed", exc_info=error)
        # As Django does it: error reports and test clients listen.
        got_request_exception.send(sender=None, request=request._request)
        told = Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
    if isinstance(told, _OF_STRANGERS) and (wait := _wait(request)):
        told = exceptions.Throttled(wait, "Too many requests with a wrong key, or with none, came from your address.")
    return Response(
        body(told.status_code, _sentence(told), request.path, getattr(told, "errors", {})),
        status=told.status_code,
        headers=_headers(told),
        content_type=CONTENT_TYPE,
    )


def body(status: int, detail: str, instance: str, errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Write a problem: type, title, status, detail, instance, errors [{path, reason}]."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
        "errors": [{"path": path, "reason": reason} for path, reason in (errors or {}).items()],
    }


def _wait(request: Request) -> float:
    """Return the seconds that a stranger must wait; without a database nobody is counted, and the answer stays."""
    try:
        return wait_of_stranger(request)
    except DatabaseError:
        logger.exception("A request without a good key could not be counted")
        return 0.0


def _sentence(error: exceptions.APIException) -> str:
    detail = error.detail
    return str(detail) if isinstance(detail, str) else "The request cannot be answered."


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, -int(-wait // 1)))
    return headers
