"""Who may do what with segments, and what every one of their pages is given."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

type View = Callable[..., HttpResponse]


def may(act: str) -> Callable[[View], View]:
    """Refuse who may not view, add, change or delete segments."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(request, act)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def require(request: HttpRequest, act: str) -> None:
    """Raise PermissionDenied for who may not."""
    if not is_allowed(request, act):
        raise PermissionDenied


def is_allowed(request: HttpRequest, act: str) -> bool:
    """Say whether the person may do this with segments."""
    return person(request).has_perm(f"subscriptions.{act}_segment")


def person(request: HttpRequest) -> User:
    """Return who asks; the admin lets in nobody but members of the team."""
    return cast(User, request.user)


def context(request: HttpRequest, title: str, **own: Any) -> dict[str, Any]:
    """Return what a page needs beside its own."""
    rights = {act: is_allowed(request, act) for act in ("add", "change", "delete")}
    return {**admin.site.each_context(request), "title": title, "rights": rights, **own}


def is_script(request: HttpRequest) -> bool:
    """Say whether a script asks, which wants JSON, and not a form."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
