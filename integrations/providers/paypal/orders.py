"""One-off orders: they make, or update, a contact, and tag it; no recurring payment comes of them."""

from typing import TYPE_CHECKING

from integrations.problems import Problem
from integrations.providers.base import Page, Person, ProviderError
from integrations.providers.paypal import api
from integrations.providers.paypal.mapping import profile_of
from integrations.providers.reading import Json, object_at

if TYPE_CHECKING:
    from integrations.models import Connection

TAG = "paypal-integration"


def read(connection: "Connection", identity: str, picture: Json) -> Page:
    """Ask who paid an order; where we cannot, or PayPal has forgotten it, the event's own picture tells."""
    if not connection.api_key:
        return told(picture)
    try:
        return told(api.get(connection, f"v2/checkout/orders/{identity}"))
    except ProviderError as error:
        if error.problem is not Problem.NOT_FOUND:
            raise
        return told(picture)


def told(order: Json) -> Page:
    """Read who paid; a payer without an e-mail is nobody yet."""
    payer = object_at(order, "payer") or object_at(order, "payment_source.paypal")
    profile = profile_of(payer) if payer else None
    return Page(people=[Person(profile=profile, tags=(TAG,))] if profile and profile.email else [])
