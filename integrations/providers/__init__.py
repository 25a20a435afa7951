"""What each kind of store can do, by name."""

from typing import TYPE_CHECKING

from integrations.providers.api_store import API
from integrations.providers.base import History, Provider
from integrations.providers.paypal import PAYPAL
from integrations.providers.stripe import STRIPE
from integrations.providers.woocommerce import WOOCOMMERCE

if TYPE_CHECKING:
    from integrations.models import Connection

PROVIDERS: dict[str, Provider] = {provider.name: provider for provider in (STRIPE, PAYPAL, WOOCOMMERCE, API)}
# Those that send webhooks, and so have an address for them.
SENDERS: dict[str, Provider] = {name: provider for name, provider in PROVIDERS.items() if provider.verify}


def history_of(connection: "Connection") -> History | None:
    """Return how this store's past is read; None where it has none to tell."""
    history = PROVIDERS[connection.provider_name].history
    return history if history and history.is_offered(connection) else None
