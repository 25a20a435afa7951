"""What a PayPal event is about: the one object that must be read again."""

from typing import Any

from integrations.providers.reading import text_at
from subscriptions.records import RecordError

SUBSCRIPTION, ORDER = "subscription", "order"
FAILED = "BILLING.SUBSCRIPTION.PAYMENT.FAILED"
# Money that went back, or was taken back.
BACK = ("PAYMENT.SALE.REFUNDED", "PAYMENT.SALE.REVERSED")
# how PayPal's names begin -> of what kind the subject is, and where its id stands
_BEGINNINGS: dict[str, tuple[str, str]] = {
    # an unknown kind of subscription event still means that this subscription has changed
    "BILLING.SUBSCRIPTION.": (SUBSCRIPTION, "resource.id"),
    "PAYMENT.SALE.": (SUBSCRIPTION, "resource.billing_agreement_id"),
    "CHECKOUT.ORDER.": (ORDER, "resource.id"),
    # a subscription that a historical sync could not read, and that is tried again
    "history": (SUBSCRIPTION, "data.object.id"),
}


def is_known(event_type: str) -> bool:
    """Whether events of this type can concern us."""
    return bool(kind_of(event_type))


def kind_of(event_type: str) -> str:
    """Return of what kind the subject of such events is; empty where they cannot concern us."""
    return _place_of(event_type)[0]


def subject_of(event: dict[str, Any]) -> str:
    """Return "kind:id" of what the event is about; empty where it names nothing that can be asked for."""
    kind, path = _place_of(event["event_type"])
    try:
        name = text_at(event, path) if kind else ""
    except RecordError:
        return ""
    # it becomes part of an address
    is_id = name.isascii() and name.replace("-", "").isalnum() and len(name) <= 200
    return f"{kind}:{name}" if is_id else ""


def _place_of(event_type: str) -> tuple[str, str]:
    return next((place for start, place in _BEGINNINGS.items() if event_type.startswith(start)), ("", ""))
