"""What Celery runs for the house itself: it may run twice, and does no harm late."""

from celery import shared_task

from config.notices import telling
from config.sessions import lifetime

# Seconds for which notices may keep a process.
TURN = 30.0


@shared_task
def sweep() -> None:
    """Throw away what is over, and have notices sent that no bell announced or that were put off."""
    lifetime.sweep()
    if telling.is_waiting():
        send_notices.delay()


@shared_task
def send_notices() -> None:
    """Tell members what has changed about their sign-in."""
    telling.send(seconds=TURN)
