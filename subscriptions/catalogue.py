"""The 60 fields of a recurring payment, each declared once; columns, widget, panel, API and labels all read this.

Adding a field is a line here, a migration and its French.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LENGTH, TEXT_LIST, Kind

if TYPE_CHECKING:
    from subscriptions.models import RecurringPayment


class Status(models.TextChoices):
    """The six normalised statuses; trial and "will cancel" are flags, not statuses."""

    PENDING = "pending", _("Pending")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    PAYMENT_FAILED = "payment_failed", _("Payment failed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class LastPaymentStatus(models.TextChoices):
    """How the newest payment went."""

    COMPLETED = "completed", _("Completed")
    DECLINED = "declined", _("Declined")
    PARTIALLY_REFUNDED = "partially_refunded", _("Partially refunded")
    PENDING = "pending", _("Pending")
    REFUNDED = "refunded", _("Refunded")


class BillingInterval(models.TextChoices):
    """The unit of a billing cycle; the count stands beside it."""

    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    YEARLY = "yearly", _("Yearly")


STORES = {"stripe": "Stripe", "paypal": "PayPal", "woocommerce": "WooCommerce", "api": "API"}
# Those whose data we read; a store that writes through the API may send every field.
ALL = ("stripe", "paypal", "woocommerce")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the catalogue.

    `limit` is a text's length or a choice's TextChoices. `item` names the line item's attribute that the field lists;
    such a field has no column. `initial` is what a field that is never empty has until it is told. `column` is the payment's attribute where that differs from the name. `never_back`
    marks a date that an older report may not turn back, and `month_only` one whose day means nothing. `not_from` names the providers that never send it.
    """

    name: str
    kind: Kind
    group: str
    api_name: str
    label: Any
    limit: Any = TEXT_LENGTH
    item: str = ""
    column: str = ""
    initial: str = ""
    never_back: bool = False
    month_only: bool = False
    not_from: tuple[str, ...] = ()

    @property
    def stored(self) -> bool:
        """Whether the field is a column of its own that records write."""
        return not self.item and not self.column

    @property
    def choices(self) -> Mapping[str, Any]:
        """Value and label of each choice; empty for other kinds."""
        return dict(self.limit.choices) if self.kind is CHOICE else {}

    def parse(self, value: Any) -> Any:
        """Turn what a provider sent into what is stored; None empties. Raise ValueError in the user's words."""
        parsed = self.kind.empty if value is None else self.kind.parse(value, self.limit)
        return parsed or self.initial if self.initial else parsed

    def make_column(self) -> "models.Field[Any, Any]":
        """Return a new model field that stores this field's values."""
        limit = self.limit.choices if self.kind is CHOICE else self.limit
        return self.kind.column(limit, verbose_name=self.label)

    def value(self, payment: "RecurringPayment") -> Any:
        """Read the field from a payment; item fields list what its line items say, in order, without repeating."""
        if self.item:
            return self.value_of_items(payment.line_items.all())
        return getattr(payment, self.column or self.name)

    def value_of_items(self, items: Any) -> list[str]:
        """List what these line items say of the field, each text once, in order."""
        texts = (getattr(item, self.item) for item in items)
        flat = (text for value in texts for text in (value if isinstance(value, list) else [value]))
        return list(dict.fromkeys(text for text in flat if text))


# fmt: off
FIELDS: tuple[Field, ...] = (
    Field("legacy_connection_id", INTEGER, "identity", "legacyConnectionId", _("Legacy connection ID"), column="store_id"),
    Field("store_recurring_payment_id", TEXT, "identity", "storeRecurringPaymentId", _("Store recurring payment ID"), limit=255),
    Field("name", TEXT, "identity", "name", _("Name")),
    Field("email", TEXT, "identity", "email", _("Email"), limit=254),
    Field("status", CHOICE, "status", "normalizedStatus", _("Recurring payment status"), limit=Status, initial=Status.PENDING.value),
    Field("store_status", TEXT, "status", "storeStatus", _("Store recurring payment status"), limit=255),
    Field("store_customer_id", TEXT, "identity", "storeCustomerId", _("Store customer ID"), limit=255),
    Field("billing_interval", CHOICE, "schedule", "billingInterval", _("Billing interval"), limit=BillingInterval),
    Field("billing_interval_count", INTEGER, "schedule", "billingIntervalCount", _("Billing interval count")),
    Field("payment_amount", AMOUNT, "amounts", "paymentAmount", _("Payment amount")),
    Field("discount_amount", AMOUNT, "amounts", "discountAmount", _("Discount amount"), not_from=("paypal",)),
    Field("tax_amount", AMOUNT, "amounts", "taxAmount", _("Tax amount")),
    Field("shipping_amount", AMOUNT, "amounts", "shippingAmount", _("Shipping amount")),
    Field("last_payment_status", CHOICE, "schedule", "lastPaymentStatus", _("Last payment status"), limit=LastPaymentStatus),
    Field("last_payment_date", DATE, "dates", "lastPaymentDate", _("Last payment date")),
    Field("start_date", DATE, "dates", "startDate", _("Start date")),
    Field("renewal_date", DATE, "dates", "renewalDate", _("Renewal date")),
    Field("next_payment_date", DATE, "dates", "nextPaymentDate", _("Next payment date")),
    Field("anchor_date", DATE, "dates", "anchorDate", _("Anchor date"), not_from=("paypal", "woocommerce",)),
    Field("cancelled_date", DATE, "dates", "cancelledDate", _("Cancelled date")),
    Field("payment_method_expiration", DATE, "dates", "paymentMethodExpiration", _("Payment method expiration"), month_only=True, not_from=("woocommerce",)),
    Field("origin_order_id", TEXT, "identity", "originOrderId", _("Origin order ID"), limit=255, not_from=("paypal",)),
    Field("currency", TEXT, "amounts", "currency", _("Currency"), limit=3),
    Field("store_created_date", DATE, "dates", "storeCreatedDate", _("Store created date")),
    Field("store_modified_date", DATE, "dates", "storeModifiedDate", _("Store modified date"), never_back=True),
    Field("is_trial", FLAG, "status", "isTrial", _("Is trial")),
    Field("cancel_at_period_end", FLAG, "status", "cancelAtPeriodEnd", _("Cancel at period end"), not_from=("paypal",)),
    Field("total_cycles", INTEGER, "schedule", "totalCycles", _("Total cycles"), not_from=("stripe", "woocommerce",)),
    Field("notes", TEXT_LIST, "other", "notes", _("Notes")),
    Field("store_external_id", TEXT, "identity", "storeExternalId", _("Store external ID"), limit=255),
    Field("line_item_category", TEXT_LIST, "items", "lineItemCategories", _("Line item category"), item="categories"),
    Field("line_item_name", TEXT_LIST, "items", "lineItemNames", _("Line item name"), item="name"),
    Field("line_item_sku", TEXT_LIST, "items", "lineItemSkus", _("Line item SKU"), item="sku"),
    Field("line_item_brand", TEXT_LIST, "items", "lineItemBrands", _("Line item brand"), item="brands", not_from=("paypal",)),
    Field("line_item_tag", TEXT_LIST, "items", "lineItemTags", _("Line item tag"), item="tags", not_from=("stripe", "paypal")),
    Field("line_item_store_primary_id", TEXT_LIST, "items", "lineItemStorePrimaryIds", _("Line item store primary ID"), item="store_primary_id"),
    Field("shipping_first_name", TEXT, "shipping_address", "shippingAddress.firstName", _("Shipping address first name")),
    Field("shipping_last_name", TEXT, "shipping_address", "shippingAddress.lastName", _("Shipping address last name")),
    Field("shipping_address_1", TEXT, "shipping_address", "shippingAddress.address1", _("Shipping address line 1")),
    Field("shipping_address_2", TEXT, "shipping_address", "shippingAddress.address2", _("Shipping address line 2")),
    Field("shipping_address_3", TEXT, "shipping_address", "shippingAddress.address3", _("Shipping address line 3"), not_from=ALL),
    Field("shipping_city", TEXT, "shipping_address", "shippingAddress.city", _("Shipping address city")),
    Field("shipping_province", TEXT, "shipping_address", "shippingAddress.province", _("Shipping address province")),
    Field("shipping_country", TEXT, "shipping_address", "shippingAddress.country", _("Shipping address country")),
    Field("shipping_postal", TEXT, "shipping_address", "shippingAddress.postal", _("Shipping address postal code")),
    Field("shipping_phone", TEXT, "shipping_address", "shippingAddress.phone", _("Shipping address phone"), not_from=("paypal",)),
    Field("shipping_company", TEXT, "shipping_address", "shippingAddress.company", _("Shipping address company"), not_from=("stripe", "paypal")),
    Field("shipping_email", TEXT, "shipping_address", "shippingAddress.email", _("Shipping address email"), not_from=("woocommerce",)),
    Field("billing_first_name", TEXT, "billing_address", "billingAddress.firstName", _("Billing address first name")),
    Field("billing_last_name", TEXT, "billing_address", "billingAddress.lastName", _("Billing address last name")),
    Field("billing_address_1", TEXT, "billing_address", "billingAddress.address1", _("Billing address line 1")),
    Field("billing_address_2", TEXT, "billing_address", "billingAddress.address2", _("Billing address line 2")),
    Field("billing_address_3", TEXT, "billing_address", "billingAddress.address3", _("Billing address line 3"), not_from=ALL),
    Field("billing_city", TEXT, "billing_address", "billingAddress.city", _("Billing address city")),
    Field("billing_province", TEXT, "billing_address", "billingAddress.province", _("Billing address province")),
    Field("billing_country", TEXT, "billing_address", "billingAddress.country", _("Billing address country")),
    Field("billing_postal", TEXT, "billing_address", "billingAddress.postal", _("Billing address postal code")),
    Field("billing_phone", TEXT, "billing_address", "billingAddress.phone", _("Billing address phone"), not_from=("paypal",)),
    Field("billing_company", TEXT, "billing_address", "billingAddress.company", _("Billing address company"), not_from=("paypal",)),
    Field("billing_email", TEXT, "billing_address", "billingAddress.email", _("Billing address email")),
)
# fmt: on

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
STORED: dict[str, Field] = {field.name: field for field in FIELDS if field.stored}
OF_ITEMS: dict[str, Field] = {field.name: field for field in FIELDS if field.item}

WIDGET_SIZE = 5
_FIRST = ("status", "name", "payment_amount", "next_payment_date", "last_payment_status")
DEFAULT_ORDER: tuple[str, ...] = _FIRST + tuple(name for name in BY_NAME if name not in _FIRST)
