"""Historical sync: a store's past, in one sweep that announces nothing unless it is asked to."""

import math
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from config import turns
from config.audit.log import record
from integrations import sweeps
from integrations.models import Connection, HistoricalSync
from integrations.problems import Problem
from integrations.providers import history_of
from integrations.providers.base import History, ProviderError
from integrations.sweep_pages import Reader
from integrations.sweeps import cancel, resume
from subscriptions.models import Change

__all__ = ["Paused", "abandoned", "cancel", "resume", "run", "start"]


class Paused(Exception):
    """The connection rests: its history is read once it has been resumed."""


def start(connection: Connection, *, announces: bool = False, request: HttpRequest | None = None) -> HistoricalSync:
    """Open a sync for the connection, and record that, or return the one that is open already.

    `announces` lets automations start on what it brings. Raise Paused while the connection rests.
    """
    if Connection.objects.at_rest().filter(pk=connection.pk).exists():
        raise Paused
    try:
        with transaction.atomic():
            sync = HistoricalSync.objects.create(connection=connection, announces=announces)
            record("history.started", about=connection, request=request, announces=int(announces))
            return sync
    except IntegrityError:
        return HistoricalSync.objects.get(connection=connection, state__in=HistoricalSync.OPEN)


def abandoned(*, since: timedelta = timedelta()) -> list[int]:
    """Name the open syncs that nobody works on, and nobody has for that long, though their next attempt is due."""
    return turns.abandoned(HistoricalSync, since=since)


def run(
    sync_id: int,
    *,
    seconds: float = math.inf,
    progress: Callable[[HistoricalSync], None] = lambda _sync: None,
) -> HistoricalSync:
    """Go on with a sync for some seconds, or to its end; do nothing if another process works on it."""
    return sweeps.run(HistoricalSync, sync_id, opened=_opened, seconds=seconds, progress=progress)


def _opened(sync: HistoricalSync) -> Reader:
    history = history_of(sync.connection)
    if history is None:
        raise ProviderError(Problem.REFUSED, permanent=True)
    if sync.total is None:
        _count(sync, history)
    page = partial(history.page, sync.connection)
    return Reader(page=page, source=Change.Source.HISTORY, announce=sync.announces)


def _count(sync: HistoricalSync, history: History) -> None:
    total = history.total(sync.connection)
    if total:
        sync.total, sync.total_is_least = total.count, total.is_least
        sync.save(update_fields=["total", "total_is_least"])
