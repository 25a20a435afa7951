"""What Celery runs: it only wakes the verbs, which find their work in the database and may run twice."""

from celery import shared_task

from reports.business import keeping
from reports.custom import scheduling
from reports.performance import keeping as counts

# Seconds that one turn may keep a process before it goes to the end of the queue.
TURN = 4.0
# Seconds after which the message of a turn that waits is given up for lost, and replaced by the sweep.
LOST = 5.0


@shared_task
def keep_up() -> None:
    """Keep the past of payments up for a turn, and queue for the next one."""
    if keeping.work(seconds=TURN):
        keep_up.apply_async(expires=LOST)


@shared_task
def send_reports() -> None:
    """Send the reports that are due, for a turn, and queue for the next one."""
    if scheduling.work(seconds=TURN):
        send_reports.apply_async(expires=LOST)


@shared_task
def sweep() -> None:
    """Find what no message announced, and throw away what is over."""
    if keeping.is_waiting():
        keep_up.apply_async(expires=LOST)
    if scheduling.is_waiting():
        send_reports.apply_async(expires=LOST)
    scheduling.sweep()


@shared_task
def count() -> None:
    """Count again what became of e-mails, for a turn."""
    counts.work(seconds=TURN)
