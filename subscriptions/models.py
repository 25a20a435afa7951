"""Stores, their recurring payments with line items, the change log, the order of the fields, and saved segments."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, ContactList
from subscriptions.catalogue import STORED, Field
from subscriptions.kinds import AMOUNT, TEXT, TEXT_LENGTH, TEXT_LIST
from subscriptions.segments.expressions import FoldAscii


class Store(models.Model):
    """Where recurring payments come from; its id is the "legacy connection ID" of the API for stores.

    `payment_page` is the address of a payment's own page at the store, with `{id}` for the store's id of it.
    """

    name = models.CharField(_("name"), max_length=200)
    provider = models.CharField(_("provider"), max_length=32)
    payment_page = models.CharField(_("payment page"), max_length=500, blank=True)
    # the list to which the people whom this store brings are subscribed
    newcomer_list = models.ForeignKey(
        ContactList, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("list")
    )

    # whether it is connected in a way that shows the features before its first payment; read by `availability`
    features_from_start = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


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


class StoreCustomer(models.Model):
    """Which contact a store's customer number stands for."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="customers")
    store_customer_id = models.CharField(max_length=255)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="store_customers")

    class Meta:
        verbose_name = _("store customer")
        verbose_name_plural = _("store customers")
        constraints = [
            # read by the writer: a known customer number comes before the e-mail
            models.UniqueConstraint(fields=["store", "store_customer_id"], name="store_customer_identity"),
        ]

    def __str__(self) -> str:
        return self.store_customer_id


class Change(models.Model):
    """One real change of one recurring payment; what automations and reports are fed from.

    `fields` maps each field's name to its value before and after, as the kind's `dump` writes them. `occurred_at` is
    the store's time, `recorded_at` ours. `announce` tells whether it may start automations: history never does.
    """

    class Kind(models.TextChoices):
        """What happened to the payment."""

        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")

    class Source(models.TextChoices):
        """By which way the news came."""

        WEBHOOK = "webhook", _("Webhook")
        HISTORY = "history", _("Historical sync")
        API = "api", _("API")
        RECONCILE = "reconcile", _("Comparison with the store")

    payment = models.ForeignKey(RecurringPayment, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=16, choices=Kind)
    source = models.CharField(max_length=16, choices=Source)
    fields = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    announce = models.BooleanField()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-occurred_at", "-pk"]
        indexes = [
            # read by the payment's timeline, newest first
            models.Index(fields=["payment", "-occurred_at", "-id"], name="change_timeline"),
            # read by a connection's page: what comparisons have repaired lately
            models.Index(fields=["-recorded_at"], condition=models.Q(source="reconcile"), name="change_repaired"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d %H:%M}"


class FieldOrder(models.Model):
    """One saved order of the fields; the newest version holds, the older ones are its history and its undo."""

    version = models.PositiveIntegerField(unique=True)
    names = models.JSONField()
    action = models.CharField(max_length=16)
    field = models.CharField(max_length=64, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now_add=True)

    class Meta:
        verbose_name = _("field order")
        verbose_name_plural = _("field orders")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"#{self.version}"


class SegmentQuerySet(models.QuerySet["Segment"]):
    """Reusable filters of segments."""

    def living(self) -> "SegmentQuerySet":
        """Those that are not archived."""
        return self.filter(archived_at=None)


class Segment(models.Model):
    """A saved segment; its name is one word however it is capitalised.

    `tree` is the JSON that `segments.reading` writes, and `version` the number of the newest `SegmentVersion`, which
    holds the same.
    """

    name = models.CharField(_("name"), max_length=200)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    tree = models.JSONField(_("conditions"))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]
        constraints = [
            # read by whoever names a segment
            models.UniqueConstraint(models.functions.Lower("name"), name="segment_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class SegmentVersion(models.Model):
    """A segment's conditions as somebody saved them once."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    tree = models.JSONField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of a segment")
        verbose_name_plural = _("versions of segments")
        ordering = ["-number"]
        constraints = [
            # read by a segment's history, and by whoever saves: of two who save at once, the second is told
            models.UniqueConstraint(fields=["segment", "number"], name="segment_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.segment} #{self.number}"


# Django looks for models here.
from subscriptions.people_actions.models import PeopleAction as PeopleAction  # noqa: E402
from subscriptions.people_actions.models import PeopleSlice as PeopleSlice  # noqa: E402
