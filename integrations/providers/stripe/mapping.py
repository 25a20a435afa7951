"""From a Stripe subscription to a Record: pure, for both shapes of the API (before and since 2025-03-31).

What an answer does not tell, because an object in it is only named and not expanded, is left out and so keeps what is
stored; what it tells to be absent is None and so clears.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from contacts.services import Profile, split_name
from integrations.providers.base import is_news
from integrations.providers.reading import Json, at, integer_at, list_at, object_at, text_at
from integrations.providers.stripe import amounts, statuses
from integrations.providers.stripe.addresses import addresses, has_expiry, payment_method
from integrations.providers.stripe.reading import id_at, moment_at
from integrations.providers.stripe.schedule import schedule
from subscriptions.catalogue import BillingInterval, LastPaymentStatus
from subscriptions.records import Record, build

INTERVALS = {
    "day": BillingInterval.DAILY.value,
    "week": BillingInterval.WEEKLY.value,
    "month": BillingInterval.MONTHLY.value,
    "year": BillingInterval.YEARLY.value,
}
# status of the latest invoice and whether its payment was attempted -> how the last payment went
LAST_PAYMENT = {
    ("paid", True): LastPaymentStatus.COMPLETED.value,
    ("paid", False): LastPaymentStatus.COMPLETED.value,
    ("open", True): LastPaymentStatus.DECLINED.value,
    ("open", False): LastPaymentStatus.PENDING.value,
    ("draft", False): LastPaymentStatus.PENDING.value,
    ("draft", True): LastPaymentStatus.PENDING.value,
    ("uncollectible", True): LastPaymentStatus.DECLINED.value,
    ("uncollectible", False): LastPaymentStatus.DECLINED.value,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a subscription is to be read: when it was told, by which event, and what the connection says of it."""

    as_of: datetime
    sequence: str = ""
    occurred_at: datetime | None = None
    modified: datetime | None = None
    connected_at: datetime | None = None
    external_id_key: str = ""
    status_overrides: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, Json] = field(default_factory=dict)


def record(subscription: Json, reading: Reading) -> Record:
    """Read a subscription; raise RecordError with the path of what is broken."""
    items = list_at(subscription, "items.data")
    values = {
        **_identity(subscription, reading),
        **_prices(subscription, items, reading),
        **_invoice(subscription, items),
        **schedule(subscription, items),
        **_customer(subscription),
        **addresses(subscription),
    }
    return build(
        values,
        items=[_item(item, subscription, reading) for item in items],
        as_of=reading.as_of,
        sequence=reading.sequence,
        occurred_at=reading.occurred_at,
        profile=_profile(subscription),
        announce_creation=is_news(values["store_created_date"], reading.connected_at),
    )


def _identity(subscription: Json, reading: Reading) -> dict[str, Any]:
    description = text_at(subscription, "description")
    values = {
        "store_recurring_payment_id": at(subscription, "id"),
        "store_status": at(subscription, "status"),
        "currency": text_at(subscription, "currency").upper(),
        "store_created_date": moment_at(subscription, "created"),
        "is_trial": text_at(subscription, "status") == "trialing",
        "notes": [description] if description else [],
    }
    status = statuses.normalised(subscription, reading.status_overrides)
    known = {
        "status": status,
        "store_modified_date": reading.modified,
        "store_external_id": _metadata(subscription, reading.external_id_key) if reading.external_id_key else None,
    }
    return values | {name: value for name, value in known.items() if value is not None}


def _metadata(source: Json | None, key: str) -> str:
    metadata = object_at(source, "metadata") or {}
    return str(metadata.get(key) or "")


def _prices(subscription: Json, items: list[Json], reading: Reading) -> dict[str, Any]:
    price = _price(items[0]) if items else {}
    values = {
        "billing_interval": INTERVALS.get(text_at(price, "recurring.interval"), ""),
        "billing_interval_count": integer_at(price, "recurring.interval_count"),
        "store_customer_id": id_at(subscription, "customer"),
    }
    name = text_at(price, "nickname") or text_at(_product(price, reading), "name")
    return values | ({"name": name} if name else {})


def _price(item: Json) -> Json:
    """The item's price; in the oldest shape it is called a plan, and its amount has the plan's name."""
    price = object_at(item, "price")
    if price is not None:
        return price
    plan = object_at(item, "plan") or {}
    recurring = {key: plan.get(key) for key in ("interval", "interval_count", "usage_type")}
    renamed = {"unit_amount": plan.get("amount"), "unit_amount_decimal": plan.get("amount_decimal")}
    return {**plan, **renamed, "recurring": recurring}


def _product(price: Json, reading: Reading) -> Json | None:
    return object_at(price, "product") or reading.products.get(id_at(price, "product"))


def _item(item: Json, subscription: Json, reading: Reading) -> dict[str, Any]:
    price = _price(item)
    product = _product(price, reading)
    category, brand = _metadata(product, "category"), _metadata(product, "brand")
    return {
        "name": text_at(product, "name") or text_at(price, "nickname"),
        "sku": text_at(price, "lookup_key") or _metadata(product, "sku"),
        "categories": [category] if category else [],
        "brands": [brand] if brand else [],
        "store_primary_id": id_at(price, "product"),
        "quantity": _quantity(item),
        "amount": amounts.from_minor(_line_total(item), text_at(subscription, "currency")),
    }


def _quantity(item: Json) -> int | None:
    """Metered items have no quantity."""
    return integer_at(item, "quantity")


def _line_total(item: Json) -> Decimal | None:
    price = _price(item)
    unit = amounts.unit_price(price) if amounts.is_fixed(price) else None
    quantity = _quantity(item)
    return None if unit is None else unit * (1 if quantity is None else quantity)


def _invoice(subscription: Json, items: list[Json]) -> dict[str, Any]:
    """Read what the latest invoice tells: nothing where it is only named, empty values where there is none."""
    invoice = object_at(subscription, "latest_invoice")
    if invoice is None and at(subscription, "latest_invoice") is not None:
        fixed = _fixed_total(items)
        return {} if fixed is None else {"payment_amount": amounts.from_minor(fixed, _currency(subscription))}
    return _money(subscription, items, invoice) | _last_payment(invoice)


def _currency(subscription: Json) -> str:
    return text_at(subscription, "currency")


def _fixed_total(items: list[Json]) -> Decimal | None:
    totals = [_line_total(item) for item in items]
    return None if None in totals or not totals else sum(total for total in totals if total is not None) or Decimal(0)


def _money(subscription: Json, items: list[Json], invoice: Json | None) -> dict[str, Any]:
    fixed = _fixed_total(items)
    total: Decimal | int | None = integer_at(invoice, "total")
    if fixed is not None:
        total = fixed - amounts.discount(invoice) + amounts.added_tax(invoice)
    minor = {
        "payment_amount": total,
        "discount_amount": amounts.discount(invoice) if invoice else None,
        "tax_amount": amounts.tax(invoice) if invoice else None,
        "shipping_amount": integer_at(invoice, "shipping_cost.amount_total"),
    }
    return {name: amounts.from_minor(value, _currency(subscription)) for name, value in minor.items()}


def _last_payment(invoice: Json | None) -> dict[str, Any]:
    key = (text_at(invoice, "status"), bool(at(invoice, "attempted")))
    values = {
        "last_payment_status": LAST_PAYMENT.get(key, ""),
        "last_payment_date": moment_at(invoice, "status_transitions.paid_at"),
    }
    is_first = text_at(invoice, "billing_reason") == "subscription_create"
    return values | ({"origin_order_id": id_at(invoice, "id")} if is_first else {})


def _customer(subscription: Json) -> dict[str, Any]:
    """Read the e-mail and the card's expiry, as far as the objects that hold them are told."""
    sources = (
        text_at(object_at(subscription, "customer"), "email"),
        text_at(object_at(subscription, "latest_invoice"), "customer_email"),
        text_at(payment_method(subscription), "billing_details.email"),
    )
    email = next((source for source in sources if source), "")
    customer = object_at(subscription, "customer")
    told = bool(email) or (customer is not None and not at(customer, "deleted"))
    return ({"email": email.strip()} if told else {}) | has_expiry(subscription)


def _profile(subscription: Json) -> Profile | None:
    customer = object_at(subscription, "customer")
    if customer is None or at(customer, "deleted"):
        return None
    first, last = split_name(text_at(customer, "name"))
    return Profile(
        email=text_at(customer, "email"),
        first_name=first,
        last_name=last,
        phone=text_at(customer, "phone"),
        company=text_at(customer, "business_name"),
    )
