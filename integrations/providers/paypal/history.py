"""A history that PayPal does not document: some accounts list their subscriptions all the same.

Where a probe finds that an account does, history is offered as an experiment; a list tells little, so each
subscription is asked for.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from integrations.problems import PASSING
from integrations.providers.base import Page, ProviderError, Total
from integrations.providers.paypal import api, pages
from integrations.providers.reading import Json, integer_at, list_at, text_at
from subscriptions.records import RecordError

if TYPE_CHECKING:
    from integrations.models import Connection

PAGE_SIZE = 20
_LIST = "v1/billing/subscriptions"


def probe(connection: "Connection") -> bool:
    """Ask whether this account lists its subscriptions; trouble that passes leaves the earlier answer standing."""
    try:
        return isinstance(api.get(connection, _LIST, page_size=1, page=1).get("subscriptions"), list)
    except ProviderError as error:
        return connection.lists_payments and error.problem in PASSING


def total(connection: "Connection") -> Total | None:
    """Ask how many subscriptions there are."""
    found = api.get(connection, _LIST, page_size=1, page=1, total_required="true")
    count = integer_at(found, "total_items")
    return None if count is None else Total(count=count)


def page(connection: "Connection", cursor: str, memory: dict[str, Any]) -> Page:
    """Read the page of that number; products are remembered from page to page."""
    number, products = int(cursor or 1), memory.setdefault("products", {})
    found = api.get(connection, _LIST, page=number, page_size=PAGE_SIZE)
    rows, whole = list_at(found, "subscriptions"), Page()
    for row in rows:
        one = _one(connection, row, products)
        whole.records += one.records
        whole.broken += one.broken
    goes_on = any(text_at(link, "rel") == "next" for link in list_at(found, "links"))
    whole.cursor = str(number + 1) if goes_on and rows else ""
    return whole


def _one(connection: "Connection", row: Json, products: dict[str, Json]) -> Page:
    """Read a subscription that the list names; one that cannot be asked for is taken as the list tells it."""
    reading = pages.reading_for(connection)
    try:
        asked = pages.single(connection, text_at(row, "id"), reading, products)
    except RecordError:
        asked = None  # it has no id: that is said with its path
    return asked or pages.told(row, replace(reading, is_whole=False))
