"""Subscriptions a page at a time, each with what the mapping must see of customers, invoices, cards and products."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.providers.base import Page
from integrations.providers.reading import Json, list_at, object_at
from integrations.providers.stripe import api, mapping
from integrations.providers.stripe.mapping import Reading
from integrations.providers.stripe.reading import id_at
from subscriptions.records import Record, RecordError

if TYPE_CHECKING:
    from integrations.models import Connection

PAGE_SIZE = 100
_EXPANDED = (
    "customer",
    "latest_invoice",
    "default_payment_method",
    "customer.invoice_settings.default_payment_method",
)
# Four levels, which is as deep as Stripe goes; in a list it would be the fifth.
_EXPANDED_IN_ONE = (*_EXPANDED, "items.data.price.product")


def listed(connection: "Connection", reading: Reading, products: dict[str, Json], **filters: Any) -> Page:
    """Read one page of the subscriptions that the filters select, cancelled ones too, newest first."""
    reading = replace(reading, as_of=timezone.now())
    answer = api.get(
        connection,
        "subscriptions",
        status="all",
        limit=PAGE_SIZE,
        expand=[f"data.{path}" for path in _EXPANDED],
        **filters,
    )
    found = list_at(answer, "data")
    page = read(connection, found, reading, products)
    page.cursor = id_at(found[-1], "id") if answer.get("has_more") and found else ""
    return page


def single(connection: "Connection", subscription_id: str, reading: Reading) -> Page:
    """Read one subscription as Stripe tells it now."""
    reading = replace(reading, as_of=timezone.now())
    found = api.get(connection, f"subscriptions/{subscription_id}", expand=list(_EXPANDED_IN_ONE))
    return read(connection, [found], reading, {})


def told(subscription: Json, reading: Reading) -> Page:
    """Read a subscription as an event tells it, without asking anybody."""
    page = Page()
    _add(page, subscription, reading)
    return page


def read(connection: "Connection", found: list[Json], reading: Reading, products: dict[str, Json]) -> Page:
    """Turn subscriptions into records; one that cannot be read is set apart and holds no other up."""
    page = Page()
    whole = [_with_all_items(connection, subscription) for subscription in found]
    _fetch_products(connection, whole, products)
    for subscription in whole:
        _add(page, subscription, replace(reading, products=products))
    return page


def _add(page: Page, subscription: Json, reading: Reading) -> None:
    def record() -> Record:
        made = mapping.record(subscription, reading)
        page.invoices[made.id] = id_at(subscription, "latest_invoice")
        return made

    page.take(subscription, record)


def _with_all_items(connection: "Connection", subscription: Json) -> Json:
    """Fetch the items that do not fit into a subscription's own list of them."""
    items = subscription.get("items")
    if not isinstance(items, Mapping) or items.get("has_more") is not True:
        return subscription
    answer = api.get(connection, "subscription_items", subscription=id_at(subscription, "id"), limit=100)
    return {**subscription, "items": answer}


def _fetch_products(connection: "Connection", found: list[Json], products: dict[str, Json]) -> None:
    """Learn the products that are only named, all in one request: a list cannot expand as deep as they lie."""
    missing = sorted({name for subscription in found for name in _product_ids(subscription)} - products.keys())
    for start in range(0, len(missing), PAGE_SIZE):
        batch = missing[start : start + PAGE_SIZE]
        answer = api.get(connection, "products", ids=batch, limit=PAGE_SIZE)
        products |= {name: {} for name in batch} | {
            id_at(product, "id"): product for product in list_at(answer, "data")
        }


def _product_ids(subscription: Json) -> list[str]:
    try:
        prices = [object_at(item, "price") or object_at(item, "plan") for item in list_at(subscription, "items.data")]
        named = [price for price in prices if not object_at(price, "product")]
        return [name for price in named if (name := id_at(price, "product"))]
    except RecordError:
        return []  # the mapping meets the same fault, and says so with its path
