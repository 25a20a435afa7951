"""Everything that a Stripe account holds, newest first."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.providers.base import Page, ProviderError, Total
from integrations.providers.reading import integer_at
from integrations.providers.stripe import api, pages
from integrations.providers.stripe.mapping import Reading

if TYPE_CHECKING:
    from integrations.models import Connection

# Beyond this, Stripe's search no longer counts exactly (docs.stripe.com/api/pagination/search).
_COUNTS_UP_TO = 10_000


def page(connection: "Connection", cursor: str, memory: dict[str, Any]) -> Page:
    """Read the page after a subscription's id; products are remembered from page to page."""
    after = {"starting_after": cursor} if cursor else {}
    return pages.listed(connection, reading_for(connection), memory.setdefault("products", {}), **after)


def total(connection: "Connection") -> Total | None:
    """Ask how many subscriptions there are; None where the account has no search."""
    try:
        answer = api.get(connection, "subscriptions/search", query="created>0", limit=1, expand=["total_count"])
    except ProviderError:
        return None
    count = integer_at(answer, "total_count")
    return None if count is None else Total(count=count, is_least=count >= _COUNTS_UP_TO)


def reading_for(connection: "Connection") -> Reading:
    """Return how this connection's subscriptions are read."""
    return Reading(
        as_of=timezone.now(),
        connected_at=connection.created_at,
        external_id_key=connection.external_id_key,
        status_overrides=connection.status_overrides,
    )
