"""What Celery runs: it only wakes the verbs, which find their work in the database and may run twice."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task

from config.limits import allowances
from integrations import connecting, disconnecting, forgetting, history, inbox, reconciling
from integrations.api import batches, idempotency

# Seconds that one sync may keep a process before it goes to the end of the queue.
TURN = 4.0
# Seconds after which the message of a sync that waits its turn is given up for lost, and replaced by the sweep.
LOST = 5.0


@shared_task
def process_inbox() -> int:
    """Work off the inbox."""
    return inbox.process()


@shared_task
def run_history(sync_id: int) -> None:
    """Go on with a historical sync for a turn, and queue for the next one."""
    sync = history.run(sync_id, seconds=TURN)
    if sync.is_open and sync_id in history.abandoned():
        run_history.apply_async((sync_id,), expires=LOST)


@shared_task
def run_batch(batch_id: str) -> None:
    """Go on with a batch of the API for a turn, and queue for the next one."""
    pk = UUID(batch_id)
    batches.run(pk, seconds=TURN)
    if pk in batches.abandoned():
        run_batch.apply_async((batch_id,), expires=LOST)


@shared_task
def run_reconciliation(pk: int) -> None:
    """Go on with the comparison of a store for a turn, and queue for the next one."""
    run = reconciling.run(pk, seconds=TURN)
    if run.is_open and pk in reconciling.abandoned():
        run_reconciliation.apply_async((pk,), expires=LOST)


@shared_task
def run_removal(connection_id: int) -> None:
    """Go on with removing a connection for a turn, and queue for the next one."""
    if not disconnecting.run(connection_id, seconds=TURN):
        run_removal.apply_async((connection_id,), countdown=1, expires=LOST)


@shared_task
def sweep() -> None:
    """Find what no message announced and nobody works on, start what is due, and throw away what is over."""
    if inbox.is_waiting():  # in its own queue: stores that are slow hold up no sweep
        process_inbox.apply_async(expires=LOST)
    for sync_id in history.abandoned(since=timedelta(seconds=LOST)):
        run_history.apply_async((sync_id,), expires=LOST)
    for batch_id in batches.abandoned(since=timedelta(seconds=LOST)):
        run_batch.apply_async((str(batch_id),), expires=LOST)
    for connection in reconciling.due():
        run_reconciliation.apply_async((reconciling.start(connection).pk,), expires=LOST)
    for pk in reconciling.abandoned(since=timedelta(seconds=LOST)):
        run_reconciliation.apply_async((pk,), expires=LOST)
    for connection_id in disconnecting.unfinished():
        run_removal.apply_async((connection_id,), expires=LOST)
    forgetting.sweep()
    idempotency.sweep()
    reconciling.sweep()
    batches.sweep()
    allowances.sweep()


@shared_task
def retire_old_secrets() -> None:
    """Forget old webhook secrets whose day is over."""
    connecting.retire_old_secrets()
