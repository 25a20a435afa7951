"""What a connection's page shows beside its form: how it is doing, its webhook address, its history."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from integrations import health
from integrations.api.keys import LIVES
from integrations.models import Connection, Delivery
from integrations.providers import PROVIDERS, SENDERS, history_of
from integrations.providers.api_store import API


def context(connection: Connection) -> dict[str, Any]:
    """Gather the page's parts as the template wants them."""
    return sync_context(connection) | {
        "figures": health.figures(connection),
        "unknown_statuses": health.unknown_statuses(connection),
        "last_event": connection.deliveries.exclude(event_type="history").order_by("-received_at").first(),
        "failed": connection.deliveries.filter(state=Delivery.State.FAILED).count(),
        "has_webhooks": connection.provider_name in SENDERS,
        "can_register": PROVIDERS[connection.provider_name].register is not None and bool(connection.api_key),
        "keys": connection.keys.all() if connection.provider_name == API.name else None,
        "lives": [days for days in LIVES if days],
        "api_address": f"{settings.PUBLIC_URL}/api/v1/",
        "payments": connection.store.recurring_payments.count(),
    }


def sync_context(connection: Connection) -> dict[str, Any]:
    """Gather how far the newest sync is."""
    sync = connection.syncs.first()
    history = history_of(connection)
    return {
        "connection": connection,
        "sync": sync,
        "has_history": history is not None,
        "is_experimental": history is not None and history.is_experimental,
    }


def provider_label(connection: Connection) -> str:
    """Name the kind of store as its maker does."""
    return PROVIDERS[connection.provider_name].label


# kind of store -> what it brings, in a sentence
_ABOUT = {
    "stripe": _("Subscriptions by webhook and by history, with a restricted key that may only read."),
    "paypal": _("Subscriptions by webhook, and the people who pay single orders. PayPal documents no history."),
    "woocommerce": _("Woo Subscriptions of your own shop, by webhook and by history."),
    "api": _("Any other store: its plugin or script writes through our API, with a key that we issue."),
}


def kinds() -> list[dict[str, Any]]:
    """List the kinds of stores that can be connected, each with what it brings."""
    return [
        {"name": provider.name, "label": provider.label, "about": _ABOUT[provider.name]}
        for provider in PROVIDERS.values()
    ]
