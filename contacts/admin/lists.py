"""Lists in the admin: what there are, and how many people are subscribed to each."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from config.audit.audited import Audited
from config.seeking import AnyCase
from contacts.admin.naming import NamedForm
from contacts.models import ContactList, Standing


class ListForm(NamedForm):
    """A list's name, and what it is for."""

    taken = _("The list “%(name)s” exists already.")

    class Meta:
        model = ContactList
        fields = ("name", "description", "double_opt_in")


@admin.register(ContactList)
class ListAdmin(AnyCase, Audited, ModelAdmin):  # type: ignore[misc]
    """The lists that people are subscribed to."""

    form = ListForm
    search_fields = ("name", "description", "double_opt_in")
    search_help_text = _("Search by name")
    when_empty = _("People are subscribed to a list on their own page, or by the store that brings them.")
    list_display = ("name", "people", "description")
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ContactList]":
        """Count the people along."""
        lists: QuerySet[ContactList] = super().get_queryset(request)
        return lists.annotate(subscribed=_SUBSCRIBED)

    @admin.display(description=_("people"), ordering="subscribed")
    def people(self, contact_list: Any) -> SafeString:
        """Say how many people are subscribed, and lead to them."""
        address = reverse("admin:contacts_contact_changelist", query={"list": contact_list.pk})
        label = _people(contact_list.subscribed)
        count = number_format(contact_list.subscribed, use_l10n=True, force_grouping=True)
        return format_html('<a class="rt-link" href="{}" aria-label="{}">{}</a>', address, label, count)

    def get_deleted_objects(self, objs: Iterable[ContactList], request: HttpRequest) -> Any:
        """Name each list with its number of people, who stay contacts, instead of every single person."""
        lists = list(ContactList.objects.filter(pk__in=[one.pk for one in objs]).annotate(subscribed=_SUBSCRIBED))
        told = [f"{one} – {_people(one.subscribed)}" for one in lists]
        return told, {ContactList._meta.verbose_name_plural: len(lists)}, set(), []


_SUBSCRIBED = Count("standings", filter=Q(standings__state=Standing.State.SUBSCRIBED))


def _people(count: int) -> str:
    told = ngettext("%(count)s person subscribed", "%(count)s people subscribed", count)
    return told % {"count": number_format(count, use_l10n=True, force_grouping=True)}
