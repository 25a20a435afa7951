"""From a WooCommerce subscription to a Record: pure, for the REST API's shape and the shop's own older one.

What a payload does not tell is left out and so keeps what is stored; line items that arrive empty tell nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from contacts.services import Profile
from integrations.providers.base import is_news
from integrations.providers.reading import Json, at, list_at, object_at, text_at
from integrations.providers.woocommerce import statuses
from integrations.providers.woocommerce.reading import id_at, label_at, metadata, moment_at
from subscriptions.catalogue import BillingInterval, LastPaymentStatus, Status
from subscriptions.records import Record, build

INTERVALS = {
    "day": BillingInterval.DAILY.value,
    "week": BillingInterval.WEEKLY.value,
    "month": BillingInterval.MONTHLY.value,
    "year": BillingInterval.YEARLY.value,
}
# status of the newest order -> how the last payment went
ORDERS = {
    "processing": LastPaymentStatus.COMPLETED.value,
    "completed": LastPaymentStatus.COMPLETED.value,
    "failed": LastPaymentStatus.DECLINED.value,
    "pending": LastPaymentStatus.PENDING.value,
    "on-hold": LastPaymentStatus.PENDING.value,
    "checkout-draft": LastPaymentStatus.PENDING.value,
    "refunded": LastPaymentStatus.REFUNDED.value,
}
# field's ending -> Woo's name in an address
PARTS = {
    "first_name": "first_name",
    "last_name": "last_name",
    "company": "company",
    "address_1": "address_1",
    "address_2": "address_2",
    "city": "city",
    "province": "state",
    "country": "country",
    "postal": "postcode",
    "phone": "phone",
    "email": "email",
}
_NOT_TOLD = {"shipping": {"email"}, "billing": set[str]()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a subscription is to be read: when it was told, what is known of its orders and products, and by whom.

    `orders` maps the ids of subscriptions whose orders were asked for to their newest one; `paid` maps those of which
    we know how the last payment went to its moment. `is_first_sight` says that the start date can be believed: after a
    change through the API, Woo's webhooks tell the time of the change.
    """

    as_of: datetime
    sequence: str = ""
    occurred_at: datetime | None = None
    connected_at: datetime | None = None
    external_id_key: str = ""
    status_overrides: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, Json] = field(default_factory=dict)
    orders: Mapping[str, Json] = field(default_factory=dict)
    paid: Mapping[str, datetime | None] = field(default_factory=dict)
    is_first_sight: bool = True


def record(subscription: Json, reading: Reading) -> Record:
    """Read a subscription; raise RecordError with the path of what is broken."""
    order = reading.orders.get(id_at(subscription, "id"))
    items = list_at(subscription, "line_items")
    values = {
        **_identity(subscription, reading),
        **_status(subscription, order, reading),
        **_amounts(subscription),
        **_schedule(subscription, reading),
        **_last_payment(subscription, order, reading),
        **_address(subscription, "billing"),
        **_address(subscription, "shipping"),
    }
    if items:
        values["name"] = text_at(items[0], "name")
    return build(
        values,
        items=[_item(item, reading) for item in items] or None,
        as_of=reading.as_of,
        sequence=reading.sequence,
        occurred_at=reading.occurred_at,
        profile=_profile(subscription),
        announce_creation=is_news(values.get("store_created_date"), reading.connected_at),
    )


def _identity(subscription: Json, reading: Reading) -> dict[str, Any]:
    note = text_at(subscription, "customer_note")
    own = metadata(subscription, reading.external_id_key) if reading.external_id_key else ""
    told = {
        "store_customer_id": ("customer_id", id_at),
        "origin_order_id": ("parent_id", id_at),
        "currency": ("currency", lambda source, path: text_at(source, path).upper()),
        "email": ("billing.email", text_at),
    }
    values = {name: read(subscription, path) for name, (path, read) in told.items() if _tells(subscription, path)}
    number = own or label_at(subscription, "number")
    return (
        {"store_recurring_payment_id": id_at(subscription, "id")}
        | values
        | ({"notes": [note] if note else []} if "customer_note" in subscription else {})
        | ({"store_external_id": number} if number else {})
    )


def _tells(source: Json, path: str) -> bool:
    """Whether the first step of a path is there at all."""
    return path.partition(".")[0] in source


def _status(subscription: Json, order: Json | None, reading: Reading) -> dict[str, Any]:
    word = statuses.word(subscription)
    if not word:
        return {}
    values: dict[str, Any] = {"store_status": word, "cancel_at_period_end": word == "pending-cancel"}
    status = statuses.normalised(subscription, order, reading.status_overrides)
    return values | ({} if status is None else {"status": status})


def _amounts(subscription: Json) -> dict[str, Any]:
    told = {
        "payment_amount": "total",
        "discount_amount": "discount_total",
        "tax_amount": "total_tax",
        "shipping_amount": "shipping_total",
    }
    return {name: _amount(subscription, path) for name, path in told.items() if path in subscription}


def _amount(source: Json, path: str) -> Any:
    """Return an amount as it came, for the field to check; Woo writes texts, and nothing for none."""
    value = at(source, path)
    return None if value == "" else value


def _schedule(subscription: Json, reading: Reading) -> dict[str, Any]:
    values: dict[str, Any] = {}
    told = {
        "store_created_date": "date_created_gmt",
        "store_modified_date": "date_modified_gmt",
        "start_date": "start_date_gmt",
        "cancelled_date": "cancelled_date_gmt",
        "last_payment_date": "last_payment_date_gmt",
    }
    for name, path in told.items():
        if path in subscription and (name != "start_date" or reading.is_first_sight):
            values[name] = moment_at(subscription, path)
    if "next_payment_date_gmt" in subscription:
        following = moment_at(subscription, "next_payment_date_gmt")
        values["renewal_date"] = following or moment_at(subscription, "end_date_gmt")
        values["next_payment_date"] = moment_at(subscription, "payment_retry_date_gmt") or following
    if "trial_end_date_gmt" in subscription:
        trial_end = moment_at(subscription, "trial_end_date_gmt")
        values["is_trial"] = trial_end is not None and trial_end > reading.as_of
    return values | _interval(subscription)


def _interval(subscription: Json) -> dict[str, Any]:
    if "billing_period" not in subscription:
        return {}
    return {
        "billing_interval": INTERVALS.get(text_at(subscription, "billing_period"), ""),
        "billing_interval_count": _count(subscription),
    }


def _count(subscription: Json) -> Any:
    """Return the count, which Woo writes as a text, for the field to check."""
    value = at(subscription, "billing_interval")
    if value in (None, ""):
        return None
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10 else value


def _last_payment(subscription: Json, order: Json | None, reading: Reading) -> dict[str, Any]:
    """Read how the last payment went off the newest order, else off what the subscription itself betrays.

    That it was paid says nothing new where we know how that same payment went, and what came after it.
    """
    if order is not None:
        word = text_at(order, "status")
        is_partly_back = ORDERS.get(word) == LastPaymentStatus.COMPLETED and bool(list_at(order, "refunds"))
        return {
            "last_payment_status": LastPaymentStatus.PARTIALLY_REFUNDED.value
            if is_partly_back
            else ORDERS.get(word, "")
        }
    if text_at(subscription, "payment_retry_date_gmt"):
        return {"last_payment_status": LastPaymentStatus.DECLINED.value}
    meaning = statuses.TABLE.get(statuses.word(subscription))
    if meaning == Status.PENDING:
        return {"last_payment_status": LastPaymentStatus.PENDING.value}
    paid_at = moment_at(subscription, "last_payment_date_gmt")
    is_news = paid_at is not None and reading.paid.get(id_at(subscription, "id")) != paid_at
    return {"last_payment_status": LastPaymentStatus.COMPLETED.value} if meaning == Status.ACTIVE and is_news else {}


def _address(subscription: Json, kind: str) -> dict[str, Any]:
    address = object_at(subscription, kind)
    if address is None:
        return {}
    parts = {name: part for name, part in PARTS.items() if name not in _NOT_TOLD[kind]}
    return {f"{kind}_{name}": text_at(subscription, f"{kind}.{part}") for name, part in parts.items()}


def _profile(subscription: Json) -> Profile | None:
    """Read the owner, who pays; of a gift the recipient is named in the metadata only."""
    billing = object_at(subscription, "billing")
    if billing is None:
        return None
    names = ("first_name", "last_name", "phone", "company", "email")
    told: dict[str, Any] = {name: text_at(subscription, f"billing.{name}") for name in names}
    return Profile(**told)


def _item(item: Json, reading: Reading) -> dict[str, Any]:
    product_id = id_at(item, "product_id")
    product = reading.products.get(product_id) or {}
    return {
        "name": text_at(item, "name"),
        "sku": text_at(item, "sku"),
        "store_primary_id": product_id,
        "quantity": at(item, "quantity"),
        "amount": _amount(item, "total"),
        **{name: _names(product, name) for name in ("categories", "brands", "tags")},
    }


def _names(product: Json, path: str) -> list[str]:
    """List what a product is filed under; WordPress hands these names over escaped for its own pages."""
    return [unescape(name) for one in list_at(product, path) if (name := text_at(one, "name"))]
