"""What each kind of store can do, by name."""

from integrations.providers.api_store import API
from integrations.providers.base import Provider
from integrations.providers.paypal import PAYPAL
from integrations.providers.stripe import STRIPE
from integrations.providers.woocommerce import WOOCOMMERCE

PROVIDERS: dict[str, Provider] = {provider.name: provider for provider in (STRIPE, PAYPAL, WOOCOMMERCE, API)}
# Those that send webhooks, and so have an address for them.
SENDERS: dict[str, Provider] = {name: provider for name, provider in PROVIDERS.items() if provider.verify}
