"""Waking a worker: one message for many deliveries, and none at all is no loss.

A burst of webhooks rings once: the message is held back for a moment, and whoever comes within that moment relies on
it, since it will find what they have stored. If the broker is away the sweep finds everything, so nobody waits for it.
"""

import logging
import threading
import time
from typing import Any
from uuid import UUID

from integrations import tasks
from integrations.models import HistoricalSync, Reconciliation

logger = logging.getLogger(__name__)

# Seconds that a message is held back; a ring within the first half of it is covered by the one before.
HOLD = 0.2
# Seconds for which a broker that did not answer is not asked again.
SILENCE = 5.0


class _Bell:
    """One bell a process: it remembers when it rang last, and when the broker failed to answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._quiet_until = 0.0

    def ring(self) -> None:
        with self._lock:
            now = time.monotonic()
            if now < self._quiet_until:
                return
            self._quiet_until = now + SILENCE  # while one asks a broker that hangs, nobody else waits for it
        try:
            tasks.process_inbox.apply_async(countdown=HOLD)
        except Exception as error:
            self._quiet_until = time.monotonic() + SILENCE
            logger.warning("No worker could be woken (%s); the sweep will find what came", type(error).__name__)
        else:
            self._quiet_until = now + HOLD / 2


_bell = _Bell()


def ring() -> None:
    """Wake a worker for the inbox, after what it shall find has been committed."""
    _bell.ring()


def ring_for_batch(batch_id: UUID) -> None:
    """Wake a worker for a batch, after it has been committed; without a broker the sweep finds it."""
    _ring(tasks.run_batch, str(batch_id), "batch")


def ring_for_removal(connection_id: int) -> None:
    """Wake a worker for a connection that is being disconnected; without a broker the sweep finds it."""
    try:
        tasks.run_removal.delay(connection_id)
    except Exception as error:  # whatever the broker's client raises, the mark is there
        logger.warning("No worker could be woken (%s); the sweep will go on", type(error).__name__)


def ring_for_sync(sync: HistoricalSync) -> None:
    """Wake a worker for a historical sync; without a broker the sweep finds it."""
    _ring(tasks.run_history, sync.pk, "sync")


def ring_for_reconciliation(run: Reconciliation) -> None:
    """Wake a worker for a comparison; without a broker the sweep finds it."""
    _ring(tasks.run_reconciliation, run.pk, "comparison")


def _ring(task: Any, pk: int | str, what: str) -> None:
    try:
        task.delay(pk)
    except Exception as error:  # whatever the broker's client raises, the row is safe
        logger.warning("No worker could be woken (%s); the sweep will find the %s", type(error).__name__, what)
