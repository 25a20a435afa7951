"""Members who must sign in with two factors, by their role, get nowhere else until they have set it up."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from config.two_factor import factors

# What a session says once its member has shown the second factor.
PASSED = "second_factor"
EVERYBODY = "all"
# Below these a session opens something; the rest is public, or for stores and keys.
GUARDED = ("/admin/", "/api/")
# What somebody without a second factor may still open there.
_OPEN = ("account", "admin:logout", "admin:login")


class TwoFactorRequired:
    """The middleware: sends to their account who must set two-factor sign-in up first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let through whoever may pass."""
        return redirect("account") if _is_held(request) else self._answer(request)


def is_required(member: User) -> bool:
    """Say whether a member must sign in with two factors; a superuser has every role."""
    wanted: list[str] = settings.REQUIRE_TWO_FACTOR
    if not wanted:
        return False
    return member.is_superuser or EVERYBODY in wanted or member.groups.filter(name__in=wanted).exists()


def lacks_factor(request: HttpRequest) -> bool:
    """Say whether who asks has still to set two-factor sign-in up, as their role must."""
    if not settings.REQUIRE_TWO_FACTOR:
        return False
    member: User | AnonymousUser = request.user
    if not isinstance(member, User) or request.session.get(PASSED):
        return False
    return is_required(member) and not factors.is_on(member)


def _is_held(request: HttpRequest) -> bool:
    return request.path.startswith(GUARDED) and not _is_open(request.path) and lacks_factor(request)


def _is_open(path: str) -> bool:
    return path.startswith(tuple(reverse(name) for name in _OPEN))
