"""What Celery runs: it only wakes the verbs, which find their work in the database and may run twice."""

from datetime import timedelta

from celery import shared_task

from contacts import confirming
from contacts.importing import work

# Seconds that one import may keep a process before it goes to the end of the queue.
TURN = 4.0
# Seconds after which the message of an import that waits its turn is given up for lost, and replaced by the sweep.
LOST = 5.0


@shared_task
def run_import(pk: int) -> None:
    """Go on with an import for a turn, and queue for the next one."""
    work.run(pk, seconds=TURN)
    if pk in work.abandoned():
        run_import.apply_async((pk,), expires=LOST)


@shared_task
def send_confirmations() -> None:
    """Send the e-mails that wait, for a turn, and queue for the next one."""
    if confirming.send(seconds=TURN):
        send_confirmations.apply_async(expires=LOST)


@shared_task
def sweep() -> None:
    """Find what no message announced and nobody works on, and throw away what is over."""
    for pk in work.abandoned(since=timedelta(seconds=LOST)):
        run_import.apply_async((pk,), expires=LOST)
    if confirming.is_waiting():
        send_confirmations.apply_async(expires=LOST)
    work.sweep()
    confirming.sweep()
