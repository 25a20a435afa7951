"""Connections and the inbox in the admin."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from config.audit.audited import Audited
from config.audit.log import record
from integrations import bell, connecting, connection_page, health, history, inbox, reconcile_page, reconciling
from integrations.api import keys
from integrations.connecting import disconnect
from integrations.forms import ConnectionForm
from integrations.models import Connection, Delivery, HistoricalSync, Scope
from integrations.providers import PROVIDERS
from integrations.providers.api_store import API
from integrations.providers.base import ProviderError
from subscriptions import display


@admin.register(Connection)
class ConnectionAdmin(Audited, ModelAdmin):  # type: ignore[misc]
    """The connected stores; a connection's page says how it is doing and reads its history."""

    form = ConnectionForm
    list_display = ("store_name", "provider_label", "state", "connected")
    search_fields = ("store__name",)
    search_help_text = _("Search by name")
    when_empty = _("Connect a store, and its recurring payments appear on the pages of your contacts.")
    warn_unsaved_form = True
    audit_actions = {"added": "connection.made", "changed": "connection.changed", "deleted": "connection.removed"}

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Connection]":
        """Fetch the store along."""
        return super().get_queryset(request).select_related("store")

    def get_fieldsets(self, request: HttpRequest, obj: Connection | None = None) -> Any:
        """Show the credentials first, and what few people need folded away.

        Whoever may only look sees neither secrets nor overrides: a read-only page prints what the database holds.
        """
        form = self.get_form(request, obj)(instance=obj)
        if obj and not self.has_change_permission(request, obj):
            return ((None, {"fields": ("store_name", "livemode", "external_id_key", "requests_per_second")}),)
        mode = ["livemode"] if "livemode" in form.fields else []
        parts = (
            (_("Credentials"), {"fields": ["name", *form.credential_fields(), *mode]}),
            (_("Resources"), {"fields": form.resource_fields()}),
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
        """Add the verbs of a connection's page."""
        verbs = {"start": self.start_sync, "cancel": self.cancel_sync, "resume": self.resume_sync}
        register = path(
            "<int:connection_id>/webhook/register/", self._posted(self.register_webhook), name="webhook_register"
        )
        own = [
            path(
                f"<int:connection_id>/sync/{name}/", self.admin_site.admin_view(require_POST(view)), name=f"sync_{name}"
            )
            for name, view in verbs.items()
        ]
        progress = path(
            "<int:connection_id>/sync/progress/", self.admin_site.admin_view(self.progress), name="sync_progress"
        )
        compare = [
            path(
                "<int:connection_id>/reconcile/start/", self._posted(self.start_reconciliation), name="reconcile_start"
            ),
            path(
                "<int:connection_id>/reconcile/progress/",
                self.admin_site.admin_view(self.reconcile_progress),
                name="reconcile_progress",
            ),
        ]
        keys_of = [
            path("<int:connection_id>/keys/issue/", self._posted(self.issue_key), name="key_issue"),
            path("<int:connection_id>/keys/<int:key_id>/revoke/", self._posted(self.revoke_key), name="key_revoke"),
        ]
        return [*own, progress, register, *compare, *keys_of, *super().get_urls()]

    def _posted(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return self.admin_site.admin_view(require_POST(view))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add how the connection is doing."""
        obj = kwargs.get("obj")
        if obj:
            context |= connection_page.context(obj) | {"reconcile": reconcile_page.context(obj)}
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Let events go with their connection, though nobody may throw them away one by one."""
        *rest, lacking, protected = super().get_deleted_objects(objs, request)
        return *rest, lacking - {Delivery._meta.verbose_name}, protected

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:
        """Write nothing more: the form has written what was set, and the rest of the row belongs to processes."""
        request.written = (obj, form.changed_data)  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Connection) -> None:
        """Disconnect the store; what it brought stays on the contacts."""
        disconnect(obj)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Connection]") -> None:
        """Disconnect each of the chosen stores."""
        for connection in queryset:
            disconnect(connection)

    @admin.display(description=_("Name"), ordering="store__name")
    def store_name(self, connection: Connection) -> str:
        """Name the store."""
        return connection.name

    @admin.display(description=_("connected"), ordering="created_at")
    def connected(self, connection: Connection) -> SafeString:
        """Show the day, and the moment on hover."""
        return _moment(connection.created_at, display.day)

    @admin.display(description=_("kind of store"))
    def provider_label(self, connection: Connection) -> str:
        """Name the kind of store."""
        return connection_page.provider_label(connection)

    @admin.display(description=_("state"))
    def state(self, connection: Connection) -> SafeString:
        """Show in a word how the connection is doing."""
        return render_to_string("integrations/_state.html", {"connection": connection})

    def progress(self, request: HttpRequest, connection_id: int) -> HttpResponse:
        """Answer with how far the newest sync is, for the page that shows it live."""
        connection = self._allowed(request, connection_id, "view")
        context = connection_page.sync_context(connection) | {
            "may_sync": self.has_change_permission(request, connection)
        }
        return TemplateResponse(request, "integrations/_sync.html", context)

    def start_sync(self, request: HttpRequest, connection_id: int) -> HttpResponse:
        """Read the history in the background."""
        connection = self._allowed(request, connection_id, "change")
        with transaction.atomic():
            sync = history.start(connection)
            record("history.started", about=connection, request=request)
        bell.ring_for_sync(sync)
        return self._back(connection)

    def cancel_sync(self, request: HttpRequest, connection_id: int) -> HttpResponse:
        """Ask the open sync to stop."""
        connection = self._allowed(request, connection_id, "change")
        with transaction.atomic():
            for sync in connection.syncs.filter(state__in=HistoricalSync.OPEN):
                history.cancel(sync)
            record("history.cancelled", about=connection, request=request)
        return self._back(connection)

    def resume_sync(self, request: HttpRequest, connection_id: int) -> HttpResponse:
        """Go on with the newest sync where it stopped."""
        connection = self._allowed(request, connection_id, "change")
        sync = connection.syncs.first()
        with transaction.atomic():
            goes_on = sync is not None and history.resume(sync)
            if goes_on:
                record("history.resumed", about=connection, request=request)
        if sync and goes_on:
            bell.ring_for_sync(sync)
        return self._back(connection)

    def start_reconciliation(self, request: HttpRequest, connection_id: int) -> HttpResponse:
        """Compare the store with what is known of it, in the background."""
        connection = self._allowed(request, connection_id, "change")
        if reconciling.of(connection) is None:
            raise Http404
        bell.ring_for_reconciliation(reconciling.start(connection))
        return self._back(connection)

    def reconcile_progress(self, request: HttpRequest, connection_id: int) -> HttpResponse:
        """Answer with how far the newest comparison is, for the page that shows it live."""
        connection = self._allowed(request, connection_id, "view")
        context = {
            "reconcile": reconcile_page.context(connection),
            "may_sync": self.has_change_permission(request, connection),
        }
        return TemplateResponse(request, "integrations/_reconcile_runs.html", context)

    def register_webhook(self, request: HttpRequest, connection_id: int) -> HttpResponse:
        """Set our webhook up at the store, or mend it there."""
        connection = self._allowed(request, connection_id, "change")
        try:
            told = connecting.set_up(connection)
        except ProviderError as error:
            self.message_user(request, error.words, messages.ERROR)
        else:
            health.clear(connection, standing=True)
            record("webhook.registered", about=connection, request=request)
            done = gettext("The webhook is set up at the store.")
            self.message_user(request, f"{done} {told}".strip(), messages.SUCCESS)
        return self._back(connection)

    def issue_key(self, request: HttpRequest, connection_id: int) -> HttpResponse:
        """Make a key, and show it this once: it is in this answer and nowhere else."""
        connection = self._allowed(request, connection_id, "change")
        if connection.provider_name != API.name:
            raise Http404
        name = request.POST.get("name", "").strip()[:200] or gettext("Key")
        scopes = keys.ALL_SCOPES if request.POST.get("write") else (Scope.READ.value,)
        days = {str(life): life for life in keys.LIVES}.get(request.POST.get("days", ""))
        key, secret = keys.issue(connection, name=name, scopes=scopes, days=days, request=request)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("The new key")}
        told = {"connection": connection, "key": key, "secret": secret}
        return TemplateResponse(request, "integrations/new_key.html", context | told)

    def revoke_key(self, request: HttpRequest, connection_id: int, key_id: int) -> HttpResponse:
        """Let a key open nothing any more."""
        connection = self._allowed(request, connection_id, "change")
        key = get_object_or_404(connection.keys, pk=key_id)
        keys.revoke(key, request=request)
        self.message_user(request, gettext("The key opens nothing any more."), messages.SUCCESS)
        return self._back(connection)

    def _refusal(self, request: HttpRequest, object_id: str | None) -> str:
        connection = self.get_object(request, unquote(object_id)) if object_id else None
        may = self.has_change_permission(request, connection) if connection else self.has_add_permission(request)
        form = self.get_form(request, connection)
        return form(request.POST, instance=connection).tried() if may else ""

    def _allowed(self, request: HttpRequest, connection_id: int, action: str) -> Connection:
        connection = get_object_or_404(self.get_queryset(request), pk=connection_id)
        if not getattr(self, f"has_{action}_permission")(request, connection):
            raise PermissionDenied
        return connection

    def _back(self, connection: Connection) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:integrations_connection_change", args=[connection.pk]))


def _kind(request: HttpRequest) -> str:
    """Read which kind of store is being connected; Stripe where nothing is said."""
    kind = request.GET.get("kind", "")
    return kind if kind in PROVIDERS else ConnectionForm.kind


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
    fields = ("event_type", "key", "connection", "shown_state", "reason", "attempts", "occurred_at", "received_at",
              "finished_at", "content")  # fmt: skip
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
        return request.user.has_perm("integrations.retry_delivery")

    def get_urls(self) -> list[URLPattern]:
        """Add the retry of one event."""
        view = self.admin_site.admin_view(require_POST(self.retry_one))
        return [path("<int:delivery_id>/retry/", view, name="delivery_retry"), *super().get_urls()]

    @admin.action(description=_("Retry the selected events"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: "QuerySet[Delivery]") -> None:
        """Put the selected events that failed back into the inbox."""
        count = _retried(request, list(queryset))
        text = ngettext("%(count)d event is being retried.", "%(count)d events are being retried.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    def retry_one(self, request: HttpRequest, delivery_id: int) -> HttpResponse:
        """Put one event back into the inbox."""
        delivery = get_object_or_404(Delivery, pk=delivery_id)
        if not self.has_retry_permission(request):
            raise PermissionDenied
        if _retried(request, [delivery]):
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
        return _moment(delivery.received_at, display.relative)

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, delivery: Delivery) -> SafeString:
        """Show the state with its colour and icon."""
        return render_to_string("integrations/_delivery_state.html", {"delivery": delivery})

    @admin.display(description=_("reason"))
    def short_reason(self, delivery: Delivery) -> str:
        """Show the beginning of the reason."""
        return delivery.reason if len(delivery.reason) <= 90 else f"{delivery.reason[:89]}…"

    @admin.display(description=_("content"))
    def content(self, delivery: Delivery) -> SafeString:
        """Show what came, readably."""
        return render_to_string("integrations/_content.html", {"text": _readable(delivery.body)})


def _retried(request: HttpRequest, deliveries: list[Delivery]) -> int:
    """Put events back into the inbox, write that down, and wake a worker; return how many there were."""
    stores = {delivery.connection for delivery in deliveries}
    with transaction.atomic():
        count = inbox.retry(deliveries)
        about = stores.pop() if len(stores) == 1 else None
        record("events.retried", about=about, request=request, count=count)
    if count:
        transaction.on_commit(bell.ring)
    return count


def _moment(moment: datetime, words: Callable[[datetime], str]) -> SafeString:
    return format_html(
        '<time class="rt-nowrap" datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        display.exact(moment),
        words(moment),
    )


def _readable(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
