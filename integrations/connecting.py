"""Making a connection and changing its credentials, the same by command and by form."""

from dataclasses import dataclass

from django.db import transaction

from integrations.models import Connection
from integrations.providers import PROVIDERS
from subscriptions.models import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a store's administrator enters; None keeps what a connection has."""

    api_key: str | None = None
    webhook_secret: str | None = None
    livemode: bool | None = None
    api_address: str | None = None
    external_id_key: str | None = None


@transaction.atomic
def connect(provider: str, *, name: str, credentials: Credentials) -> tuple[Connection, bool]:
    """Connect a store, or give the connection of that name new credentials; return it and whether it is new."""
    store, is_new = Store.objects.select_for_update().get_or_create(name=name, provider=provider)
    connection, _ = Connection.objects.get_or_create(store=store)
    for field in ("api_key", "livemode", "api_address", "external_id_key"):
        value = getattr(credentials, field)
        if value is not None:
            setattr(connection, field, value)
    if credentials.webhook_secret is not None:
        connection.take_webhook_secret(credentials.webhook_secret)
    connection.save_settings()
    refresh_store(connection)
    return connection, is_new


def refresh_store(connection: Connection) -> None:
    """Write down on the store what follows from the connection: the address of a payment's own page."""
    connection.store.payment_page = PROVIDERS[connection.provider_name].payment_page(connection)
    connection.store.save(update_fields=["payment_page"])
