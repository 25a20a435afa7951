"""Sweeps: a store is read page by page, resumable after a kill at any moment, whatever goes wrong on the way."""

import logging
import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from config import turns
from integrations import health, sweep_pages
from integrations.models import Connection, Sweep
from integrations.problems import Problem
from integrations.providers.base import ProviderError

logger = logging.getLogger(__name__)

# Attempts in a row that may fail before a sweep gives up; with the pauses between them, about ten minutes.
MAX_ATTEMPTS = 14
State = Sweep.State
# Nobody mends these while a sweep waits.
_HOPELESS = frozenset({Problem.KEY_REFUSED, Problem.PERMISSION})
_ANEW = {"cancel_requested": False, "failures": 0, "problem": "", "problem_detail": "", "finished_at": None}


def resume(sweep: Sweep) -> bool:
    """Open a sweep again that failed or was cancelled, at the page where it stopped; False if another is open."""
    stopped = type(sweep)._default_manager.filter(pk=sweep.pk, state__in=[State.FAILED, State.CANCELLED])
    try:
        with transaction.atomic():
            return bool(stopped.update(state=State.WAITING, **_ANEW))
    except IntegrityError:
        return False


def cancel(sweep: Sweep) -> None:
    """Ask a sweep to stop; it does so at the next page, or at once if nobody works on it."""
    rows = type(sweep)._default_manager.filter(pk=sweep.pk, state__in=Sweep.OPEN)
    rows.update(cancel_requested=True)
    free = rows.filter(Q(claim="") | Q(claimed_until__lte=timezone.now()))
    free.update(state=State.CANCELLED, finished_at=timezone.now())


def run[Kind: Sweep](
    model: type[Kind],
    pk: int,
    *,
    opened: Callable[[Kind], sweep_pages.Reader],
    seconds: float = math.inf,
    progress: Callable[[Kind], None] = lambda _sweep: None,
) -> Kind:
    """Go on with a sweep until it is finished, cancelled or fails; do nothing if another process works on it.

    `opened` says how it reads its store. After `seconds`, or where a store wants to be left alone for longer, it is
    left open for the next process.
    """
    rows: QuerySet[Kind] = model._default_manager.select_related("connection__store")
    if not turns.take(model, pk):
        return rows.get(pk=pk)
    sweep = rows.get(pk=pk)
    ends = time.monotonic() + seconds
    reading = sweep_pages.Reading(
        sweep=sweep,
        keep=partial(_keep, sweep),
        is_over=lambda: time.monotonic() >= ends or _rests(sweep),
        progress=progress,
    )
    try:
        _work(reading, opened, ends)
    except turns.Lost:
        turns.close(sweep, State.CANCELLED)
    sweep.refresh_from_db()
    progress(sweep)
    return sweep


def _work(reading: sweep_pages.Reading[Any], opened: Callable[[Any], sweep_pages.Reader], ends: float) -> None:
    """Read on until the end, the end of our time, a pause, or one failure too many."""
    while (pause := _tried(reading, opened, ends)) is not None:
        _wait(reading, pause)
        if _rests(reading.sweep):
            turns.leave(reading.sweep)
            return
        reading.sweep.refresh_from_db(fields=["cursor"])


def _rests(sweep: Sweep) -> bool:
    return Connection.objects.at_rest().filter(pk=sweep.connection.pk).exists()


def _tried(reading: sweep_pages.Reading[Any], opened: Callable[[Any], sweep_pages.Reader], ends: float) -> float | None:
    """Read on, and return the seconds until another attempt here; None where this process is through with it."""
    sweep = reading.sweep
    try:
        is_all = sweep_pages.read(reading, opened(sweep))
    except turns.Lost:
        raise
    except Exception as error:
        pause = _failed(sweep, error)
        if pause is not None and time.monotonic() + pause >= ends:
            turns.leave(sweep, pause)
            return None
        return pause
    health.clear(sweep.connection)
    if is_all:
        turns.close(sweep, State.FINISHED)
    else:
        turns.leave(sweep)
    return None


def _failed(sweep: Sweep, error: Exception) -> float | None:
    """Say what went wrong, and return the seconds until it is worth another attempt; None where the sweep gave up.

    The pause grows with each failure in a row, and is as long as the store asks.
    """
    fault = error if isinstance(error, ProviderError) else _ours(sweep, error)
    health.report(sweep.connection, fault)
    pause = turns.failed(sweep)
    if fault.permanent or fault.problem in _HOPELESS or sweep.failures >= MAX_ATTEMPTS:
        turns.close(sweep, State.FAILED, problem=fault.problem, problem_detail=fault.detail[:500])
        return None
    return max(pause, fault.retry_after or 0)


def _ours(sweep: Sweep, error: Exception) -> ProviderError:
    logger.error("%s of %s cannot be read on", type(sweep).__name__, sweep.connection, exc_info=error)
    return ProviderError(Problem.OUR_FAULT, type(error).__name__)


def _wait(reading: sweep_pages.Reading[Any], seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        reading.keep()
        time.sleep(min(sweep_pages.TICK, left))


def _keep(sweep: Sweep) -> None:
    """Renew the claim; raise Lost if it was lost or the sweep is to be cancelled."""
    turns.keep(sweep, cancel_requested=False)
