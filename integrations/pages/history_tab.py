"""The history of one connection: what was read when, how far it is now, and reading it again."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from config.audit.log import record
from integrations import bell, connection_page, history, reconcile_page
from integrations.models import Connection, HistoricalSync
from integrations.pages import head
from integrations.providers.base import Total
from integrations.setup.finishing import total_of

if TYPE_CHECKING:
    from integrations.pages.routes import Admin

PER_PAGE = 20


def show(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Show how far the newest sync is, and the runs before it."""
    context = head.page(admin, request, connection, "history") | connection_page.sync_context(connection)
    context["runs"] = Paginator(connection.syncs.all(), PER_PAGE).get_page(request.GET.get("page"))
    context |= {"may_sync": context["may_change"], "reconcile": reconcile_page.context(connection)}
    return TemplateResponse(request, "integrations/connection/history.html", context)


def progress(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Answer with how far the newest sync is, for the page that shows it live."""
    may = admin.has_change_permission(request, connection) and not connection.leaving
    context = connection_page.sync_context(connection) | {"may_sync": may}
    return TemplateResponse(request, "integrations/_sync.html", context)


def start(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Read the history in the background; ask once more before automations may start on it."""
    announces = "announces" in request.POST
    if announces and "confirmed" not in request.POST:
        return _asked_again(admin, request, connection)
    try:
        sync = history.start(connection, announces=announces, request=request)
    except history.Paused:
        messages.error(request, gettext("The connection is paused. Resume it first; then its history can be read."))
    else:
        bell.ring_for_sync(sync)
    return _back(connection)


def cancel(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Ask the open sync to stop."""
    with transaction.atomic():
        for sync in connection.syncs.filter(state__in=HistoricalSync.OPEN, cancel_requested=False):
            history.cancel(sync)
            record("history.cancelled", about=connection, request=request)
    return _back(connection)


def resume(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Go on with the newest sync where it stopped."""
    sync = connection.syncs.first()
    with transaction.atomic():
        goes_on = sync is not None and history.resume(sync)
        if goes_on:
            record("history.resumed", about=connection, request=request)
    if sync and goes_on:
        bell.ring_for_sync(sync)
    return _back(connection)


def _asked_again(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": connection,
        "connection": connection,
        "title": gettext("Read the history with automations"),
        "total": _total(connection),
    }
    return TemplateResponse(request, "integrations/connection/history_with_automations.html", context)


def _total(connection: Connection) -> Total | None:
    """Say how many recurring payments the store has, as the last run heard, or by asking; None where it is not told."""
    last = connection.syncs.exclude(total=None).first()
    if last and last.total is not None:
        return Total(count=last.total, is_least=last.total_is_least)
    return total_of(connection)


def _back(connection: Connection) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:connection_history", args=[connection.pk]))
