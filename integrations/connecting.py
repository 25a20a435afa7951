"""Making a connection and changing its credentials, the same by command and by form."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from config.audit.log import record
from integrations.models import Connection
from integrations.problems import Problem
from integrations.providers import PROVIDERS
from integrations.providers.base import Provider, ProviderError
from subscriptions.availability import from_start
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
    resources: list[str] | None = None

    def trial(self, known: Connection) -> Connection:
        """Return a connection as it would be, to be tried; it is never stored."""
        trial = Connection(livemode=known.livemode)
        for field in fields(self):
            value = getattr(self, field.name)
            setattr(trial, field.name, getattr(known, field.name) if value is None else value)
        return trial

    def changes(self, known: Connection) -> list[Any]:
        """Name what these would change on a connection, as its provider calls it; no value is told."""
        names = {one.name: one.label for one in PROVIDERS[known.provider_name].credentials}
        names |= {name: known._meta.get_field(name).verbose_name for name in _BESIDE}  # type: ignore[union-attr]
        given = {name: getattr(self, name) for name in names}
        return [names[name] for name, value in given.items() if value not in (None, getattr(known, name))]

    def write_to(self, connection: Connection, provider: Provider) -> None:
        """Write what was entered on a connection, which keeps its old webhook secret for a day beside a new one."""
        for name in _WRITTEN:
            value = getattr(self, name)
            if value is not None:
                setattr(connection, name, value)
        if self.webhook_secret is not None and not constant_time_compare(
            self.webhook_secret, connection.webhook_secret
        ):
            is_replaced = bool(connection.webhook_secret and self.webhook_secret)
            connection.take_webhook_secret(self.webhook_secret)
            connection.secret_untold = provider.tells_secret and is_replaced and bool(connection.api_key)


# What is entered along with the credentials and is none.
_BESIDE = ("livemode", "external_id_key", "resources")
_WRITTEN = tuple(field.name for field in fields(Credentials) if field.name != "webhook_secret")


@transaction.atomic
def connect(provider: str, *, name: str, credentials: Credentials) -> tuple[Connection, bool]:
    """Connect a store, or give the connection of that name new credentials; return it and whether it is new."""
    store, is_new = Store.objects.select_for_update().get_or_create(name=name, provider=provider)
    connection, is_made = Connection.objects.get_or_create(store=store)
    changed = credentials.changes(connection)
    credentials.write_to(connection, PROVIDERS[provider])
    connection.save_settings()
    refresh_store(connection)
    if is_made or changed:
        record("connection.made" if is_made else "connection.changed", about=connection, fields=changed)
    return connection, is_new


def refresh_store(connection: Connection) -> None:
    """Write down on the store what follows from the connection.

    That is the address of a payment's own page, and whether features are seen before the first payment.
    """
    store, page = connection.store, PROVIDERS[connection.provider_name].payment_page
    if page:
        store.payment_page = page(connection)
    store.features_from_start = from_start(store.provider, connection.resources)
    store.save(update_fields=["payment_page", "features_from_start"])


@transaction.atomic
def disconnect(connection: Connection) -> None:
    """Cut a store off: its payments stay, and with them the features, which by itself it shows no more."""
    Store.objects.filter(pk=connection.store_id).update(features_from_start=False)
    connection.delete()


def probe(connection: Connection) -> None:
    """Look what this very store can do, and write it on the connection. Ask the store; raise ProviderError."""
    look = PROVIDERS[connection.provider_name].probe
    if look and connection.api_key:
        look(connection)


def set_up(connection: Connection) -> str:
    """Set our webhook up at the store, or mend it; return what people should know beside that, mostly nothing.

    Look first what the store can do, which counts even where the webhook is refused. Ask the store, so never in a
    transaction; raise ProviderError.
    """
    probe(connection)
    register = PROVIDERS[connection.provider_name].register
    return register(connection) if register and connection.api_key else ""


def tell_store(connection: Connection, changed: Collection[str]) -> None:
    """Let the store know what was changed here by hand and concerns it, as far as it lets us.

    `changed` names the connection's fields. New credentials are a reason to look again what the store can do; another
    webhook secret, where it is ours to tell, and other resources change our webhook there. Ask the store, so never in
    a transaction; raise ProviderError.
    """
    provider = PROVIDERS[connection.provider_name]
    if any(one.is_tried and one.name in changed for one in provider.credentials):
        probe(connection)
    is_ours = connection.secret_untold or ("resources" in changed and bool(connection.webhook_id))
    if is_ours and provider.register and connection.api_key:
        _register_again(provider, connection)


def _register_again(provider: Provider, connection: Connection) -> None:
    """Change our webhook; where the key may not, whoever entered the secret tells the shop, and has a day for it."""
    try:
        if provider.register:
            provider.register(connection)
    except ProviderError as error:
        if error.problem is Problem.WEBHOOK_PERMISSION and connection.secret_untold:
            connection.told_secret()
            connection.save(update_fields=["secret_untold", "old_secret_until"])
        raise


def may_rotate(connection: Connection) -> bool:
    """Whether the webhook secret can be rotated from here; PayPal's webhook has none, and without a key we cannot."""
    return PROVIDERS[connection.provider_name].rotate is not None and bool(connection.api_key)


def rotate(connection: Connection) -> None:
    """Put a new webhook secret in the place of the old one, here and at the store, without a gap.

    Events that are signed with the old one are taken for another day. A store that goes away in the middle loses
    nothing: both secrets count until this is called again and succeeds. Where the key may not change webhooks,
    nothing is changed, and the error says what to do by hand. Write on the connection, ask the store, so never in a
    transaction; raise ProviderError. Do nothing where `may_rotate` says no.
    """
    turn = PROVIDERS[connection.provider_name].rotate
    if turn and connection.api_key:
        turn(connection)


# After which a store is asked again to take away what served an old secret.
_AGAIN = timedelta(hours=1)


def retire_old_secrets() -> int:
    """Forget the old webhook secrets whose day is over, with what served them at the stores; return how many."""
    over = Connection.objects.filter(old_secret_until__lt=timezone.now(), secret_untold=False, paused_at=None)
    return sum(_retire(connection) for connection in over.select_related("store"))


def _retire(connection: Connection) -> bool:
    retire = PROVIDERS[connection.provider_name].retire
    try:
        if retire and connection.api_key:
            retire(connection)
        until = None
    except ProviderError:
        until = timezone.now() + _AGAIN  # of no secret any more: only the store has to be asked again
    mine = Connection.objects.filter(pk=connection.pk, old_secret_until=connection.old_secret_until)
    return bool(mine.update(old_webhook_secret="", old_secret_until=until)) and until is None
