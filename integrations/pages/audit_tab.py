"""What people did to one connection."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from config.audit.log import about
from integrations.models import Connection
from integrations.pages import head

if TYPE_CHECKING:
    from integrations.pages.routes import Admin

PER_PAGE = 50


def show(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Show the entries about the connection, newest first."""
    if not request.user.has_perm(head.VIEW_AUDIT):
        raise PermissionDenied
    page = Paginator(about(connection), PER_PAGE).get_page(request.GET.get("page"))
    context = head.page(admin, request, connection, "audit") | {"page": page, "entries": page.object_list}
    return TemplateResponse(request, "integrations/connection/audit.html", context)
