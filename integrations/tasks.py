"""What Celery runs: it only wakes the verbs, which find their work in the database and may run twice."""

from celery import shared_task

from integrations import history, inbox


@shared_task
def process_inbox() -> int:
    """Work off the inbox."""
    return inbox.process()


@shared_task
def run_history(sync_id: int) -> None:
    """Go on with a historical sync."""
    history.run(sync_id)


@shared_task
def sweep() -> None:
    """Find what no message announced: deliveries that are due, and syncs that nobody works on."""
    inbox.process()
    for sync_id in history.abandoned():
        run_history.delay(sync_id)
