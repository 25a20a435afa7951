"""The addresses of a connection's page: one table of what is shown and what is done, and who may."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from integrations.models import Connection
from integrations.pages import audit_tab, disconnecting_page, history_tab, inbox_tab, reconcile_part, settings_tab


class Admin(Protocol):
    """What a view needs of the admin of connections."""

    admin_site: AdminSite
    opts: Any

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]: ...
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address below a connection; `may` is the right that it takes, `guard` the methods that it answers.

    Nobody changes what is being disconnected.
    """

    path: str
    name: str
    view: Callable[..., HttpResponse]
    may: str = "change"
    guard: Callable[[Any], Any] = require_POST


ROUTES = (
    Route(path="inbox/", name="connection_inbox", view=inbox_tab.show, may="view", guard=require_safe),
    Route(path="inbox/retry/", name="connection_retry", view=inbox_tab.retry, may="view"),
    Route(path="syncs/", name="connection_history", view=history_tab.show, may="view", guard=require_safe),
    Route(path="sync/progress/", name="sync_progress", view=history_tab.progress, may="view", guard=require_safe),
    Route(path="sync/start/", name="sync_start", view=history_tab.start),
    Route(path="sync/cancel/", name="sync_cancel", view=history_tab.cancel),
    Route(path="sync/resume/", name="sync_resume", view=history_tab.resume),
    Route(path="webhook/register/", name="webhook_register", view=settings_tab.register_webhook),
    Route(path="pause/", name="connection_pause", view=settings_tab.pause),
    Route(path="resume/", name="connection_resume", view=settings_tab.resume),
    Route(path="audit/", name="connection_audit", view=audit_tab.show, may="view", guard=require_safe),
    Route(path="reconcile/start/", name="reconcile_start", view=reconcile_part.start),
    Route(path="reconcile/progress/", name="reconcile_progress", view=reconcile_part.progress, may="view",
          guard=require_safe),
    Route(path="webhook/rotate/", name="webhook_rotate", view=settings_tab.rotate),
    Route(path="keys/issue/", name="key_issue", view=settings_tab.issue_key),
    Route(path="keys/<int:key_id>/revoke/", name="key_revoke", view=settings_tab.revoke_key),
    Route(path="disconnect/", name="connection_disconnect", view=disconnecting_page.show, may="delete",
          guard=lambda view: view),
)  # fmt: skip


def urls(admin: Admin) -> list[URLPattern]:
    """Return the addresses, each guarded by its right."""
    return [
        path(
            f"<int:connection_id>/{route.path}",
            admin.admin_site.admin_view(route.guard(partial(_answered, admin, route))),
            name=route.name,
        )
        for route in ROUTES
    ]


def _answered(admin: Admin, route: Route, request: HttpRequest, connection_id: int, **more: Any) -> HttpResponse:
    connection = get_object_or_404(admin.get_queryset(request), pk=connection_id)
    is_closed = route.may == "change" and connection.leaving
    if is_closed or not getattr(admin, f"has_{route.may}_permission")(request, connection):
        raise PermissionDenied
    return route.view(admin, request, connection, **more)
