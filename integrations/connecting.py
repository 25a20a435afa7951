"""Making a connection and changing its credentials, the same by command and by form."""

from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction

from config.audit.log import record
from integrations.models import Connection
from integrations.providers import PROVIDERS
from subscriptions.models import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a store's administrator enters, by the connection's fields; None keeps what a connection has."""

    client_id: str | None = None
    api_key: str | None = None
    webhook_id: str | None = None
    webhook_secret: str | None = None
    livemode: bool | None = None
    api_address: str | None = None
    may_be_private: bool | None = None
    external_id_key: str | None = None

    def trial(self, known: Connection) -> Connection:
        """Return a connection as it would be, to be tried; it is never stored."""
        trial = Connection(livemode=known.livemode)
        for field in fields(self):
            value = getattr(self, field.name)
            setattr(trial, field.name, getattr(known, field.name) if value is None else value)
        return trial

    def changes(self, known: Connection) -> list[Any]:
        """Name what these would change on a connection, as its provider calls it; no value is told."""
        given = (one for one in PROVIDERS[known.provider_name].credentials if getattr(self, one.name) is not None)
        return [one.label for one in given if getattr(self, one.name) != getattr(known, one.name)]

    def write_to(self, connection: Connection) -> None:
        """Write what was entered on a connection, which keeps its old webhook secret for a day beside a new one."""
        for name in _WRITTEN:
            value = getattr(self, name)
            if value is not None:
                setattr(connection, name, value)
        if self.webhook_secret is not None:
            connection.take_webhook_secret(self.webhook_secret)


_WRITTEN = tuple(field.name for field in fields(Credentials) if field.name != "webhook_secret")


@transaction.atomic
def connect(provider: str, *, name: str, credentials: Credentials) -> tuple[Connection, bool]:
    """Connect a store, or give the connection of that name new credentials; return it and whether it is new."""
    store, is_new = Store.objects.select_for_update().get_or_create(name=name, provider=provider)
    connection, is_made = Connection.objects.get_or_create(store=store)
    changed = credentials.changes(connection)
    credentials.write_to(connection)
    connection.save_settings()
    refresh_store(connection)
    if is_made or changed:
        record("connection.made" if is_made else "connection.changed", about=connection, fields=changed)
    return connection, is_new


def refresh_store(connection: Connection) -> None:
    """Write down on the store what follows from the connection: the address of a payment's own page."""
    page = PROVIDERS[connection.provider_name].payment_page
    if page:
        connection.store.payment_page = page(connection)
        connection.store.save(update_fields=["payment_page"])
