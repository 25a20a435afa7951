"""Waking workers for what happens to people, and for what is to be sent; where no broker answers, the sweep does."""

from functools import cache
from typing import Any

from config.bells import Bell


@cache
def _bell(name: str) -> Bell:
    from automations import tasks  # which need the verbs that ring

    return Bell(getattr(tasks, name))


def ring(**_: Any) -> None:
    """Wake a worker that looks what is new and takes people on, after what it shall find has been committed."""
    _bell("run").ring()


def ring_for_outgoing() -> None:
    """Wake a worker for what is to be sent."""
    _bell("send").ring()


def ring_for_mailings() -> None:
    """Wake a worker that fills the queues of direct campaigns."""
    _bell("fill").ring()


def ring_for_intakes() -> None:
    """Wake a worker that lets in people from before."""
    _bell("let_in").ring()
