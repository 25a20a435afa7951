"""The pages of a sweep: while one is being applied, the next is on its way.

Each page is applied, counted and the sweep's cursor moved in one transaction.
"""

import gc
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, transaction
from django.db.models import F
from django.utils import timezone

from integrations import pace
from integrations.models import Connection, Delivery, Sweep
from integrations.providers.base import Broken, Page
from subscriptions.models import Change
from subscriptions.records import Record
from subscriptions.services import apply_records

# Seconds between two looks at whether the sweep is still ours, while a store keeps us waiting.
TICK = 0.5


def _nothing_more(_page: Page) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How one sweep reads its store: a page after a cursor, and what becomes of it.

    `settle` does what else there is to do with a page, in the transaction that applies it, and returns what is to be
    written on the sweep for it.
    """

    page: Callable[[str, dict[str, Any]], Page]
    source: Change.Source
    announce: bool
    settle: Callable[[Page], dict[str, Any]] = _nothing_more


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading[Kind: Sweep]:
    """One process at work on a sweep.

    `keep` renews the claim, and raises if the sweep is no longer to be worked on here; `is_over` tells whether it is
    time to stop after a page; `memory` is what the provider remembers from page to page.
    """

    sweep: Kind
    keep: Callable[[], None]
    is_over: Callable[[], bool]
    progress: Callable[[Kind], None]
    memory: dict[str, Any] = field(default_factory=dict)


def read[Kind: Sweep](reading: Reading[Kind], reader: Reader) -> bool:
    """Apply page after page from the cursor on; return whether that was all, False where the time was over before."""
    sweep = reading.sweep
    with _one_thread() as pool, _rare_collections():
        coming = _asked(reading, reader, pool)
        while True:
            page = _awaited(reading, coming)
            goes_on = bool(page.cursor) and not reading.is_over()
            sweep.cursor = page.cursor
            if goes_on:
                coming = _asked(reading, reader, pool)
            _apply(reading, reader, page)
            reading.progress(sweep)
            if not goes_on:
                return not page.cursor


@contextmanager
def _one_thread() -> Iterator[ThreadPoolExecutor]:
    """Give a thread that asks beside us, and close what it has opened at the database."""
    with ThreadPoolExecutor(1) as pool:
        try:
            yield pool
        finally:
            pool.submit(connections.close_all)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let the garbage collector look less often: pages are large and soon gone, and it took a sixth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _asked(reading: Reading[Any], reader: Reader, pool: ThreadPoolExecutor) -> Future[Page]:
    """Ask for the page at the sweep's cursor; its turn is reserved here, before we begin to write."""
    cursor = reading.sweep.cursor
    moment = pace.reserve(reading.sweep.connection)

    def ask() -> Page:
        with pace.spending(moment):
            return reader.page(cursor, reading.memory)

    return pool.submit(ask)


def _awaited(reading: Reading[Any], coming: Future[Page]) -> Page:
    """Wait for a page, and keep the claim and an eye on cancellation meanwhile."""
    while True:
        try:
            return coming.result(timeout=TICK)
        except NotYet:
            reading.keep()


def _apply(reading: Reading[Any], reader: Reader, page: Page) -> None:
    """Apply a page, count what became of it and move the cursor, all or nothing."""
    sweep = reading.sweep
    with transaction.atomic():
        reading.keep()
        outcomes = apply_records(sweep.connection.store, page.records, source=reader.source, announce=reader.announce)
        _settle_broken(sweep.connection, page.records)
        for broken in page.broken:
            _keep_broken(sweep.connection, broken)
        counts = {name: outcomes.count(name) for name in Sweep.COUNTS}  # type: ignore[arg-type]
        counts["failed"] = len(page.broken)
        type(sweep).objects.filter(pk=sweep.pk).update(
            cursor=page.cursor,
            pages=F("pages") + 1,
            failures=0,
            **{name: F(name) + count for name, count in counts.items()},
            **reader.settle(page),
        )
    sweep.refresh_from_db(fields=["cursor", "pages", "failures", *Sweep.COUNTS])


def _key(payment_id: str) -> str:
    return f"history:{payment_id}"[:255]


def _settle_broken(connection: Connection, records: list[Record]) -> None:
    """Close what an earlier sync could not read and this one could."""
    keys = [_key(record.id) for record in records]
    failed = Delivery.objects.filter(connection=connection, key__in=keys, state=Delivery.State.FAILED)
    failed.update(state=Delivery.State.APPLIED, reason="", finished_at=timezone.now())


def _keep_broken(connection: Connection, broken: Broken) -> None:
    """Keep what cannot be read in the inbox, where it can be seen and retried like any event."""
    now = timezone.now()
    Delivery.objects.update_or_create(
        connection=connection,
        key=_key(broken.id),
        defaults={
            "event_type": "history",
            "occurred_at": now,
            "received_at": now,
            "subject": f"subscription:{broken.id}"[:255],
            "body": json.dumps({"type": "history", "data": {"object": json.loads(broken.body)}}),
            "state": Delivery.State.FAILED,
            "reason": f"{broken.id}: {broken.error}",
            "due_at": now,
            "claimed_until": now,
            "finished_at": now,
        },
    )
