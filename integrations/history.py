"""Historical sync: a store's past, resumable after a kill at any moment.

Only one process works on a sync: it holds a claim that it renews with every page, and that runs out if it dies. A
worker works on it for a short turn and then leaves it to whoever comes next, so that what else waits for a worker,
webhooks above all, never waits for a whole history.
"""

import logging
import math
import random
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from integrations import health, history_pages
from integrations.models import Connection, HistoricalSync
from integrations.problems import Problem
from integrations.providers.base import ProviderError

logger = logging.getLogger(__name__)

CLAIM = timedelta(seconds=60)
# Attempts in a row that may fail before a sync gives up; with the pauses below, about ten minutes.
MAX_ATTEMPTS = 14
_LONGEST_PAUSE = 60.0
State = HistoricalSync.State
Progress = Callable[[HistoricalSync], None]
# Nobody mends these while a sync waits.
_HOPELESS = frozenset({Problem.KEY_REFUSED, Problem.PERMISSION})
_ANEW = {"cancel_requested": False, "failures": 0, "problem": "", "problem_detail": "", "finished_at": None}


class Stopped(Exception):
    """The sync was cancelled, or another process has taken it over."""


def start(connection: Connection, *, announces: bool = False) -> HistoricalSync:
    """Open a sync for the connection, or return the one that is open already.

    `announces` lets automations start on what it brings.
    """
    try:
        with transaction.atomic():
            return HistoricalSync.objects.create(connection=connection, announces=announces)
    except IntegrityError:
        return HistoricalSync.objects.get(connection=connection, state__in=HistoricalSync.OPEN)


def resume(sync: HistoricalSync) -> bool:
    """Open a sync again that failed or was cancelled, at the page where it stopped; False if another is open."""
    try:
        with transaction.atomic():
            return bool(
                HistoricalSync.objects.filter(pk=sync.pk, state__in=[State.FAILED, State.CANCELLED]).update(
                    state=State.WAITING,
                    cancel_requested=False,
                    failures=0,
                    problem="",
                    problem_detail="",
                    finished_at=None,
                )
            )
    except IntegrityError:
        return False


def cancel(sync: HistoricalSync) -> None:
    """Ask a sync to stop; it does so at the next page, or at once if nobody works on it."""
    rows = HistoricalSync.objects.filter(pk=sync.pk, state__in=HistoricalSync.OPEN)
    rows.update(cancel_requested=True)
    free = rows.filter(Q(claim="") | Q(claimed_until__lte=timezone.now()))
    free.update(state=State.CANCELLED, finished_at=timezone.now())


def abandoned(*, since: timedelta = timedelta()) -> list[int]:
    """Name the open syncs that nobody works on, and nobody has for that long, though their next attempt is due."""
    rows = HistoricalSync.objects.filter(state__in=HistoricalSync.OPEN, claimed_until__lte=timezone.now() - since)
    return list(rows.values_list("pk", flat=True))


def run(sync_id: int, *, seconds: float = math.inf, progress: Progress = lambda _sync: None) -> HistoricalSync:
    """Go on with a sync until it is finished, cancelled or fails; do nothing if another process works on it.

    After `seconds`, or where a store wants to be left alone for longer, it is left open for the next process.
    """
    claim = secrets.token_hex(16)
    if not _take(sync_id, claim):
        return HistoricalSync.objects.get(pk=sync_id)
    sync = HistoricalSync.objects.select_related("connection__store").get(pk=sync_id)
    try:
        _work(sync, time.monotonic() + seconds, progress)
    except Stopped:
        _close(sync, State.CANCELLED)
    sync.refresh_from_db()
    progress(sync)
    return sync


def _take(sync_id: int, claim: str) -> bool:
    now = timezone.now()
    rows = HistoricalSync.objects.filter(pk=sync_id, state__in=HistoricalSync.OPEN, claimed_until__lte=now)
    return bool(rows.update(state=State.RUNNING, claim=claim, claimed_until=now + CLAIM))


def _work(sync: HistoricalSync, ends: float, progress: Progress) -> None:
    """Read on until the end, the end of our time, or one failure too many."""
    reading = history_pages.Reading(
        sync=sync, keep=partial(_keep, sync), is_over=lambda: time.monotonic() >= ends, progress=progress
    )
    while (pause := _tried(reading, ends)) is not None:
        _wait(sync, pause)
        sync.refresh_from_db(fields=["cursor"])


def _tried(reading: history_pages.Reading, ends: float) -> float | None:
    """Read on, and return the seconds until another attempt here; None where this process is through with the sync."""
    sync = reading.sync
    try:
        is_all = history_pages.read(reading)
    except Stopped:
        raise
    except Exception as error:
        pause = _failed(sync, error)
        if pause is not None and time.monotonic() + pause >= ends:
            _leave(sync, pause)
            return None
        return pause
    health.clear(sync.connection)
    if is_all:
        _close(sync, State.FINISHED)
    else:
        _leave(sync)
    return None


def _failed(sync: HistoricalSync, error: Exception) -> float | None:
    """Say what went wrong, and return the seconds until it is worth another attempt; None where the sync gave up.

    The pause grows with each failure in a row, and is as long as the store asks.
    """
    fault = error if isinstance(error, ProviderError) else _ours(sync, error)
    health.report(sync.connection, fault)
    sync.failures += 1
    HistoricalSync.objects.filter(pk=sync.pk, claim=sync.claim).update(failures=F("failures") + 1)
    if fault.permanent or fault.problem in _HOPELESS or sync.failures >= MAX_ATTEMPTS:
        _close(sync, State.FAILED, problem=fault.problem, detail=fault.detail)
        return None
    pause: float = min(0.5 * 2**sync.failures, _LONGEST_PAUSE) * random.uniform(0.5, 1)
    return max(pause, fault.retry_after or 0)


def _ours(sync: HistoricalSync, error: Exception) -> ProviderError:
    logger.error("The history of %s cannot be read on", sync.connection, exc_info=error)
    return ProviderError(Problem.OUR_FAULT, type(error).__name__)


def _wait(sync: HistoricalSync, seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        _keep(sync)
        time.sleep(min(history_pages.TICK, left))


def _keep(sync: HistoricalSync) -> None:
    """Renew the claim; raise Stopped if it was lost or the sync is to be cancelled."""
    rows = HistoricalSync.objects.filter(pk=sync.pk, claim=sync.claim, cancel_requested=False)
    if not rows.update(claimed_until=timezone.now() + CLAIM):
        raise Stopped


def _leave(sync: HistoricalSync, seconds: float = 0) -> None:
    """Leave the sync to whoever comes next, that many seconds from now at the earliest."""
    until = timezone.now() + timedelta(seconds=seconds)
    HistoricalSync.objects.filter(pk=sync.pk, claim=sync.claim).update(claim="", claimed_until=until)


def _close(sync: HistoricalSync, state: State, *, problem: str = "", detail: str = "") -> None:
    """End the sync, if it is still ours to end."""
    HistoricalSync.objects.filter(pk=sync.pk, claim=sync.claim).update(
        state=state,
        problem=problem,
        problem_detail=detail[:500],
        finished_at=timezone.now(),
        claimed_until=timezone.now(),
    )
