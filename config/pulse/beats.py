"""Noting that a task of the clock was done, and telling whether the clock has stopped.

It stops where no beat runs, or no worker for the queue that a task waits in. What bells announce goes on then; what
only the clock finds waits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.utils import timezone

from config.pulse.models import Beat

# A task is late when it was not done for so long: a busy worker is no trouble.
PATIENCE = timedelta(minutes=2)
# Rarer ones say nothing of the clock: after a pause of the whole house their turn may be hours away.
OFTEN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What of the clock is late: since when at the longest, None where it has never gone, and which tasks."""

    since: datetime | None
    tasks: tuple[str, ...]


def note(task: str) -> None:
    """Write down that a task of the clock was done just now. One statement."""
    done = Beat(task=task, done_at=timezone.now())
    Beat.objects.bulk_create([done], update_conflicts=True, unique_fields=["task"], update_fields=["done_at"])


def late() -> Late | None:
    """Tell what is late; None where nothing is. A task that is new is not, until it was done for the first time."""
    often = sorted(task for task, period in _periods().items() if period <= OFTEN)
    done, now = _done(), timezone.now()
    if not done:
        return Late(since=None, tasks=tuple(often))
    tasks = [task for task in often if task in done and now - done[task] > PATIENCE]
    return Late(since=min(done[task] for task in tasks), tasks=tuple(tasks)) if tasks else None


def ages() -> dict[str, float]:
    """Return the seconds since each task of the clock was done."""
    now = timezone.now()
    return {task: (now - moment).total_seconds() for task, moment in _done().items()}


def _done() -> dict[str, datetime]:
    known = _periods()
    rows = Beat.objects.values_list("task", "done_at")
    return {task: moment for task, moment in rows if task in known}


def _periods() -> dict[str, timedelta]:
    schedule = current_app.conf.beat_schedule
    return {entry["task"]: timedelta(seconds=entry["schedule"]) for entry in schedule.values()}
