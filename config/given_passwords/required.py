"""Members whose password somebody else has chosen get nowhere else until they have chosen their own."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from config.given_passwords import given
from config.two_factor import required

# What may still be opened there.
_OPEN = ("admin:password_change", "admin:logout", "admin:login")


class OwnPasswordRequired:
    """The middleware: sends to the page where one chooses a password; it stands behind that of the second factor.

    Who must set a second factor up first is left to that: it lets them to their account alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let through whoever may pass."""
        if not _is_guarded(request.path) or not given.is_held(request) or required.lacks_factor(request):
            return self._answer(request)
        return _refuse(request)


def _is_guarded(path: str) -> bool:
    # a path like that of another page with something behind it is no page, and so no way past
    return path.startswith(required.GUARDED) and path not in {reverse(name) for name in _OPEN}


def _refuse(request: HttpRequest) -> HttpResponseBase:
    """Send a reader to the page, which leads back here afterwards, and tell a program why it gets nothing."""
    if request.path.startswith("/api/"):
        detail = gettext("Choose a password of your own first.")
        return JsonResponse({"detail": detail}, status=HTTPStatus.FORBIDDEN)
    page = reverse("admin:password_change")
    onwards = f"?{urlencode({'next': request.get_full_path()})}" if request.method in {"GET", "HEAD"} else ""
    return redirect(page + onwards)
