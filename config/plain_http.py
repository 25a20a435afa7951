"""What programs send unencrypted is refused and not led on to https.

A program that is led on works, and goes on sending its key in the clear first, which nobody would notice. People are
led on, since they type addresses.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

FOR_PROGRAMS = ("/api/", "/hooks/")


class RefusePlainHttp:
    """Stands before what redirects; does nothing where nothing is redirected."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 403 to a program that came without encryption."""
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path.startswith(FOR_PROGRAMS):
            return JsonResponse({"detail": "Use https."}, status=HTTPStatus.FORBIDDEN)
        return self.get_response(request)
