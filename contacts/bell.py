"""Waking a worker: where no broker answers, the sweep finds what waits."""

import logging
from typing import Any

logger = logging.getLogger(__name__)


def ring(task: Any, pk: int) -> None:
    """Wake a worker for a row, after it has been committed."""
    try:
        task.delay(pk)
    except Exception as error:  # whatever the broker's client raises, the row is safe
        logger.warning("No worker could be woken (%s); the sweep will find the work", type(error).__name__)
