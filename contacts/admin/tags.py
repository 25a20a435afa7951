"""Tags in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from config.audit.audited import Audited
from config.seeking import AnyCase
from contacts.admin.naming import NamedForm
from contacts.models import Tag


class TagForm(NamedForm):
    """A tag's name."""

    taken = _("The tag “%(name)s” exists already.")

    class Meta:
        model = Tag
        fields = ("name",)


@admin.register(Tag)
class TagAdmin(AnyCase, Audited, ModelAdmin):  # type: ignore[misc]
    """The tags; needed by whoever types one on a contact."""

    form = TagForm
    search_fields = ("name",)
    search_help_text = _("Search by name")
    when_empty = _("A tag is a word that you put on contacts to find them again.")
    list_display = ("name",)
