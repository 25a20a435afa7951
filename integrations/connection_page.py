"""What several pages say of a connection: its kind, and how far its history is."""

from typing import Any

from integrations.models import Connection
from integrations.providers import PROVIDERS, history_of


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
