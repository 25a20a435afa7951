"""Subscriptions one by one, each with its plan and the product that the plan sells."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.problems import Problem
from integrations.providers.base import Page, ProviderError
from integrations.providers.paypal import api, mapping
from integrations.providers.paypal.mapping import Reading
from integrations.providers.reading import Json, text_at
from subscriptions.records import RecordError

if TYPE_CHECKING:
    from integrations.models import Connection


def reading_for(connection: "Connection") -> Reading:
    """Return how this connection's subscriptions are read."""
    return Reading(
        as_of=timezone.now(), connected_at=connection.created_at, status_overrides=connection.status_overrides
    )


def single(
    connection: "Connection", identity: str, reading: Reading, products: dict[str, Json] | None = None
) -> Page | None:
    """Read one subscription as PayPal tells it now; None where PayPal does not have it, or no longer."""
    reading = replace(reading, as_of=timezone.now())
    try:
        found = api.get(connection, f"v1/billing/subscriptions/{identity}", fields="last_failed_payment,plan")
    except ProviderError as error:
        if error.problem is not Problem.NOT_FOUND:
            raise
        return None
    return told(found, replace(reading, products=_products(connection, found, {} if products is None else products)))


def told(subscription: Json, reading: Reading) -> Page:
    """Read a subscription; one that cannot be read is set apart with its path."""
    page = Page()
    page.take(subscription, lambda: mapping.record(subscription, reading))
    return page


def _products(connection: "Connection", subscription: Json, known: dict[str, Json]) -> dict[str, Any]:
    """Learn the plan's product; one that is gone, or may not be read, has no category."""
    try:
        name = text_at(subscription, "plan.product_id")
    except RecordError:
        return known  # the mapping meets the same fault, and says so with its path
    if name and name not in known:
        try:
            known[name] = api.get(connection, f"v1/catalogs/products/{name}")
        except ProviderError as error:
            if not error.permanent:
                raise
            known[name] = {}
    return known
