"""What of PayPal can be connected by itself: the subscriptions, and the orders that are paid once."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.providers.base import Resource
from integrations.providers.paypal.subjects import kind_of

if TYPE_CHECKING:
    from integrations.models import Connection

SUBSCRIPTIONS, ORDERS = "subscriptions", "orders"
RESOURCES = (
    Resource(
        name=SUBSCRIPTIONS,
        label=_("Billing Subscription Events"),
        help_text=_("Subscriptions and their payments: they appear as recurring payments on the contacts' pages."),
    ),
    Resource(
        name=ORDERS,
        label=_("Checkout Order"),
        help_text=_("Whoever pays a single order becomes a contact, with the tag paypal-integration."),
    ),
)
_OF_SUBSCRIPTIONS = ("CREATED", "ACTIVATED", "UPDATED", "EXPIRED", "CANCELLED", "SUSPENDED", "RE-ACTIVATED",
                     "PAYMENT.FAILED")  # fmt: skip
_OF_SALES = ("COMPLETED", "REFUNDED", "REVERSED")
_OF_ORDERS = ("APPROVED", "COMPLETED")
# resource -> the events that it needs
EVENTS = {
    SUBSCRIPTIONS: [
        *(f"BILLING.SUBSCRIPTION.{name}" for name in _OF_SUBSCRIPTIONS),
        *(f"PAYMENT.SALE.{name}" for name in _OF_SALES),
    ],
    ORDERS: [f"CHECKOUT.ORDER.{name}" for name in _OF_ORDERS],
}
# what an event is about -> the resource that it belongs to
_BELONGS = {"subscription": SUBSCRIPTIONS, "order": ORDERS}


def events(connection: "Connection") -> list[str]:
    """List the types of event that the connected resources need."""
    return [name for resource, names in EVENTS.items() if _is_connected(connection, resource) for name in names]


def ignored_because(connection: "Connection", event_type: str) -> str:
    """Say why an event means nothing where its resource is not connected; empty where it is, or has none."""
    resource = _BELONGS.get(kind_of(event_type), "")
    if not resource or _is_connected(connection, resource):
        return ""
    label = next(one.label for one in RESOURCES if one.name == resource)
    return gettext("The resource “%(resource)s” is not connected.") % {"resource": label}


def _is_connected(connection: "Connection", resource: str) -> bool:
    return not connection.resources or resource in connection.resources
