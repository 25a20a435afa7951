"""Everything that a shop holds, by rising id."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.providers.base import Page, Total
from integrations.providers.woocommerce import api, pages
from integrations.providers.woocommerce.mapping import Reading

if TYPE_CHECKING:
    from integrations.models import Connection


def page(connection: "Connection", cursor: str, memory: dict[str, Any]) -> Page:
    """Read the page of that number."""
    return pages.listed(connection, int(cursor or 1), reading_for(connection), memory)


def total(connection: "Connection") -> Total | None:
    """Ask how many subscriptions there are."""
    count = api.get(connection, "subscriptions", per_page=1, status="any").total
    return None if count is None else Total(count=count)


def reading_for(connection: "Connection") -> Reading:
    """Return how this connection's subscriptions are read."""
    return Reading(
        as_of=timezone.now(),
        connected_at=connection.created_at,
        external_id_key=connection.external_id_key,
        status_overrides=connection.status_overrides,
    )
