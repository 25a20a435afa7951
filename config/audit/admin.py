"""The audit log's page: what was done, newest first; nothing to add, change or delete."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from config.audit import sentences
from config.audit.actions import ACTIONS
from config.audit.csv_export import CsvExport
from config.audit.models import Entry


class Chosen(admin.SimpleListFilter):
    """A filter by one column."""

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Entry]") -> "QuerySet[Entry]":
        """Keep the entries with the chosen value."""
        value = self.value()
        return queryset.filter(**{str(self.parameter_name): value}) if value is not None else queryset


class ActionFilter(Chosen):
    """What was done."""

    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer every act there is."""
        return [(code, action.title) for code, action in ACTIONS.items()]


class PersonFilter(Chosen):
    """Who did it."""

    title = _("person")
    parameter_name = "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer whoever has done something, and the commands, which have no name."""
        names = Entry.objects.order_by("actor").values_list("actor", flat=True).distinct()
        return [(name, name or _("Nobody: a command, or a stranger")) for name in names]


@admin.register(Entry)
class EntryAdmin(CsvExport, ModelAdmin):  # type: ignore[misc]
    """The list of what was done."""

    list_display = ("when", "happened", "way", "address")
    list_display_links = None
    list_filter = (ActionFilter, PersonFilter, "via")
    date_hierarchy = "at"
    search_fields = ("actor", "object_label", "object_id", "address", "action")
    search_help_text = _("Search by person, name, number or address")
    when_empty = _("What people, commands and keys do is written down here, and stays.")
    ordering = ("-at", "-pk")
    list_per_page = 50
    csv_columns = {
        _("When"): lambda entry: entry.at.isoformat(),
        _("Who"): sentences.who,
        _("By way of"): lambda entry: entry.get_via_display(),
        _("Address"): lambda entry: entry.address,
        _("Action"): sentences.title,
        _("What happened"): sentences.sentence,
        _("Object"): lambda entry: f"{entry.object_type} {entry.object_id}".strip(),
        _("Details"): lambda entry: json.dumps(entry.detail, ensure_ascii=False) if entry.detail else "",
    }

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes it by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        """Nobody changes what was written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        """Nobody deletes it."""
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """An entry has no page of its own: its line tells all."""
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What nobody changes has no history."""
        raise Http404

    @admin.display(description=_("when"), ordering="at")
    def when(self, entry: Entry) -> SafeString:
        """Show how long ago, and the moment on hover."""
        return render_to_string("audit/_when.html", {"entry": entry})

    @admin.display(description=_("what happened"))
    def happened(self, entry: Entry) -> SafeString:
        """Tell it in a sentence, and which fields."""
        return render_to_string("audit/_sentence.html", {"entry": entry})

    @admin.display(description=_("by way of"), ordering="via")
    def way(self, entry: Entry) -> str:
        """Name the door."""
        return entry.get_via_display()
