"""Waking a worker: where no broker answers, the sweep finds what waits."""

import logging
from typing import Any

logger = logging.getLogger(__name__)


def ring(**_: Any) -> None:
    """Wake a worker that looks what is new and takes people on, after what it shall find has been committed."""
    from automations.tasks import run

    _wake(run)


def ring_for_outgoing() -> None:
    """Wake a worker for what is to be sent."""
    from automations.tasks import send

    _wake(send)


def _wake(task: Any) -> None:
    try:
        task.delay()
    except Exception as error:  # whatever the broker's client raises, the rows are safe
        logger.warning("No worker could be woken (%s); the sweep will find the work", type(error).__name__)
