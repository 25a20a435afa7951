"""The comparison of one connection with its store, on the History tab."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from integrations import bell, reconcile_page, reconciling
from integrations.models import Connection

if TYPE_CHECKING:
    from integrations.pages.routes import Admin


def start(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Compare the store with what is known of it, in the background."""
    if reconciling.of(connection) is None:
        raise Http404
    if connection.paused_at:
        messages.error(request, gettext("The connection is paused. Resume it first; then it can be compared."))
    else:
        bell.ring_for_reconciliation(reconciling.ask(connection, request=request))
    return HttpResponseRedirect(reverse("admin:connection_history", args=[connection.pk]))


def progress(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Answer with how far the newest comparison is, for the page that shows it live."""
    may = admin.has_change_permission(request, connection) and not connection.leaving
    context = {"reconcile": reconcile_page.context(connection), "may_sync": may}
    return TemplateResponse(request, "integrations/_reconcile_runs.html", context)
