"""Stores that speak through the API: made, known again, and cut off."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from integrations.models import ApiStore, Connection
from integrations.providers.api_store import API
from subscriptions.models import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a plugin tells of its shop; `service` and `external_id` together name the shop."""

    service: str
    external_id: str
    name: str
    logo_url: str = ""
    link_url: str = ""


class Taken(Exception):
    """A shop of this service and external ID is connected already."""


def connect(about: About) -> Connection:
    """Connect a shop and return its connection; one that was connected before finds its store and payments again.

    Raise Taken if it is connected now. A name that another API store has is made its own with the external ID.
    """
    try:
        return _connect(about)
    except IntegrityError:  # another process was faster by a moment
        raise Taken from None


@transaction.atomic
def _connect(about: About) -> Connection:
    known = ApiStore.objects.select_related("store").filter(service=about.service, external_id=about.external_id)
    told = known.first()
    if told and Connection.objects.filter(store=told.store).exists():
        raise Taken
    store = told.store if told else Store.objects.create(name=_free_name(about), provider=API.name)
    ApiStore.objects.update_or_create(
        service=about.service,
        external_id=about.external_id,
        defaults={"store": store, "logo_url": about.logo_url, "link_url": about.link_url},
    )
    return Connection.objects.create(store=store)


@transaction.atomic
def change(connection: Connection, about: About) -> None:
    """Write what a plugin tells of its connected shop; raise Taken if that is how another shop is named."""
    others = ApiStore.objects.filter(service=about.service, external_id=about.external_id)
    if others.exclude(store=connection.store).exists():
        raise Taken
    ApiStore.objects.update_or_create(
        store=connection.store,
        defaults={
            "service": about.service,
            "external_id": about.external_id,
            "logo_url": about.logo_url,
            "link_url": about.link_url,
        },
    )
    if about.name != connection.store.name:
        connection.store.name = _free_name(about)
        connection.store.save(update_fields=["name"])


def about(connection: Connection) -> About:
    """Return what is known of a connected shop; one that was connected by command is its own service and ID."""
    told = getattr(connection.store, "api_store", None)
    return About(
        service=told.service if told else API.name,
        external_id=told.external_id if told else str(connection.store_id),
        name=connection.name,
        logo_url=told.logo_url if told else "",
        link_url=told.link_url if told else "",
    )


def _free_name(about: About) -> str:
    """Return a name that no other API store has, since commands know connections by their names."""
    taken = Store.objects.filter(name=about.name, provider=API.name).exists()
    return f"{about.name[:100]} ({about.external_id[:90]})" if taken else about.name
