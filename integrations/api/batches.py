"""Batches: more rows than one answer can wait for, worked off in slices, resumable after a kill at any moment.

One process at a time works on a batch, in turns. A slice is applied and its outcomes are written in one transaction.
"""

import logging
import math
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import batched
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from config import turns
from config.api import reading_json
from integrations.api import writing
from integrations.models import ApiKey, Batch, BatchSlice, Connection
from subscriptions.models import Store
from subscriptions.records import RecordError

logger = logging.getLogger(__name__)

SLICE = 500
LARGEST = 50_000
# Failures in a row after which a slice is applied row by row, and what fails even then is that row's error.
PATIENCE = 5
# Seconds until a batch looks again whether its connections rest.
REST = 30
State = Batch.State

# The id of the store that a row is for, whether it may start automations, and the row.
type Addressed = tuple[int, bool, Any]


class _Resting(Exception):
    """Rows are for a connection that rests, so the batch waits with it."""


@transaction.atomic
def accept(key: ApiKey, connection: Connection | None, told: Iterable[Addressed]) -> Batch:
    """Keep rows to be worked off, and return their batch; wake a worker (`bell`) once this has been committed."""
    batch = Batch.objects.create(key=key, connection=connection, size=0)
    slices = []
    for rows in batched(told, SLICE):
        slices.append(BatchSlice(batch=batch, start=batch.size, rows=reading_json.keep(rows)))
        batch.size += len(rows)
    BatchSlice.objects.bulk_create(slices)
    batch.save(update_fields=["size"])
    return batch


def run(batch_id: UUID, *, seconds: float = math.inf) -> Batch:
    """Work a batch off until it is finished or the time is over; do nothing if another process works on it."""
    if turns.take(Batch, batch_id):
        batch = Batch.objects.get(pk=batch_id)
        try:
            with translation.override("en"):  # as everywhere in the API
                _work(batch, time.monotonic() + seconds)
        except turns.Lost:
            logger.info("Another process has taken over the batch %s", batch_id)
    return Batch.objects.get(pk=batch_id)


def abandoned(*, since: timedelta = timedelta()) -> list[UUID]:
    """Name the batches that nobody works on, and nobody has for that long."""
    return turns.abandoned(Batch, since=since)


def sweep() -> int:
    """Throw away what was finished long ago; return how many batches there were."""
    kept = timedelta(days=settings.KEEP_DAYS["batches"])
    return Batch.objects.filter(finished_at__lte=timezone.now() - kept).delete()[0]


def outcomes(batch: Batch, *, start: int, limit: int) -> list[writing.Told]:
    """List what became of the rows from a place on, as far as they have been worked off, in order."""
    slices = batch.slices.filter(start__gt=start - SLICE, start__lt=start + limit, outcomes__isnull=False)
    told = (one for done in slices for one in done.outcomes or ())
    return [one for one in told if start <= one["index"] < start + limit]


def counts(batch: Batch) -> dict[str, int]:
    """Count the outcomes so far by their kind."""
    total = dict.fromkeys(writing.OUTCOMES, 0)
    for counted in batch.slices.values_list("counts", flat=True):
        for name, count in counted.items():
            total[name] += count
    return total


def _work(batch: Batch, ends: float) -> None:
    while waiting := batch.slices.filter(outcomes__isnull=True).first():
        if not _tried(batch, waiting):
            return
        if time.monotonic() >= ends:
            turns.leave(batch)
            return
    turns.close(batch, State.FINISHED)


def _tried(batch: Batch, waiting: BatchSlice) -> bool:
    """Apply a slice; if that fails, leave the batch for a while and say so. Its rows are tried singly in the end."""
    is_last_try = batch.failures >= PATIENCE
    try:
        with transaction.atomic():
            turns.keep(batch)
            done = _applied(batch, waiting, singly=is_last_try)
            waiting.outcomes, waiting.rows, waiting.counts = done, "", writing.counted(done)
            waiting.save(update_fields=["outcomes", "rows", "counts"])
            turns.ours(batch).update(failures=0)
    except turns.Lost:
        raise
    except _Resting:
        turns.leave(batch, REST)
        return False
    except Exception:
        logger.exception("A slice of the batch %s cannot be applied", batch.pk)
        turns.leave(batch, turns.failed(batch))
        return False
    batch.failures = 0
    return True


def _applied(batch: Batch, waiting: BatchSlice, *, singly: bool) -> list[writing.Told]:
    rows: list[Addressed] = [(store, announce, row) for store, announce, row in reading_json.read_kept(waiting.rows)]
    told: dict[int, writing.Told] = {}
    named = {store for store, *_ in rows}
    if Connection.objects.at_rest().filter(store__in=named).exists():
        raise _Resting
    stores = Store.objects.filter(pk__in=named, connection__isnull=False).in_bulk()
    write = _write_singly if singly else _write
    for address in dict.fromkeys((store, announce) for store, announce, _ in rows):
        places = [place for place, (*of, _) in enumerate(rows) if tuple(of) == address]
        store, announce = stores.get(address[0]), address[1]
        outcomes = write(batch, store, [rows[place][2] for place in places], announce=announce)
        told |= {p: one | {"index": waiting.start + p} for p, one in zip(places, outcomes, strict=True)}
    return [told[place] for place in range(len(rows))]


def _write(batch: Batch, store: Store | None, rows: Sequence[Any], *, announce: bool) -> list[writing.Told]:
    if store is None:
        gone = RecordError({"legacy_connection_id": "is no connection any more"})
        return [writing.refused(0, row, gone) for row in rows]
    return writing.write(store, rows, now=batch.received_at, announce=announce)


def _write_singly(batch: Batch, store: Store | None, rows: Sequence[Any], *, announce: bool) -> list[writing.Told]:
    return [_write_one(batch, store, row, announce=announce) for row in rows]


def _write_one(batch: Batch, store: Store | None, row: Any, *, announce: bool) -> writing.Told:
    try:
        with transaction.atomic():
            return _write(batch, store, [row], announce=announce)[0]
    except Exception:
        logger.exception("A row of the batch %s cannot be applied", batch.pk)
        return writing.refused(0, row, RecordError({"": "could not be stored, by a fault on our side"}))
