"""What Celery runs for the house itself: it may run twice, and does no harm late."""

from celery import shared_task

from config.sessions import lifetime


@shared_task
def sweep() -> None:
    """Throw away what is over."""
    lifetime.sweep()
