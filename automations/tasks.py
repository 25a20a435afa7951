"""What Celery runs: it only wakes the verbs, which find their work in the database and may run twice."""

from celery import shared_task

from automations import calling, forgetting, past, running, sending
from automations.email.tracking import keeping as tracking
from automations.mailings import filling

# Seconds that one turn may keep a process before it goes to the end of the queue.
TURN = 4.0
# Seconds after which the message of a turn that waits is given up for lost, and replaced by the sweep.
LOST = 5.0


@shared_task
def run() -> None:
    """Look what is new and take people on for a turn, and queue for the next one."""
    if running.run(seconds=TURN):
        run.apply_async(expires=LOST)


@shared_task
def send() -> None:
    """Send what waits for a turn, and queue for the next one."""
    if sending.send(seconds=TURN):
        send.apply_async(expires=LOST)
    if calling.call(seconds=TURN):
        send.apply_async(expires=LOST)


@shared_task
def let_in() -> None:
    """Let in people from before for a turn, and queue for the next one."""
    if past.work(seconds=TURN):
        let_in.apply_async(expires=LOST)


@shared_task
def fill() -> None:
    """Fill the queues of direct campaigns for a turn, and queue for the next one."""
    if filling.work(seconds=TURN):
        fill.apply_async(expires=LOST)


@shared_task
def sweep() -> None:
    """Find what no message announced, do what the clock asks for, and see to what dead processes have left."""
    running.look_around()
    tracking.drain()
    run.apply_async(expires=LOST)
    sending.sweep()
    forgetting.sweep()
    if sending.is_waiting() or calling.is_waiting():
        send.apply_async(expires=LOST)
    if filling.is_waiting():
        fill.apply_async(expires=LOST)
    if past.is_waiting():
        let_in.apply_async(expires=LOST)
