"""Pausing a connection: what arrives meanwhile is kept, nothing is worked off, and nothing is asked of the store."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from integrations import bell
from integrations.models import Batch, Connection, HistoricalSync


def pause(connection: Connection) -> bool:
    """Let a connection rest from now on; False if it does already. What is in hand at this moment is finished."""
    now = timezone.now()
    is_new = Connection.objects.filter(pk=connection.pk, paused_at=None).update(paused_at=now)
    connection.refresh_from_db(fields=["paused_at"])
    return bool(is_new)


def resume(connection: Connection) -> bool:
    """Work off what was kept, and go on with what rested; False if it was not paused, or is being disconnected."""
    resting = Connection.objects.at_rest().filter(pk=connection.pk, leaving="")
    was_resting = resting.update(paused_at=None)
    connection.refresh_from_db(fields=["paused_at"])
    if was_resting:
        transaction.on_commit(partial(_ring, connection))
    return bool(was_resting)


def _ring(connection: Connection) -> None:
    bell.ring()
    for sync in connection.syncs.filter(state__in=HistoricalSync.OPEN):
        bell.ring_for_sync(sync)
    for run in connection.reconciliations.filter(state__in=HistoricalSync.OPEN):
        bell.ring_for_reconciliation(run)
    for batch_id in connection.batches.filter(state__in=Batch.OPEN).values_list("pk", flat=True):
        bell.ring_for_batch(batch_id)
