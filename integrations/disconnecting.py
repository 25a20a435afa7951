"""Disconnecting a store: marked at once, so that nothing of it is heard or asked any more, and removed in short parts.

The mark stands on the connection's row until its last part is gone. A process that dies in the middle leaves it there,
and the sweep goes on, so that what was begun is always ended.
"""

import math
import time
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.utils import timezone

from integrations import connecting
from integrations.models import Batch, BatchSlice, Connection, HistoricalSync
from integrations.models.connection import new_token
from integrations.providers import PROVIDERS
from integrations.providers.base import ProviderError
from subscriptions.removal import remove_part

KEEP, REMOVE = "keep", "remove"
PART = 500


def take_webhook_away(connection: Connection) -> str:
    """Remove our webhook at the store, where we may; return in words why not, or nothing. Asks the store."""
    unregister = PROVIDERS[connection.provider_name].unregister
    if unregister is None or not connection.api_key:
        return ""
    try:
        unregister(connection)
    except ProviderError as error:
        return error.words
    return ""


@transaction.atomic
def begin(connection: Connection, *, payments: str) -> bool:
    """Mark a connection as leaving: from now on its webhook address, its keys and its history are dead.

    `payments` says whether its recurring payments KEEP or are REMOVEd; what was begun first holds, and then this is
    False.
    """
    marked = Connection.objects.filter(pk=connection.pk, leaving="")
    now = timezone.now()
    is_first = bool(marked.update(leaving=payments, paused_at=now, token=new_token()))
    if is_first:
        connection.keys.valid().update(revoked_at=now)
        connection.syncs.filter(state__in=HistoricalSync.OPEN).update(cancel_requested=True)
    connection.refresh_from_db()
    return is_first


def run(connection_id: int, *, seconds: float = math.inf) -> bool:
    """Remove a marked connection part by part, until it is gone or the time is over; return whether it is gone."""
    ends = time.monotonic() + seconds
    connection = Connection.objects.select_related("store").filter(pk=connection_id).exclude(leaving="").first()
    if connection is None:
        return not Connection.objects.filter(pk=connection_id).exists()
    if _is_in_hand(connection):
        return False
    while not _part(connection):
        if time.monotonic() >= ends:
            return False
    return True


def unfinished() -> list[int]:
    """Name the connections whose removal has begun."""
    return list(Connection.objects.exclude(leaving="").values_list("pk", flat=True))


def _is_in_hand(connection: Connection) -> bool:
    """Whether another process still works on what it took before the mark; it could write what is being removed."""
    held = Q(claimed_until__gt=timezone.now())
    return (
        connection.deliveries.filter(held, state="waiting").exclude(claim="").exists()
        or connection.syncs.filter(held, state__in=HistoricalSync.OPEN).exclude(claim="").exists()
        or connection.reconciliations.filter(held, state__in=HistoricalSync.OPEN).exclude(claim="").exists()
        or connection.batches.filter(held, state__in=Batch.OPEN).exclude(claim="").exists()
    )


def _part(connection: Connection) -> bool:
    """Remove one part, in one transaction; return whether that was the last."""
    for rows in (connection.deliveries.all(), BatchSlice.objects.filter(batch__connection=connection)):
        if _some_removed(rows):
            return False
    if connection.leaving == REMOVE and remove_part(connection.store):
        return False
    return _ended(connection)


def _some_removed(rows: QuerySet[Any]) -> int:
    part = list(rows.order_by("pk").values_list("pk", flat=True)[:PART])
    return rows.model._default_manager.filter(pk__in=part).delete()[0] if part else 0


def _ended(connection: Connection) -> bool:
    try:
        with transaction.atomic():
            connecting.disconnect(connection)
            if connection.leaving == REMOVE:
                connection.store.delete()
    except ProtectedError:  # a payment came in after all: it goes with the next part
        return False
    return True
