"""Recurring payments in the admin: a list to find them, and a page each for those that have no contact yet."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from config.audit.audited import Audited
from config.audit.csv_export import CsvExport
from config.seeking import AnyCase
from subscriptions import display, widget
from subscriptions.catalogue import BY_NAME, FIELDS, Field
from subscriptions.models import RecurringPayment


class ContactFilter(admin.SimpleListFilter):
    """Payments that wait for an e-mail, and so have no contact."""

    title = _("contact")
    parameter_name = "contact_known"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both sides."""
        return [("no", _("Without a contact")), ("yes", _("With a contact"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[RecurringPayment]") -> "QuerySet[RecurringPayment]":
        """Select the chosen side."""
        chosen = self.value()
        return queryset.filter(contact__isnull=chosen == "no") if chosen in ("yes", "no") else queryset


def _plain(field: Field) -> Any:
    """Read a field for a machine: as the change log writes it, lists joined."""

    def read(payment: RecurringPayment) -> Any:
        value = field.kind.dump(field.value(payment))
        return ", ".join(value) if isinstance(value, list) else value

    return read


def _shown(name: str) -> Any:
    """Make a list column that shows a field as the widget does."""

    @admin.display(description=BY_NAME[name].label, ordering=name)
    def column(payment: RecurringPayment) -> str:
        return mark_safe(display.cell(BY_NAME[name], payment).__html__())  # noqa: S308  escaped there

    column.__name__ = name  # the list names its cells by it
    return column


@admin.register(RecurringPayment)
class RecurringPaymentAdmin(CsvExport, AnyCase, Audited, ModelAdmin):  # type: ignore[misc]
    """The list of all recurring payments; stores write them, nobody here does."""

    list_display = (
        "title",
        _shown("status"),
        "person",
        _shown("payment_amount"),
        _shown("next_payment_date"),
        "store",
        _shown("store_created_date"),
    )
    list_display_links = None
    list_filter = ("status", "store", ContactFilter, "is_trial", "cancel_at_period_end", "last_payment_status")
    search_fields = ("store_recurring_payment_id", "store_customer_id", "email", "name", "store_external_id")
    search_help_text = _("Search by any ID, e-mail or name")
    when_empty = _(
        "Recurring payments arrive by themselves from the connected stores. Connect one, or read its history."
    )
    list_per_page = 50
    csv_columns = {field.label: _plain(field) for field in FIELDS}

    def get_queryset(self, request: HttpRequest) -> "QuerySet[RecurringPayment]":
        """Newest first, with all that a row shows."""
        return RecurringPayment.objects.newest_first().for_display().select_related("contact")

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Keep the order of the index until the reader chooses a column."""
        return tuple(RecurringPayment.objects.newest_first().query.order_by)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only stores make recurring payments."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RecurringPayment | None = None) -> bool:
        """Only stores end them."""
        return False

    @admin.display(description=_("Name"), ordering="name")
    def title(self, payment: RecurringPayment) -> SafeString:
        """Lead to the details: on the contact's page where there is one."""
        return format_html('<a class="rt-link" href="{}">{}</a>', _details(payment), payment)

    @admin.display(description=_("contact"), ordering="contact__email")
    def person(self, payment: RecurringPayment) -> str:
        """Name the contact, or the e-mail that is missing."""
        return str(payment.contact) if payment.contact else "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the details; a payment with a contact is shown on the contact's page."""
        payment = get_object_or_404(self.get_queryset(request), pk=object_id if object_id.isdecimal() else 0)
        if not self.has_view_permission(request, payment):
            return super().change_view(request, object_id, form_url, extra_context)
        if payment.contact:
            return HttpResponseRedirect(_details(payment))
        context = self.admin_site.each_context(request) | {
            "title": str(payment),
            "opts": self.opts,
            "panel": widget.panel(payment),
        }
        return TemplateResponse(request, "subscriptions/payment.html", context)


def _details(payment: RecurringPayment) -> str:
    if payment.contact_id is None:
        return reverse("admin:subscriptions_recurringpayment_change", args=[payment.pk])
    return f"{reverse('admin:contacts_contact_change', args=[payment.contact_id])}?payment={payment.pk}"
