"""Waking workers that keep the past of payments up or send reports; where no broker answers, the sweep does."""

from functools import cache
from typing import Any

from config.bells import Bell


@cache
def _bell() -> Bell:
    from reports import tasks  # which need the verbs

    return Bell(tasks.keep_up)


def ring(**_: Any) -> None:
    """Wake a worker, after what it shall find has been committed."""
    _bell().ring()


@cache
def _bell_of_mail() -> Bell:
    from reports import tasks

    return Bell(tasks.send_reports)


def ring_mail() -> None:
    """Wake a worker that sends reports, after what it shall find has been committed."""
    _bell_of_mail().ring()
