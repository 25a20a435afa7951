"""Disconnecting a store: what stays, what goes, and that it is meant."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from config.audit.log import record
from integrations import bell, disconnecting
from integrations.models import Connection
from integrations.providers import PROVIDERS

if TYPE_CHECKING:
    from integrations.pages.routes import Admin

# Seconds for which somebody waits for the removal to end; a worker ends what takes longer.
_PATIENCE = 1.5


def show(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Ask what shall become of the recurring payments, and disconnect."""
    if request.method != "POST":
        return _form(admin, request, connection)
    payments = request.POST.get("payments", "")
    if payments not in (disconnecting.KEEP, disconnecting.REMOVE):
        return _form(admin, request, connection, gettext("Say whether the recurring payments stay or go."))
    if payments == disconnecting.REMOVE and request.POST.get("name", "").strip() != connection.name.strip():
        return _form(admin, request, connection, gettext("This is not the connection's name. Nothing was removed."))
    return _disconnected(admin, request, connection, payments)


def _disconnected(admin: "Admin", request: HttpRequest, connection: Connection, payments: str) -> HttpResponse:
    name = connection.name
    trouble = "" if connection.leaving else disconnecting.take_webhook_away(connection)
    with transaction.atomic():
        if disconnecting.begin(connection, payments=payments):
            record("connection.removed", about=connection, request=request, payments=payments)
    if disconnecting.run(connection.pk, seconds=_PATIENCE):
        text = gettext("%(name)s is disconnected.")
    else:
        bell.ring_for_removal(connection.pk)
        text = gettext("%(name)s is disconnected. What goes with it is being removed in the background.")
    messages.success(request, text % {"name": name})
    if trouble:
        words = gettext("Our webhook could not be removed at the store; remove it there. %(trouble)s")
        messages.warning(request, words % {"trouble": trouble})
    return HttpResponseRedirect(reverse("connected_apps"))


def _form(admin: "Admin", request: HttpRequest, connection: Connection, error: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": connection,
        "connection": connection,
        "title": gettext("Disconnect %(name)s") % {"name": connection.name},
        "error": error,
        "chosen": request.POST.get("payments", disconnecting.KEEP),
        "payments": connection.store.recurring_payments.count(),
        "events": connection.deliveries.count(),
        "removes_webhook": PROVIDERS[connection.provider_name].unregister is not None and connection.api_key,
        "has_webhooks": PROVIDERS[connection.provider_name].verify is not None,
    }
    return TemplateResponse(request, "integrations/connection/disconnect.html", context)
