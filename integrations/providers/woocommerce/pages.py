"""Subscriptions a page at a time, each with its products, and with its orders where only they tell how it stands."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.problems import Problem
from integrations.providers.base import Page, ProviderError
from integrations.providers.reading import Json, list_at
from integrations.providers.woocommerce import api, mapping, statuses
from integrations.providers.woocommerce.mapping import Reading
from integrations.providers.woocommerce.reading import id_at, moment_at
from subscriptions.models import RecurringPayment
from subscriptions.records import IDENTITY, RecordError

if TYPE_CHECKING:
    from integrations.models import Connection

PAGE_SIZE = 50
_PRODUCTS_AT_ONCE = 100
# All that we read of a product: descriptions and prices of many would fill the memory.
_OF_PRODUCTS = ["id", "categories", "brands", "tags"]


def listed(connection: "Connection", number: int, reading: Reading, memory: dict[str, Any], **filters: Any) -> Page:
    """Read a page of all subscriptions, by rising id; the cursor is the next page's number.

    Products are remembered from page to page, and how many subscriptions there were.
    """
    reading = replace(reading, as_of=timezone.now())
    found, answer = rows(connection, number, **filters)
    known = _paid(connection, found)
    page = read(connection, found, replace(reading, paid=known), memory.setdefault("products", {}), ask_orders=False)
    page.cursor = _following(number, answer, memory)
    return page


def _following(number: int, answer: api.Answer, memory: dict[str, Any]) -> str:
    """Name the next page; an earlier one where subscriptions vanished meanwhile, since the others moved up."""
    before, total = memory.get("total"), answer.total
    if total is not None and before is not None and total < before:
        memory["total"] = total
        return str(max(number - -(-(before - total) // PAGE_SIZE), 1))
    memory.setdefault("total", total)
    return "" if answer.is_last(number) else str(number + 1)


def _paid(connection: "Connection", found: list[Json]) -> dict[str, datetime | None]:
    """Tell when those were paid last of which we know how that went."""
    ids = [str(one.get("id")) for one in found]
    stored = RecurringPayment.objects.filter(store_id=connection.store_id, store_recurring_payment_id__in=ids)
    return dict(stored.exclude(last_payment_status="").values_list(IDENTITY, "last_payment_date"))


def rows(connection: "Connection", number: int, **filters: Any) -> tuple[list[Json], api.Answer]:
    """Fetch a page of subscriptions, by rising id, with what the shop said of the whole list."""
    answer = api.get(
        connection,
        "subscriptions",
        page=number,
        per_page=PAGE_SIZE,
        orderby="id",
        order="asc",
        status="any",
        dates_are_gmt=True,
        **filters,
    )
    found = answer.data
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ProviderError(Problem.NOT_A_STORE, "subscriptions")
    return found, answer


def single(connection: "Connection", identity: str, reading: Reading) -> Page:
    """Read one subscription as the shop tells it now, with its newest order."""
    reading = replace(reading, as_of=timezone.now())
    found = api.get(connection, f"subscriptions/{identity}").data
    if not isinstance(found, dict):
        raise ProviderError(Problem.NOT_A_STORE, f"subscriptions/{identity}")
    return read(connection, [found], reading, {}, ask_orders=True)


def told(subscription: Json, reading: Reading) -> Page:
    """Read a subscription as a webhook tells it, without asking anybody."""
    page = Page()
    page.take(subscription, lambda: mapping.record(subscription, reading))
    return page


def read(
    connection: "Connection", found: list[Json], reading: Reading, products: dict[str, Json], *, ask_orders: bool
) -> Page:
    """Turn subscriptions into records; one that cannot be read is set apart and holds no other up.

    Orders cost a request each: in a list, only those are asked for without which the status would be a guess.
    """
    _fetch_products(connection, found, products)
    wanted = [one for one in found if _has_orders(one) and (ask_orders or statuses.needs_orders(one))]
    orders = {id_at(one, "id"): order for one in wanted if (order := _newest_order(connection, one))}
    page, informed = Page(), replace(reading, products=products, orders=orders)
    for subscription in found:
        page.take(subscription, partial(mapping.record, subscription, informed))
    return page


def _has_orders(subscription: Json) -> bool:
    """Whether it can be asked for its orders; the mapping meets what is broken here too, and says so with its path."""
    try:
        return bool(id_at(subscription, "id") and statuses.word(subscription))
    except RecordError:
        return False


def _newest_order(connection: "Connection", subscription: Json) -> Json | None:
    try:
        found = api.get(connection, f"subscriptions/{id_at(subscription, 'id')}/orders").data
    except ProviderError as error:
        if error.permanent:
            return None
        raise
    orders = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return max(orders, key=_made_at, default=None)


def _made_at(order: Json) -> tuple[float, int]:
    """Order by when it was made, then by its number."""
    try:
        made = moment_at(order, "date_created_gmt")
    except RecordError:
        made = None
    number = order.get("id")
    return made.timestamp() if made else 0.0, number if isinstance(number, int) else 0


def _fetch_products(connection: "Connection", found: list[Json], products: dict[str, Json]) -> None:
    """Learn the products that are only named; one that is gone, or may not be read, has no category, brand or tag."""
    missing = sorted({name for subscription in found for name in _product_ids(subscription)} - products.keys())
    for start in range(0, len(missing), _PRODUCTS_AT_ONCE):
        batch = missing[start : start + _PRODUCTS_AT_ONCE]
        answer = api.get(
            connection, "products", include=batch, per_page=_PRODUCTS_AT_ONCE, status="any", _fields=_OF_PRODUCTS
        ).data
        rows = answer if isinstance(answer, list) else []
        products |= {name: {} for name in batch} | {str(one.get("id")): one for one in rows if isinstance(one, dict)}


def _product_ids(subscription: Json) -> list[str]:
    try:
        return [name for item in list_at(subscription, "line_items") if (name := id_at(item, "product_id"))]
    except RecordError:
        return []  # the mapping meets the same fault, and says so with its path
