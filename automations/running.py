"""One turn of the engine: what is new, who is let in by it, and everybody who is due."""

import time
from datetime import datetime

from automations import bell, waking
from automations.advance import advance
from automations.models import Call, Message
from automations.starting import changes, dates, occurrences, staying


def run(*, seconds: float, now: datetime | None = None) -> bool:
    """Work for some seconds on what happened and on who is due; tell whether more of it is left."""
    ends = time.monotonic() + seconds
    while True:
        done = changes.dispatch(now=now) + occurrences.dispatch(now=now) + staying.dispatch(now=now)
        moved = advance(now=now)
        if moved:
            ring_if_sending()
        if not done and not moved:
            return False
        if time.monotonic() >= ends:
            return True


def look_around(*, now: datetime | None = None) -> None:
    """Do what the clock asks for: dates that have come, and waits that have come true."""
    dates.dispatch(now=now)
    waking.by_the_clock(now=now)


def ring_if_sending() -> None:
    """Wake a worker for what the steps have put into the queues."""
    if Message.objects.filter(state="waiting").exists() or Call.objects.filter(state="waiting").exists():
        bell.ring_for_outgoing()
