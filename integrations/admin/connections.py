"""Connections in the admin: the list, the form, and the way to the pages of one connection."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from config.audit.audited import Audited
from integrations import connecting, connection_page
from integrations.admin.moments import shown
from integrations.forms import ConnectionForm
from integrations.models import Connection
from integrations.pages import head, routes, settings_tab
from integrations.providers import PROVIDERS
from integrations.providers.base import ProviderError
from subscriptions import display


class ConnectionList(ChangeList):  # type: ignore[misc]
    """The list, whose rows lead to the first tab of a connection's page."""

    def url_for_result(self, result: Connection) -> str:
        """Return the address of the inbox."""
        return reverse("admin:connection_inbox", args=[result.pk])


@admin.register(Connection)
class ConnectionAdmin(Audited, ModelAdmin):  # type: ignore[misc]
    """The connected stores; the form of one is the Settings tab of its page."""

    form = ConnectionForm
    list_display = ("store_name", "provider_label", "state", "connected")
    search_fields = ("store__name",)
    search_help_text = _("Search by name")
    when_empty = _("Connect a store, and its recurring payments appear on the pages of your contacts.")
    warn_unsaved_form = True
    audit_actions = {"added": "connection.made", "changed": "connection.changed", "deleted": "connection.removed"}

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Connection]":
        """Fetch the store along, and what tells how each is doing."""
        return super().get_queryset(request).with_state()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ConnectionList]:
        """Use the list that leads to the pages."""
        return ConnectionList

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer nothing to be done with many connections at once: each is disconnected on a page of its own."""
        return {}

    def get_fieldsets(self, request: HttpRequest, obj: Connection | None = None) -> Any:
        """Show the credentials first, and what few people need folded away."""
        form = self.get_form(request, obj)(instance=obj)
        mode = ["livemode"] if "livemode" in form.fields else []
        people = [name for name in ("newcomer_list",) if name in form.fields]
        parts = (
            (_("Credentials"), {"fields": ["name", *form.credential_fields(), *mode]}),
            (_("Resources"), {"fields": form.resource_fields()}),
            (_("People"), {"fields": people}),
            (_("Further settings"), {"fields": form.seldom_fields(), "classes": ("collapse",)}),
            (
                _("What the store's status words mean"),
                {
                    "fields": form.status_fields(),
                    "classes": ("collapse",),
                    "description": _("A change holds for what arrives from now on; a historical sync brings the rest."),
                },
            ),
        )
        return tuple(part for part in parts if part[1]["fields"])

    def get_form(self, request: HttpRequest, obj: Connection | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Use the form as it is: its fields depend on the connection, which the admin's own machinery cannot know."""
        known = {"refusal": getattr(request, "refusal", ""), "kind": _kind(request)}
        return type("TriedConnectionForm", (ConnectionForm,), known)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Lead to the set-up, which makes connections step by step."""
        return HttpResponseRedirect(reverse("setup_app"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the settings; whoever may only look, or comes while it is being disconnected, sees the events."""
        obj = self.get_object(request, unquote(object_id))
        is_closed = obj is not None and (bool(obj.leaving) or not self.has_change_permission(request, obj))
        if is_closed and request.method == "GET" and self.has_view_permission(request, obj):
            return HttpResponseRedirect(first_page(request, obj))
        if obj is not None and obj.leaving:
            raise Http404
        return super().change_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Lead to the page that disconnects, which asks what shall stay."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:connection_disconnect", args=[unquote(object_id)]))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Try new credentials first: the admin saves in a transaction, and no store is asked in one."""
        if request.method == "POST":
            request.refusal = self._refusal(request, object_id)  # type: ignore[attr-defined]
        answer = super().changeform_view(request, object_id, form_url, extra_context)
        if written := getattr(request, "written", None):
            self._tell_store(request, *written)
        return answer

    def _tell_store(self, request: HttpRequest, connection: Connection, changed: list[str]) -> None:
        """Let the store know what concerns it, now that it is kept; what it answers is told."""
        try:
            connecting.tell_store(connection, changed)
        except ProviderError as error:
            self.message_user(request, error.words, messages.ERROR)

    def get_urls(self) -> list[URLPattern]:
        """Add the pages and verbs of a connection."""
        return [*routes.urls(self), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add the head of the page, and what stands beside the form."""
        obj = kwargs.get("obj")
        if obj:
            context |= head.context(self, request, obj, "settings") | settings_tab.context(obj)
            context |= {"may_disconnect": self.has_delete_permission(request, obj), "show_delete": False}
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:
        """Write nothing more: the form has written what was set, and the rest of the row belongs to processes."""
        request.written = (obj, form.changed_data)  # type: ignore[attr-defined]

    @admin.display(description=_("Name"), ordering="store__name")
    def store_name(self, connection: Connection) -> str:
        """Name the store."""
        return connection.name

    @admin.display(description=_("connected"), ordering="created_at")
    def connected(self, connection: Connection) -> SafeString:
        """Show the day, and the moment on hover."""
        return shown(connection.created_at, display.day)

    @admin.display(description=_("kind of store"))
    def provider_label(self, connection: Connection) -> str:
        """Name the kind of store."""
        return connection_page.provider_label(connection)

    @admin.display(description=_("state"))
    def state(self, connection: Connection) -> SafeString:
        """Show in a word how the connection is doing."""
        return render_to_string("integrations/_state.html", {"connection": connection})

    def _refusal(self, request: HttpRequest, object_id: str | None) -> str:
        connection = self.get_object(request, unquote(object_id)) if object_id else None
        may = self.has_change_permission(request, connection) if connection else self.has_add_permission(request)
        form = self.get_form(request, connection)
        return form(request.POST, instance=connection).tried() if may else ""


def first_page(request: HttpRequest, connection: Connection) -> str:
    """Return the address of the first tab that somebody may see."""
    return str(head.tabs(request, connection, "")[0]["url"])


def _kind(request: HttpRequest) -> str:
    """Read which kind of store is being connected; Stripe where nothing is said."""
    kind = request.GET.get("kind", "")
    return kind if kind in PROVIDERS else ConnectionForm.kind
