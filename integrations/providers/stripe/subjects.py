"""What a Stripe event is about: the one object whose recurring payments must be read again.

Snapshot events name it in `data.object`, and the event's type tells of what kind it is: ids alone do not, for
customers and prices of old accounts have ids of any form. Thin events name it in `related_object`, by its prefix.
"""

from collections.abc import Callable
from typing import Any

from integrations.providers.reading import Json, object_at
from integrations.providers.stripe.reading import id_at
from subscriptions.records import RecordError

SUBSCRIPTION, CUSTOMER, PRICE, PRODUCT = "subscription", "customer", "price", "product"
_PREFIXES = {"sub_": SUBSCRIPTION, "cus_": CUSTOMER, "price_": PRICE, "prod_": PRODUCT}


def _itself(event: Json) -> str:
    return id_at(event, "data.object.id")


def _of_invoice(event: Json) -> str:
    """Find an invoice's subscription: under its parent since 2025-03-31, on the invoice before."""
    since = id_at(event, "data.object.parent.subscription_details.subscription")
    return since or id_at(event, "data.object.subscription")


def _customer(event: Json) -> str:
    """A payment method that was detached has its customer only among what it had before."""
    return id_at(event, "data.object.customer") or id_at(event, "data.previous_attributes.customer")


_Finder = Callable[[Json], str]
_OF_SUBSCRIPTION = (
    "created",
    "updated",
    "deleted",
    "paused",
    "resumed",
    "trial_will_end",
    "pending_update_applied",
    "pending_update_expired",
)
_ABOUT_INVOICE = (
    "paid",
    "payment_succeeded",
    "payment_failed",
    "payment_action_required",
    "finalized",
    "voided",
    "marked_uncollectible",
    "upcoming",
)
_ABOUT_METHOD = ("attached", "updated", "automatically_updated", "detached")

SUBSCRIPTION_EVENTS = frozenset(f"customer.subscription.{name}" for name in _OF_SUBSCRIPTION)
# type of event -> of what kind its subject is, and where its id stands
EVENTS: dict[str, tuple[str, _Finder]] = (
    dict.fromkeys(SUBSCRIPTION_EVENTS, (SUBSCRIPTION, _itself))
    | {f"invoice.{name}": (SUBSCRIPTION, _of_invoice) for name in _ABOUT_INVOICE}
    | {f"customer.{name}": (CUSTOMER, _itself) for name in ("created", "updated", "deleted")}
    | {f"payment_method.{name}": (CUSTOMER, _customer) for name in _ABOUT_METHOD}
    | {
        # a subscription that a historical sync could not read, and that is tried again
        "history": (SUBSCRIPTION, _itself),
        "charge.refunded": (CUSTOMER, _customer),
        "product.updated": (PRODUCT, _itself),
        "price.updated": (PRICE, _itself),
    }
)


def is_thin(event: Json) -> bool:
    """Whether the event carries no object, only the name of one to fetch."""
    return event.get("object") == "v2.core.event"


def subject_of(event: dict[str, Any]) -> str:
    """Return "kind:id" of what the event is about; empty where it means nothing to recurring payments."""
    try:
        kind, name = _of_thin(event) if is_thin(event) else _of_snapshot(event)
    except RecordError:
        return ""
    subject = f"{kind}:{name}" if kind and name else ""
    return subject if len(subject) <= 255 and subject.isprintable() else ""


def split(subject: str) -> tuple[str, str]:
    """Return kind and id."""
    kind, _, name = subject.partition(":")
    return kind, name


def _of_thin(event: Json) -> tuple[str, str]:
    name = id_at(object_at(event, "related_object"), "id")
    return next((kind for prefix, kind in _PREFIXES.items() if name.startswith(prefix)), ""), name


def _of_snapshot(event: Json) -> tuple[str, str]:
    kind, finder = EVENTS.get(event["type"], ("", lambda _event: ""))
    return kind, finder(event)
