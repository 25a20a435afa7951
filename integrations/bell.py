"""Waking workers for what stores send: the work lies in the database, so a lost message loses nothing."""

from uuid import UUID

from config.bells import Bell
from config.bells import ring as ring_for
from integrations import tasks
from integrations.models import HistoricalSync, Reconciliation

_INBOX = Bell(tasks.process_inbox)


def ring() -> None:
    """Wake a worker for the inbox, after what it shall find has been committed."""
    _INBOX.ring()


def ring_for_batch(batch_id: UUID) -> None:
    """Wake a worker for a batch, after it has been committed; without a broker the sweep finds it."""
    ring_for(tasks.run_batch, str(batch_id), what="batch")


def ring_for_removal(connection_id: int) -> None:
    """Wake a worker for a connection that is being disconnected; without a broker the sweep finds it."""
    ring_for(tasks.run_removal, connection_id, what="connection")


def ring_for_sync(sync: HistoricalSync) -> None:
    """Wake a worker for a historical sync; without a broker the sweep finds it."""
    ring_for(tasks.run_history, sync.pk, what="sync")


def ring_for_reconciliation(run: Reconciliation) -> None:
    """Wake a worker for a comparison; without a broker the sweep finds it."""
    ring_for(tasks.run_reconciliation, run.pk, what="comparison")
