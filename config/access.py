"""Who may do what with one kind of thing, and what every page of it is given."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


class Access:
    """The rights to one kind of thing, whose permissions are named like "subscriptions.{}_segment"."""

    def __init__(self, permission: str) -> None:
        self._permission = permission

    def may[Answer: HttpResponseBase](self, act: str) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Refuse who may not view, add, change or delete."""

        def guard(view: Callable[..., Answer]) -> Callable[..., Answer]:
            @wraps(view)
            def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
                self.require(request, act)
                return view(request, *args, **kwargs)

            return guarded

        return guard

    def require(self, request: HttpRequest, act: str) -> None:
        """Raise PermissionDenied for who may not."""
        if not self.is_allowed(request, act):
            raise PermissionDenied

    def is_allowed(self, request: HttpRequest, act: str) -> bool:
        """Say whether the person may do this."""
        return person(request).has_perm(self._permission.format(act))

    def context(self, request: HttpRequest, title: str, **own: Any) -> dict[str, Any]:
        """Return what a page needs beside its own."""
        rights = {act: self.is_allowed(request, act) for act in ("add", "change", "delete")}
        return {**admin.site.each_context(request), "title": title, "rights": rights, **own}


def person(request: HttpRequest) -> User:
    """Return who asks; the admin lets in nobody but members of the team."""
    return cast(User, request.user)


def is_script(request: HttpRequest) -> bool:
    """Say whether a script asks, which wants JSON, and not a form."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def who(member: User | None) -> str:
    """Name a member of the team."""
    return (member.get_full_name() or member.get_username()) if member else "–"


def onwards(request: HttpRequest, asked: str) -> str:
    """Return the address that somebody wanted to get to before; their home where it is another site's, or none."""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else reverse("home")
