"""Where a subscription's shipping and billing addresses, and its card, are found among Stripe's objects."""

from datetime import UTC, datetime
from typing import Any

from contacts.services import split_name
from integrations.providers.reading import Json, at, integer_at, object_at, text_at

# field's ending -> Stripe's name in an address
PARTS = {
    "address_1": "line1",
    "address_2": "line2",
    "city": "city",
    "province": "state",
    "country": "country",
    "postal": "postal_code",
}


def payment_method(subscription: Json) -> Json | None:
    """Return the payment method that is charged: the subscription's own, else the customer's default."""
    own = object_at(subscription, "default_payment_method")
    return own or object_at(_customer(subscription), "invoice_settings.default_payment_method")


def has_expiry(subscription: Json) -> dict[str, Any]:
    """Read when the card expires, as the first day of its last month; nothing where the card is not told."""
    if not _payment_method_is_told(subscription):
        return {}
    card = object_at(payment_method(subscription), "card")
    year, month = integer_at(card, "exp_year"), integer_at(card, "exp_month")
    known = year is not None and month is not None and 1 <= month <= 12 and 1 <= year <= 9999
    return {"payment_method_expiration": datetime(year, month, 1, tzinfo=UTC) if known else None}  # type: ignore[arg-type]


def addresses(subscription: Json) -> dict[str, Any]:
    """Read both addresses as far as the customer, or the payment method, is told."""
    customer = _customer(subscription)
    shipping = _shipping(customer) if customer is not None else {}
    if customer is None and payment_method(subscription) is None:
        return shipping
    return shipping | _billing(customer, payment_method(subscription))


def _customer(subscription: Json) -> Json | None:
    """Return the customer where it is told; one that was deleted tells nothing any more."""
    customer = object_at(subscription, "customer")
    return None if at(customer, "deleted") else customer


def _payment_method_is_told(subscription: Json) -> bool:
    if payment_method(subscription) is not None:
        return True
    own = at(subscription, "default_payment_method")
    customer = _customer(subscription)
    return own is None and customer is not None and at(customer, "invoice_settings.default_payment_method") is None


def _shipping(customer: Json) -> dict[str, Any]:
    shipping = object_at(customer, "shipping")
    values = _named("shipping", text_at(shipping, "name")) | {
        f"shipping_{name}": text_at(shipping, f"address.{part}") for name, part in PARTS.items()
    }
    return values | {
        "shipping_phone": text_at(shipping, "phone"),
        "shipping_email": text_at(customer, "email") if shipping else "",
    }


def _billing(customer: Json | None, method: Json | None) -> dict[str, Any]:
    """Take the payment method's details, else the customer's: an address is taken whole from one of them."""
    details = object_at(method, "billing_details")
    source = _best_address(details, customer)
    values = _named("billing", text_at(details, "name") or text_at(customer, "name")) | {
        f"billing_{name}": text_at(source, f"address.{part}") for name, part in PARTS.items()
    }
    values |= {f"billing_{name}": text_at(details, name) or text_at(customer, name) for name in ("phone", "email")}
    return values | ({"billing_company": text_at(customer, "business_name")} if customer is not None else {})


def _best_address(*sources: Json | None) -> Json | None:
    """Return the first that names a street, else the first that names anything, such as a postal code alone."""
    streets = (source for source in sources if text_at(source, "address.line1"))
    parts = (source for source in sources if any(text_at(source, f"address.{part}") for part in PARTS.values()))
    return next(streets, None) or next(parts, None)


def _named(address: str, name: str) -> dict[str, str]:
    first, last = split_name(name)
    return {f"{address}_first_name": first, f"{address}_last_name": last}
