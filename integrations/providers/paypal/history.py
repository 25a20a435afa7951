"""A history that PayPal does not document: some accounts list their subscriptions all the same.

Where a probe finds that an account does, history is offered as an experiment; a list tells little, so each
subscription is asked for.
"""

from typing import TYPE_CHECKING, Any

from integrations.providers.base import Page, ProviderError, Total
from integrations.providers.paypal import api, pages
from integrations.providers.reading import integer_at, list_at, text_at

if TYPE_CHECKING:
    from integrations.models import Connection

PAGE_SIZE = 20
_LIST = "v1/billing/subscriptions"


def probe(connection: "Connection") -> bool:
    """Ask whether this account lists its subscriptions."""
    try:
        return isinstance(api.get(connection, _LIST, page_size=1, page=1).get("subscriptions"), list)
    except ProviderError:
        return False


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
        one = pages.single(connection, text_at(row, "id"), pages.reading_for(connection), products)
        whole.records += one.records
        whole.broken += one.broken
    goes_on = any(text_at(link, "rel") == "next" for link in list_at(found, "links"))
    whole.cursor = str(number + 1) if goes_on and rows else ""
    return whole
