"""From a PayPal subscription, with its plan where it is told, to a Record: pure.

What an answer does not tell, because the plan or the product is not in it, is left out and so keeps what is stored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from contacts.services import Profile, split_name
from integrations.providers.base import is_news
from integrations.providers.paypal import statuses
from integrations.providers.paypal.reading import (
    amount_at,
    currency_of,
    moment_at,
    month_at,
    number_at,
    rounded,
)
from integrations.providers.reading import Json, at, integer_at, list_at, object_at, text_at
from subscriptions.catalogue import BillingInterval, LastPaymentStatus
from subscriptions.records import Record, build

INTERVALS = {
    "DAY": BillingInterval.DAILY.value,
    "WEEK": BillingInterval.WEEKLY.value,
    "MONTH": BillingInterval.MONTHLY.value,
    "YEAR": BillingInterval.YEARLY.value,
}
# after which nothing is paid any more, though an event may not say so
_OVER = ("CANCELLED", "EXPIRED")
# field's ending -> PayPal's name in an address
PARTS = {
    "address_1": "address_line_1",
    "address_2": "address_line_2",
    "city": "admin_area_2",
    "province": "admin_area_1",
    "country": "country_code",
    "postal": "postal_code",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a subscription is to be read: when it was told, by which event, and what the connection says of it.

    `is_whole` says that the subscription itself was asked for, so that what it does not name is not there. `products`
    maps ids to the catalogue's products.
    """

    as_of: datetime
    sequence: str = ""
    occurred_at: datetime | None = None
    connected_at: datetime | None = None
    status_overrides: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, Json] = field(default_factory=dict)
    is_whole: bool = True


def record(subscription: Json, reading: Reading) -> Record:
    """Read a subscription; raise RecordError with the path of what is broken."""
    values = {
        **_identity(subscription, reading),
        **_dates(subscription, reading),
        **_plan(subscription),
        **_last_payment(subscription, reading),
        **_subscriber(subscription, reading),
    }
    return build(
        values,
        items=_items(subscription, reading),
        as_of=reading.as_of,
        sequence=reading.sequence,
        occurred_at=reading.occurred_at,
        profile=_profile(subscription),
        announce_creation=is_news(values.get("store_created_date"), reading.connected_at),
    )


def _identity(subscription: Json, reading: Reading) -> dict[str, Any]:
    note, own = text_at(subscription, "status_change_note"), text_at(subscription, "custom_id")
    word = text_at(subscription, "status")
    values: dict[str, Any] = {"store_recurring_payment_id": at(subscription, "id")}
    if reading.is_whole or note:
        values["notes"] = [note] if note else []
    if reading.is_whole or own:
        values["store_external_id"] = own
    status = statuses.normalised(subscription, reading.status_overrides)
    return values | ({"store_status": word} if word else {}) | ({"status": status} if status is not None else {})


def _dates(subscription: Json, reading: Reading) -> dict[str, Any]:
    following = moment_at(subscription, "billing_info.next_billing_time")
    values = {
        "start_date": moment_at(subscription, "start_time"),
        "store_created_date": moment_at(subscription, "create_time"),
        "store_modified_date": moment_at(subscription, "update_time"),
    }
    known = {name: value for name, value in values.items() if value is not None}
    if reading.is_whole or "billing_info" in subscription or text_at(subscription, "status") in _OVER:
        known |= {"renewal_date": following, "next_payment_date": following}  # type: ignore[dict-item]
    if text_at(subscription, "status") == "CANCELLED":
        known["cancelled_date"] = moment_at(subscription, "status_update_time")  # type: ignore[assignment]
    return known


def _plan(subscription: Json) -> dict[str, Any]:
    """Read what the plan tells, and the cycles that the subscription has gone through of it."""
    values: dict[str, Any] = {}
    if "billing_info" in subscription:
        # a plan may have two trials, one after the other
        values["is_trial"] = any(integer_at(one, "cycles_remaining") for one in _cycles(subscription, "TRIAL"))
        values["total_cycles"] = integer_at(next(_cycles(subscription, "REGULAR"), None), "total_cycles")
    if currency := _currency(subscription):
        values["currency"] = currency.upper()
    shipping = amount_at(subscription, "shipping_amount")
    if shipping is not None:
        values["shipping_amount"] = shipping
    return values | _price(subscription)


def _cycles(subscription: Json, tenure: str) -> Iterator[Json]:
    done = list_at(subscription, "billing_info.cycle_executions")
    return (one for one in done if text_at(one, "tenure_type") == tenure)


def _currency(subscription: Json) -> str:
    paths = ("billing_info.last_payment.amount", "billing_info.outstanding_balance", "shipping_amount")
    return currency_of(subscription, paths) or currency_of(regular(subscription), ["pricing_scheme.fixed_price"])


def regular(subscription: Json) -> Json | None:
    """Return the plan's regular billing cycle, where the plan is told."""
    cycles = list_at(subscription, "plan.billing_cycles")
    return next((one for one in cycles if text_at(one, "tenure_type") == "REGULAR"), None)


def _price(subscription: Json) -> dict[str, Any]:
    cycle, paid = regular(subscription), amount_at(subscription, "billing_info.last_payment.amount")
    if cycle is None:
        return {} if paid is None else {"payment_amount": paid}
    price = line_total(subscription)
    return {
        "name": text_at(subscription, "plan.name"),
        "billing_interval": INTERVALS.get(text_at(cycle, "frequency.interval_unit"), ""),
        "billing_interval_count": integer_at(cycle, "frequency.interval_count"),
        "payment_amount": paid if price is None else price,
        "tax_amount": _tax(subscription, paid if price is None else price),
    }


def line_total(subscription: Json) -> Decimal | None:
    """Return price times quantity; None where tiers make the price."""
    price = amount_at(regular(subscription), "pricing_scheme.fixed_price")
    quantity = number_at(subscription, "quantity")
    return None if price is None else price * (1 if quantity is None else quantity)


def _tax(subscription: Json, price: Decimal | None) -> Decimal | None:
    percentage = number_at(subscription, "plan.taxes.percentage")
    if percentage is None or price is None:
        return None
    is_inclusive = at(subscription, "plan.taxes.inclusive") is True
    share = percentage / (100 + percentage) if is_inclusive else percentage / 100
    return rounded(price * share, _currency(subscription))


def _last_payment(subscription: Json, reading: Reading) -> dict[str, Any]:
    if "billing_info" not in subscription:
        return {"last_payment_status": ""} if reading.is_whole else {}
    paid = moment_at(subscription, "billing_info.last_payment.time")
    if statuses.has_failed(subscription):
        word = LastPaymentStatus.DECLINED.value
    else:
        word = LastPaymentStatus.COMPLETED.value if paid else ""
    return {"last_payment_status": word, "last_payment_date": paid}


def _subscriber(subscription: Json, reading: Reading) -> dict[str, Any]:
    subscriber = object_at(subscription, "subscriber")
    if subscriber is None:
        return {}
    card = object_at(subscriber, "payment_source.card")
    values: dict[str, Any] = {
        "email": text_at(subscriber, "email_address"),
        "store_customer_id": text_at(subscriber, "payer_id"),
        "billing_first_name": text_at(subscriber, "name.given_name"),
        "billing_last_name": text_at(subscriber, "name.surname"),
        "billing_email": text_at(subscriber, "email_address"),
    }
    if card is not None or reading.is_whole:
        values["payment_method_expiration"] = month_at(card, "expiry")
        values |= {f"billing_{name}": text_at(card, f"billing_address.{part}") for name, part in PARTS.items()}
    return values | _shipping(subscriber, reading)


def _shipping(subscriber: Json, reading: Reading) -> dict[str, Any]:
    shipping = object_at(subscriber, "shipping_address")
    if shipping is None and not reading.is_whole:
        return {}
    first, last = split_name(text_at(shipping, "name.full_name"))
    parts = {f"shipping_{name}": text_at(shipping, f"address.{part}") for name, part in PARTS.items()}
    email = text_at(subscriber, "email_address") if shipping else ""
    return parts | {"shipping_first_name": first, "shipping_last_name": last, "shipping_email": email}


def _profile(subscription: Json) -> Profile | None:
    subscriber = object_at(subscription, "subscriber")
    return profile_of(subscriber) if subscriber is not None else None


def profile_of(payer: Json) -> Profile:
    """Read a subscriber, or the payer of an order."""
    return Profile(
        email=text_at(payer, "email_address"),
        first_name=text_at(payer, "name.given_name"),
        last_name=text_at(payer, "name.surname"),
        phone=text_at(payer, "phone.phone_number.national_number"),
        company="",
    )


def _items(subscription: Json, reading: Reading) -> list[dict[str, Any]] | None:
    """Write the plan as the one line item; None where it is not told."""
    if object_at(subscription, "plan") is None:
        return None
    product_id = text_at(subscription, "plan.product_id")
    category = text_at(reading.products.get(product_id), "category")
    return [
        {
            "name": text_at(subscription, "plan.name"),
            "sku": text_at(subscription, "plan_id"),
            "store_primary_id": product_id,
            "categories": [category] if category else [],
            "quantity": number_at(subscription, "quantity"),
            "amount": line_total(subscription),
        }
    ]
