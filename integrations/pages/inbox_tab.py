"""The inbox of one connection: what came, what became of it, and another try for what failed."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import ngettext

from integrations import masking, retrying
from integrations.allowed import VIEW_EVENTS, may_retry
from integrations.models import Connection, Delivery, DeliveryQuerySet
from integrations.pages import events, head
from integrations.pages.events import Asked

if TYPE_CHECKING:
    from integrations.pages.routes import Admin

PER_PAGE = 50
_RETRIED = (Delivery.State.FAILED, Delivery.State.IGNORED)


def show(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Show a page of the events that are asked for."""
    if not request.user.has_perm(VIEW_EVENTS):
        raise PermissionDenied
    asked = Asked.of(request.GET)
    rows = asked.found(connection)
    page = Paginator(rows.defer("body"), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "asked": asked,
        "page": page,
        "events": [(event, masking.text(event.reason)) for event in page.object_list],
        "states": Delivery.State.choices,
        "kinds": _kinds(connection),
        "causes": events.causes(rows),
        "can_choose": any(event.state in _RETRIED for event in page.object_list),
    }
    return TemplateResponse(
        request,
        "integrations/connection/inbox.html",
        head.page(admin, request, connection, "inbox") | context,
    )


def retry(admin: "Admin", request: HttpRequest, connection: Connection) -> HttpResponse:
    """Put the selected events, those of one cause, or all that failed and are asked for, back into the inbox."""
    if not may_retry(request.user) or connection.leaving:
        raise PermissionDenied
    asked = Asked.of(request.POST)
    count = retrying.retry(request, _meant(request, asked.found(connection)), about=connection)
    _tell(request, connection, count)
    address = reverse("admin:connection_inbox", args=[connection.pk])
    return HttpResponseRedirect(f"{address}?{asked.query}" if asked.query else address)


def _meant(request: HttpRequest, rows: DeliveryQuerySet) -> DeliveryQuerySet:
    if "selected" in request.POST:
        chosen = [int(text) for text in request.POST.getlist("event_id") if text.isdecimal() and len(text) < 19]
        return rows.filter(pk__in=chosen[:PER_PAGE])
    failed = rows.filter(state=Delivery.State.FAILED)
    if (words := request.POST.get("cause")) is None:
        return failed
    reasons = [reason for one in events.causes(rows) if one.words == words for reason in one.reasons]
    return failed.filter(reason__in=reasons)


def _tell(request: HttpRequest, connection: Connection, count: int) -> None:
    text = ngettext("%(count)d event is being retried.", "%(count)d events are being retried.", count)
    if count and connection.paused_at:
        text = ngettext(
            "%(count)d event is retried once the connection is resumed.",
            "%(count)d events are retried once the connection is resumed.",
            count,
        )
    messages.add_message(request, messages.SUCCESS if count else messages.WARNING, text % {"count": count})


def _kinds(connection: Connection) -> list[str]:
    kinds = connection.deliveries.order_by("event_type").values_list("event_type", flat=True)
    return list(kinds.distinct())
