"""People in the admin; the contact's page itself is composed in templates/admin/contacts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from config.audit.audited import Audited
from config.audit.csv_export import CsvExport
from config.seeking import AnyCase
from contacts import privacy
from contacts.admin.standings import WITH_LISTS, Standings, SubscribedFilter, lists_of
from contacts.admin.suppressions import Suppressions
from contacts.importing.pages import Importing
from contacts.merge_pages import Merging
from contacts.models import Contact
from contacts.privacy_pages import PersonalData
from contacts.searching import whose_email
from contacts.services import email_key, find_by_email
from contacts.signals import people_tagged


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A contact's own fields; two people cannot share an e-mail, however it is capitalised."""

    class Meta:
        model = Contact
        fields = ("first_name", "last_name", "email", "phone", "company", "language", "tags", "is_measured")

    def clean_email(self) -> str:
        """Refuse an e-mail that another contact has, naming who has it."""
        email: str = self.cleaned_data["email"].strip()
        key = email_key(email)
        other = find_by_email([email]).get(key) if key else None
        if other and other != self.instance:
            raise forms.ValidationError(gettext("%(name)s has this e-mail already.") % {"name": other})
        self.instance.email_key = key
        return email


@admin.register(Contact)
class ContactAdmin(PersonalData, Merging, Suppressions, Standings, Importing, CsvExport, AnyCase, Audited, ModelAdmin):  # type: ignore[misc]
    """The list of people, and one person's page."""

    form = ContactForm
    change_list_template = "contacts/contact_list.html"
    list_display = ("__str__", "email", "phone_number", "company", "tag_names", "created")
    list_filter = (SubscribedFilter, "tags", "created_at")
    list_filter_submit = False
    search_fields = ("email", "first_name", "last_name", "company", "phone")
    search_help_text = _("Search by name, e-mail, phone or company")
    when_empty = _("People arrive with their recurring payments from the connected stores; you can also add one.")
    autocomplete_fields = ("tags",)
    list_per_page = 50
    warn_unsaved_form = True
    compressed_fields = True
    fieldsets = (
        (
            _("Contact details"),
            {
                "fields": (
                    ("first_name", "last_name"),
                    ("email", "phone"),
                    ("company", "language"),
                    "tags",
                    "is_measured",
                )
            },
        ),
    )
    csv_columns = {
        _("E-mail"): lambda contact: contact.email,
        _("First name"): lambda contact: contact.first_name,
        _("Last name"): lambda contact: contact.last_name,
        _("Phone"): lambda contact: contact.phone,
        _("Company"): lambda contact: contact.company,
        _("Tags"): lambda contact: ", ".join(tag.name for tag in contact.tags.all()),
        _("Lists"): lambda contact: ", ".join(lists_of(contact)),
        _("Created"): lambda contact: contact.created_at.isoformat(),
    }

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Contact]":
        """Fetch the tags and the lists along."""
        contacts: QuerySet[Contact] = super().get_queryset(request)
        return contacts.prefetch_related("tags", WITH_LISTS)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Contact]", search_term: str
    ) -> tuple["QuerySet[Contact]", bool]:
        """Find whoever has a whole e-mail at once, and what else is typed among all."""
        if (owner := whose_email(search_term)) is not None:
            return queryset.filter(pk__in=owner), False
        found: tuple[QuerySet[Contact], bool] = super().get_search_results(request, queryset, search_term)
        return found

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Tell of the tags that are new to the person."""
        before = set(form.instance.tags.values_list("pk", flat=True))
        super().save_related(request, form, formsets, change)
        for tag in set(form.instance.tags.values_list("pk", flat=True)) - before:
            people_tagged.send(Contact, contacts=[form.instance.pk], tag=tag)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep no names of who is deleted in the admin's own log."""
        logged = super().log_deletions(request, queryset)
        privacy.forget_in_log([contact.pk for contact in queryset])
        return logged

    @admin.display(description=_("phone"), ordering="phone", empty_value="")
    def phone_number(self, contact: Contact) -> str:
        """Keep a number on one line."""
        return format_html('<span class="rt-nowrap">{}</span>', contact.phone)

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, contact: Contact) -> str:
        """Show the day; the export has the moment."""
        return format_html('<span class="rt-nowrap">{}</span>', localize(localtime(contact.created_at).date()))

    @admin.display(description=_("tags"))
    def tag_names(self, contact: Contact) -> str:
        """Show the tags as small labels."""
        names = ((tag.name,) for tag in contact.tags.all())
        return format_html_join(" ", '<span class="rt-tag" title="{0}">{0}</span>', names)
