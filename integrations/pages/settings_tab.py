"""The settings of one connection beside its form: the webhook at the store, keys of ours, pausing and resuming."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.audit.log import record
from integrations import connecting, health, pausing
from integrations.api import keys
from integrations.models import Connection, Scope
from integrations.providers import PROVIDERS
from integrations.providers.api_store import API
from integrations.providers.base import ProviderError

if TYPE_CHECKING:
    from integrations.pages.routes import Admin


def context(connection: Connection) -> dict[str, Any]:
    """Gather what stands beside the form."""
    is_old_valid = len(connection.webhook_secrets()) > 1
    return {
        "can_register": PROVIDERS[connection.provider_name].register is not None and bool(connection.api_key),
        "old_secret_until": connection.old_secret_until if is_old_valid else None,
        "knows_webhook": connection.lacks not in ("webhook_secret", "webhook_id"),
        "can_rotate": connecting.may_rotate(connection),
        "lives": [days for days in keys.LIVES if days],
        "keys": connection.keys.all() if connection.provider_name == API.name else None,
        "api_address": f"{settings.PUBLIC_URL}/api/v1/",
    }


def register_webhook(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Set our webhook up at the store, or mend it there."""
    try:
        told = connecting.set_up(connection)
    except ProviderError as error:
        messages.error(request, error.words)
    else:
        health.clear(connection, standing=True)
        record("webhook.registered", about=connection, request=request)
        messages.success(request, f"{gettext('The webhook is set up at the store.')} {told}".strip())
    return _back(connection)


def rotate(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Put a new webhook secret in the place of the old one, which stays valid for a day."""
    if not connecting.may_rotate(connection):
        raise Http404
    try:
        connecting.rotate(connection)
    except ProviderError as error:
        messages.error(request, error.words)
    else:
        record("webhook.rotated", about=connection, request=request)
        messages.success(request, gettext("The webhook secret is new. The old one stays valid for a day."))
    return _back(connection)


def pause(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Let the connection rest."""
    with transaction.atomic():
        if pausing.pause(connection):
            record("connection.paused", about=connection, request=request)
    messages.success(request, gettext("The connection is paused. What the store sends is kept until you resume it."))
    return _where_from(request, connection)


def resume(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Work off what was kept."""
    with transaction.atomic():
        is_resumed = pausing.resume(connection)
        if is_resumed:
            record("connection.resumed", about=connection, request=request)
    if is_resumed:
        messages.success(request, gettext("The connection is resumed. What was kept meanwhile is being worked off."))
    return _where_from(request, connection)


def issue_key(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Make a key, and show it this once: it is in this answer and nowhere else."""
    if connection.provider_name != API.name:
        raise Http404
    name = request.POST.get("name", "").strip()[:200] or gettext("Key")
    scopes = keys.STORE_SCOPES if request.POST.get("write") else (Scope.READ.value,)
    days = {str(life): life for life in keys.LIVES}.get(request.POST.get("days", ""))
    key, secret = keys.issue(connection, name=name, scopes=scopes, days=days, request=request)
    shell = {**admin.admin_site.each_context(request), "opts": admin.opts, "title": _("The new key")}
    told = {"connection": connection, "key": key, "secret": secret}
    return TemplateResponse(request, "integrations/new_key.html", shell | told)


def revoke_key(admin: "Admin", request: HttpRequest, connection: Connection, key_id: int) -> HttpResponse:
    """Let a key open nothing any more."""
    key = get_object_or_404(connection.keys, pk=key_id)
    keys.revoke(key, request=request)
    messages.success(request, gettext("The key opens nothing any more."))
    return _back(connection)


def _back(connection: Connection) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:integrations_connection_change", args=[connection.pk]))


def _where_from(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Return to the tab whose button was pressed."""
    tab = request.POST.get("tab", "")
    own = {reverse(f"admin:connection_{name}", args=[connection.pk]) for name in ("inbox", "history")}
    return HttpResponseRedirect(tab) if tab in own else _back(connection)
