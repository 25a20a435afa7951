"""Recurring payments with their line items."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from subscriptions.catalogue import STORED, Field
from subscriptions.kinds import AMOUNT, TEXT, TEXT_LENGTH, TEXT_LIST
from subscriptions.models.stores import Store
from subscriptions.segments.expressions import FoldAscii


class CatalogueColumns(models.Model):
    """The columns that the catalogue declares, one a stored field."""

    class Meta:
        abstract = True


for _field in STORED.values():
    CatalogueColumns.add_to_class(_field.name, _field.make_column())


# Both databases keep an index of this, which an order with "nulls last" would not find on each of them.
NEWEST_FIRST = (Coalesce("store_created_date", "created_at").desc(), models.F("id").desc())


# What is read of a payment beside the fields that are shown: its name, and what an amount or a status is told with.
_WITH_ANY_FIELD = {
    "name",
    "store_recurring_payment_id",
    "store_status",
    "currency",
    "billing_interval",
    "billing_interval_count",
}


class RecurringPaymentQuerySet(models.QuerySet["RecurringPayment"]):
    """Reusable filters and orders of recurring payments."""

    def newest_first(self) -> "RecurringPaymentQuerySet":
        """Order by the store's date of creation, newest first; without one, by the moment we first saw it."""
        return self.order_by(*NEWEST_FIRST)

    def for_display(self) -> "RecurringPaymentQuerySet":
        """Fetch along what showing any field needs, so that rows cost no queries of their own."""
        return self.select_related("store").prefetch_related("line_items")

    def with_fields(self, fields: Iterable[Field]) -> "RecurringPaymentQuerySet":
        """Fetch only what showing these fields needs: loading all 60 for each row took longer than showing five."""
        fields = list(fields)
        columns = {field.column or field.name for field in fields if not field.item}
        rows = self.select_related("store").only("contact", "store", "store__provider", *_WITH_ANY_FIELD | columns)
        return rows.prefetch_related("line_items") if any(field.item for field in fields) else rows


class RecurringPayment(CatalogueColumns):
    """One recurring payment of one store, as the store last told it."""

    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, verbose_name=_("store"), related_name="recurring_payments"
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("contact"),
        related_name="recurring_payments",
    )
    as_of = models.DateTimeField(_("as of"), editable=False)
    sequence = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    if TYPE_CHECKING:
        # the columns that the catalogue declares, which no type checker sees
        def __getattr__(self, name: str) -> Any: ...

    objects = RecurringPaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("recurring payment")
        verbose_name_plural = _("recurring payments")
        permissions = [("export_recurringpayment", "Can export recurring payments")]
        constraints = [
            # read by the writer: a payment is known by its store and the store's id of it
            models.UniqueConstraint(fields=["store", "store_recurring_payment_id"], name="payment_identity"),
        ]
        indexes = [
            # read by the widget, newest first
            models.Index("contact", *NEWEST_FIRST, name="payment_of_contact"),
            # read by the list of payments, newest first
            models.Index(*NEWEST_FIRST, name="payment_newest"),
            # read by the list's filter, and by segments of a status: who has a payment of it, and how many
            models.Index(fields=["status", "contact"], name="payment_status_of_contact"),
            # read by segments of a status and when the next payment is
            models.Index(fields=["status", "next_payment_date", "contact"], name="payment_status_and_next"),
            # read by segments of a city, which find everything here; for that PostgreSQL wants the column itself too
            models.Index(
                FoldAscii("billing_city"), "contact", include=["billing_city", "id"], name="payment_billing_city"
            ),
            models.Index(
                FoldAscii("shipping_city"), "contact", include=["shipping_city", "id"], name="payment_shipping_city"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name or self.store_recurring_payment_id)

    @property
    def store_page(self) -> str:
        """The address of the payment's own page at the store; empty where the store has none."""
        return self.store.payment_page.replace("{id}", quote(self.store_recurring_payment_id, safe=""))


class LineItem(models.Model):
    """One line of what a recurring payment is for; `amount` is for the whole quantity, in the payment's currency."""

    payment = models.ForeignKey(RecurringPayment, on_delete=models.CASCADE, related_name="line_items")
    position = models.PositiveIntegerField()
    name = TEXT.column(TEXT_LENGTH, verbose_name=_("name"))
    sku = TEXT.column(TEXT_LENGTH, verbose_name=_("SKU"))
    categories = TEXT_LIST.column(None, verbose_name=_("categories"))
    brands = TEXT_LIST.column(None, verbose_name=_("brands"))
    tags = TEXT_LIST.column(None, verbose_name=_("tags"))
    store_primary_id = TEXT.column(TEXT_LENGTH, verbose_name=_("store primary ID"))
    quantity = AMOUNT.column(None, verbose_name=_("quantity"))
    amount = AMOUNT.column(None, verbose_name=_("amount"))

    class Meta:
        verbose_name = _("line item")
        verbose_name_plural = _("line items")
        ordering = ["position"]
        constraints = [
            # read by whoever lists the items of a payment in order
            models.UniqueConstraint(fields=["payment", "position"], name="line_item_position"),
        ]
        indexes = [
            # read by segments of what is bought, which find everything here too
            models.Index(FoldAscii("sku"), "payment", include=["sku"], name="line_item_sku"),
        ]

    def __str__(self) -> str:
        return str(self.name)
