"""Historical sync: a store's past, one page at a time, resumable after a kill at any moment.

Each page is applied, counted and its cursor moved in one transaction, while the next page is already being asked for.
Only one process works on a sync: it holds a claim that it renews with every page, and that runs out if it dies.
"""

import gc
import json
import random
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connections, transaction
from django.db.models import F
from django.utils import timezone

from integrations import health, pace
from integrations.models import Connection, Delivery, HistoricalSync
from integrations.problems import Problem
from integrations.providers import PROVIDERS
from integrations.providers.base import Broken, History, Page, ProviderError
from subscriptions.models import Change
from subscriptions.services import apply_records

CLAIM = timedelta(seconds=60)
# Attempts in a row that may fail before a sync gives up; with the pauses below, about ten minutes.
MAX_ATTEMPTS = 14
_LONGEST_PAUSE = 60.0
_TICK = 0.5
State = HistoricalSync.State
Progress = Callable[[HistoricalSync], None]


class Stopped(Exception):
    """The sync was cancelled, or another process has taken it over."""


def start(connection: Connection) -> HistoricalSync:
    """Open a sync for the connection, or return the one that is open already."""
    try:
        with transaction.atomic():
            return HistoricalSync.objects.create(connection=connection)
    except IntegrityError:
        return HistoricalSync.objects.get(connection=connection, state__in=HistoricalSync.OPEN)


def resume(sync: HistoricalSync) -> bool:
    """Open a sync again that failed or was cancelled, at the page where it stopped; False if another is open."""
    try:
        with transaction.atomic():
            return bool(
                HistoricalSync.objects.filter(pk=sync.pk, state__in=[State.FAILED, State.CANCELLED]).update(
                    state=State.WAITING, cancel_requested=False, problem="", problem_detail="", finished_at=None
                )
            )
    except IntegrityError:
        return False


def cancel(sync: HistoricalSync) -> None:
    """Ask a sync to stop; it does so at the next page, or at once if nobody works on it."""
    rows = HistoricalSync.objects.filter(pk=sync.pk, state__in=HistoricalSync.OPEN)
    rows.update(cancel_requested=True)
    rows.filter(claimed_until__lte=timezone.now()).update(state=State.CANCELLED, finished_at=timezone.now())


def abandoned() -> list[int]:
    """Name the open syncs that nobody works on."""
    rows = HistoricalSync.objects.filter(state__in=HistoricalSync.OPEN, claimed_until__lte=timezone.now())
    return list(rows.values_list("pk", flat=True))


def run(sync_id: int, *, progress: Progress = lambda _sync: None) -> HistoricalSync:
    """Go on with a sync until it is finished, cancelled or fails; do nothing if another process works on it."""
    claim = secrets.token_hex(16)
    if not _take(sync_id, claim):
        return HistoricalSync.objects.get(pk=sync_id)
    sync = HistoricalSync.objects.select_related("connection__store").get(pk=sync_id)
    try:
        _sweep(sync, progress)
        _close(sync, State.FINISHED)
        health.clear(sync.connection)
    except ProviderError as error:
        health.report(sync.connection, error)
        _close(sync, State.FAILED, problem=error.problem, detail=error.detail)
    except Stopped:
        _close(sync, State.CANCELLED)
    sync.refresh_from_db()
    progress(sync)
    return sync


def _take(sync_id: int, claim: str) -> bool:
    now = timezone.now()
    rows = HistoricalSync.objects.filter(pk=sync_id, state__in=HistoricalSync.OPEN, claimed_until__lte=now)
    return bool(rows.update(state=State.RUNNING, claim=claim, claimed_until=now + CLAIM))


def _sweep(sync: HistoricalSync, progress: Progress) -> None:
    reader = PROVIDERS[sync.connection.provider_name].history
    if reader is None:
        raise ProviderError(Problem.REFUSED, permanent=True)
    if sync.total is None:
        _count(sync, reader)
    with ThreadPoolExecutor(1) as pool, _rare_collections():
        for page in _pages(sync, reader, pool):
            _apply(sync, page)
            progress(sync)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let the garbage collector look less often: pages are large and soon gone, and it took a sixth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _count(sync: HistoricalSync, reader: History) -> None:
    total = reader.total(sync.connection)
    if total:
        sync.total, sync.total_is_least = total.count, total.is_least
        sync.save(update_fields=["total", "total_is_least"])


def _pages(sync: HistoricalSync, reader: History, pool: ThreadPoolExecutor) -> Iterator[Page]:
    """Yield the pages from the cursor on; while one is being applied, the next is on its way."""
    memory: dict[str, Any] = {}

    def ask(cursor: str) -> Future[Page]:
        return pool.submit(_ask, reader, sync.connection, memory, cursor, pace.reserve(sync.connection))

    coming = ask(sync.cursor)
    cursor, failures = sync.cursor, 0
    while True:
        try:
            page = _awaited(sync, coming)
        except ProviderError as error:
            failures += 1
            _pause_after(sync, error, failures)
            coming = ask(cursor)
            continue
        failures, cursor = 0, page.cursor
        if cursor:
            coming = ask(cursor)
        yield page
        if not cursor:
            return


def _ask(reader: History, connection: Connection, memory: dict[str, Any], cursor: str, moment: float) -> Page:
    try:
        pace.spend(moment)
        return reader.page(connection, cursor, memory)
    finally:
        connections.close_all()


def _awaited(sync: HistoricalSync, coming: Future[Page]) -> Page:
    """Wait for a page, and keep the claim and an eye on cancellation meanwhile."""
    while True:
        try:
            return coming.result(timeout=_TICK)
        except NotYet:
            _keep(sync)


def _pause_after(sync: HistoricalSync, error: ProviderError, failures: int) -> None:
    """Wait before asking again, longer each time and as long as the store asks; give up after the last attempt."""
    if error.permanent or error.problem in _HOPELESS or failures >= MAX_ATTEMPTS:
        raise error
    health.report(sync.connection, error)
    pause = min(0.5 * 2**failures, _LONGEST_PAUSE) * random.uniform(0.5, 1)
    until = time.monotonic() + max(pause, error.retry_after or 0)
    while (left := until - time.monotonic()) > 0:
        _keep(sync)
        time.sleep(min(_TICK, left))


# Nobody mends these while a sync waits.
_HOPELESS = frozenset({Problem.KEY_REFUSED, Problem.PERMISSION})


def _keep(sync: HistoricalSync) -> None:
    """Renew the claim; raise Stopped if it was lost or the sync is to be cancelled."""
    rows = HistoricalSync.objects.filter(pk=sync.pk, claim=sync.claim, cancel_requested=False)
    if not rows.update(claimed_until=timezone.now() + CLAIM):
        raise Stopped


def _apply(sync: HistoricalSync, page: Page) -> None:
    """Apply a page, count what became of it and move the cursor, all or nothing."""
    with transaction.atomic():
        _keep(sync)
        outcomes = apply_records(sync.connection.store, page.records, source=Change.Source.HISTORY, announce=False)
        for broken in page.broken:
            _keep_broken(sync.connection, broken)
        counts = {name: outcomes.count(name) for name in HistoricalSync.COUNTS}  # type: ignore[arg-type]
        counts["failed"] = len(page.broken)
        HistoricalSync.objects.filter(pk=sync.pk).update(
            cursor=page.cursor, pages=F("pages") + 1, **{name: F(name) + count for name, count in counts.items()}
        )
    sync.refresh_from_db(fields=["cursor", "pages", *HistoricalSync.COUNTS])


def _keep_broken(connection: Connection, broken: Broken) -> None:
    """Keep what cannot be read in the inbox, where it can be seen and retried like any event."""
    now = timezone.now()
    Delivery.objects.update_or_create(
        connection=connection,
        key=f"history:{broken.id}"[:255],
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


def _close(sync: HistoricalSync, state: State, *, problem: str = "", detail: str = "") -> None:
    """End the sync, if it is still ours to end."""
    HistoricalSync.objects.filter(pk=sync.pk, claim=sync.claim).update(
        state=state,
        problem=problem,
        problem_detail=detail[:500],
        finished_at=timezone.now(),
        claimed_until=timezone.now(),
    )
