"""Bells that wake workers: they carry nothing, for the work lies in the database, where the sweep finds it too."""

import logging
import threading
import time
from typing import Any

logger = logging.getLogger(__name__)

# Seconds within which a burst of rings is one message.
HOLD = 0.2
# Seconds for which a broker that did not answer is not asked again.
SILENCE = 5.0


class Bell:
    """A bell for one task in this process: the first ring is a message at once, those of a burst are one behind it.

    A message that is held back covers the rings of the first half of its time: what they announce is committed, and
    found when it arrives.
    """

    def __init__(self, task: Any) -> None:
        self._task = task
        self._lock = threading.Lock()
        self._burst_until = 0.0
        self._covered_until = 0.0
        self._is_ringing = self._is_missed = False

    def ring(self) -> None:
        """Wake a worker, after what it shall find has been committed."""
        with self._lock:
            now = time.monotonic()
            if self._is_ringing or now < self._covered_until:  # one that hangs holds up nobody else
                self._is_missed |= self._is_ringing
                return
            self._is_ringing = True
            hold = HOLD if now < self._burst_until else 0
        reached = self._wake(hold)
        with self._lock:
            now = time.monotonic()
            self._covered_until = now + (hold / 2 if reached else SILENCE)
            self._burst_until = now + HOLD
            rings_again = self._is_missed and not hold and reached
            self._is_ringing = self._is_missed = False
        if rings_again:  # a message that went at once may have been too early for who rang meanwhile
            self.ring()

    def _wake(self, hold: float) -> bool:
        try:
            self._task.apply_async(countdown=hold or None)
        except Exception as error:  # whatever the broker's client raises, the work is safe
            logger.warning("No worker could be woken (%s); the sweep will find what came", type(error).__name__)
            return False
        return True


def ring(task: Any, pk: int | str, *, what: str = "work") -> None:
    """Wake a worker for one row, after it has been committed."""
    try:
        task.delay(pk)
    except Exception as error:  # whatever the broker's client raises, the row is safe
        logger.warning("No worker could be woken (%s); the sweep will find the %s", type(error).__name__, what)
