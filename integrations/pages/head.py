"""What stands above each tab of a connection's page: how it is doing, today's figures, and the last thirty days."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrations import health
from integrations.allowed import VIEW_EVENTS, may_retry
from integrations.models import Connection
from integrations.models.connection import HISTORY
from integrations.pages import activity
from integrations.providers import PROVIDERS, SENDERS
from integrations.state import state_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from integrations.pages.routes import Admin


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One tab: its name, its address's name, and what somebody needs to see it; `{}` is "view" or "change"."""

    name: str
    label: "_StrPromise"
    address: str
    permission: str


VIEW_AUDIT = "audit.view_entry"
TABS = (
    Tab(name="inbox", label=_("Inbox"), address="admin:connection_inbox", permission=VIEW_EVENTS),
    Tab(name="history", label=_("History"), address="admin:connection_history",
        permission="integrations.view_connection"),
    Tab(name="settings", label=_("Settings"), address="admin:integrations_connection_change",
        permission="integrations.change_connection"),
    Tab(name="audit", label=_("Audit"), address="admin:connection_audit", permission=VIEW_AUDIT),
)  # fmt: skip


def tabs(request: HttpRequest, connection: Connection, current: str) -> list[dict[str, Any]]:
    """List the tabs that somebody may see, each with its address and whether it is the one shown."""
    return [
        {"label": tab.label, "url": reverse(tab.address, args=[connection.pk]), "is_current": tab.name == current}
        for tab in TABS
        if request.user.has_perm(tab.permission)
    ]


def context(admin: "Admin", request: HttpRequest, connection: Connection, current: str) -> dict[str, Any]:
    """Gather the head of the page for a tab; a fixed number of queries."""
    return {
        "connection": connection,
        "provider": PROVIDERS[connection.provider_name].label,
        "state": state_of(connection),
        "tabs": tabs(request, connection, current),
        "chart": activity.chart(connection),
        "last_event": connection.deliveries.exclude(event_type=HISTORY).order_by("-received_at").first(),
        "last_sync": connection.syncs.first(),
        "unknown_statuses": health.unknown_statuses(connection),
        "payments": connection.store.recurring_payments.count(),
        "has_webhooks": connection.provider_name in SENDERS,
        "may_change": admin.has_change_permission(request, connection) and not connection.leaving,
        "may_retry": may_retry(request.user) and not connection.leaving,
        "sees_events": request.user.has_perm(VIEW_EVENTS),
    }


def page(admin: "Admin", request: HttpRequest, connection: Connection, current: str) -> dict[str, Any]:
    """Gather what the template of a tab needs beside its own."""
    shell = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": connection,
        "title": connection.name,
    }
    return shell | context(admin, request, connection, current)
