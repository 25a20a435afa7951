"""The inbox of all connections in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from config.audit.audited import Audited
from integrations import masking, retrying
from integrations.admin.moments import shown
from integrations.allowed import may_retry
from integrations.models import Delivery
from subscriptions import display


@admin.register(Delivery)
class DeliveryAdmin(Audited, ModelAdmin):  # type: ignore[misc]
    """What stores sent: to be seen, and what failed to be retried."""

    list_display = ("event_type", "shown_state", "connection", "received", "attempts", "short_reason")
    list_filter = ("state", "connection", "event_type")
    search_fields = ("key", "subject", "event_type", "reason")
    search_help_text = _("Search by event, ID or reason")
    when_empty = _("What the connected stores report appears here, as soon as one knows its webhook address.")
    ordering = ("-received_at", "-pk")
    actions = ("retry",)
    list_per_page = 50
    fields = ("event_type", "key", "connection", "shown_state", "whole_reason", "attempts", "next_attempt",
              "occurred_at", "received_at", "finished_at", "content")  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Delivery]":
        """Fetch the store along."""
        return super().get_queryset(request).select_related("connection__store")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only stores send events."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """Nothing that a store sent is thrown away by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """What a store said stays what it said."""
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may put events back into the inbox."""
        return may_retry(request.user)

    def get_urls(self) -> list[URLPattern]:
        """Add the retry of one event."""
        view = self.admin_site.admin_view(require_POST(self.retry_one))
        return [path("<int:delivery_id>/retry/", view, name="delivery_retry"), *super().get_urls()]

    @admin.action(description=_("Retry the selected events"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: "QuerySet[Delivery]") -> None:
        """Put the selected events that failed back into the inbox."""
        count = retrying.retry(request, queryset)
        text = ngettext("%(count)d event is being retried.", "%(count)d events are being retried.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    def retry_one(self, request: HttpRequest, delivery_id: int) -> HttpResponse:
        """Put one event back into the inbox."""
        delivery = get_object_or_404(Delivery, pk=delivery_id)
        if not self.has_retry_permission(request):
            raise PermissionDenied
        if retrying.retry(request, Delivery.objects.filter(pk=delivery.pk), about=delivery.connection):
            self.message_user(request, gettext("The event is being retried."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:integrations_delivery_change", args=[delivery.pk]))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Offer no saving, since there is nothing to write."""
        context |= {
            "may_retry": self.has_retry_permission(request),
            "show_save": False,
            "show_save_and_continue": False,
            "show_close": True,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, delivery: Delivery) -> SafeString:
        """Show how long ago, and the moment on hover."""
        return shown(delivery.received_at, display.relative)

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, delivery: Delivery) -> SafeString:
        """Show the state with its colour and icon."""
        return render_to_string("integrations/_delivery_state.html", {"delivery": delivery})

    @admin.display(description=_("reason"))
    def short_reason(self, delivery: Delivery) -> str:
        """Show the beginning of the reason."""
        words = masking.text(delivery.reason)
        return words if len(words) <= 90 else f"{words[:89]}…"

    @admin.display(description=_("reason"))
    def whole_reason(self, delivery: Delivery) -> str:
        """Show the reason, without what looks like a secret."""
        return masking.text(delivery.reason) or "–"

    @admin.display(description=_("next attempt"))
    def next_attempt(self, delivery: Delivery) -> SafeString | str:
        """Show when it is tried again, where it is."""
        return shown(delivery.due_at, display.relative) if delivery.state == Delivery.State.WAITING else "–"

    @admin.display(description=_("content"))
    def content(self, delivery: Delivery) -> SafeString:
        """Show what came, readably."""
        return render_to_string("integrations/_content.html", {"text": masking.readable(delivery.body)})
