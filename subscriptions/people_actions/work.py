"""Doing it: first it is written down who they are, then slice after slice, by any process, each slice once."""

import logging
import math
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from config import turns
from subscriptions.people_actions import kinds
from subscriptions.people_actions.models import PeopleAction, PeopleSlice
from subscriptions.segments import compiler, reading
from subscriptions.segments.clock import Clock
from subscriptions.segments.compiler import World

logger = logging.getLogger(__name__)

SLICE = 500
# Attempts in a row after which an action is given up.
MAX_ATTEMPTS = 8
State = PeopleAction.State


def run(pk: int, *, seconds: float = math.inf) -> None:
    """Go on with an action until it is finished, cancelled or our time is over; nothing if another process does."""
    if not turns.take(PeopleAction, pk):
        return
    action = PeopleAction.objects.get(pk=pk)
    try:
        _work(action, time.monotonic() + seconds)
    except turns.Lost:
        turns.close(action, State.CANCELLED)
    except Exception:
        logger.exception("%s cannot go on", action)
        turns.try_again(action, most=MAX_ATTEMPTS)


def cancel(action: PeopleAction) -> bool:
    """Stop an action, and say whether there was something to stop; what was done to people until now stays."""
    rows = PeopleAction.objects.filter(pk=action.pk, state__in=PeopleAction.OPEN)
    return bool(rows.update(state=State.CANCELLED, claim="", finished_at=timezone.now()))


def abandoned(*, since: timedelta = timedelta()) -> list[int]:
    """Name the actions that nobody works on though they are not finished."""
    return turns.abandoned(PeopleAction, since=since)


def sweep() -> None:
    """Throw away who was meant, and what exports have written, once that is old."""
    kept = timedelta(days=settings.KEEP_DAYS["exports"])
    PeopleSlice.objects.filter(action__finished_at__lt=timezone.now() - kept).delete()


def _work(action: PeopleAction, ends: float) -> None:
    if action.size is None:
        _write_down(action)
    while part := action.slices.filter(is_done=False).first():
        turns.keep(action, state=State.RUNNING)
        _do(action, part)
        if time.monotonic() >= ends:
            turns.leave(action)
            return
    turns.close(action, State.FINISHED)


@transaction.atomic
def _write_down(action: PeopleAction) -> None:
    """Write down who they are; all of them or, after a kill, none."""
    size = 0
    for some in batched(_slices(action), 20, strict=False):
        PeopleSlice.objects.bulk_create(some)
        size += sum(len(part.people) for part in some)
    action.size = size
    if not turns.ours(action).update(size=size):
        raise turns.Lost


def _slices(action: PeopleAction) -> Iterator[PeopleSlice]:
    world = World(clock=Clock(now=action.started_at))
    found = compiler.people(reading.read(action.tree), world).order_by("pk").values_list("pk", flat=True)
    for number, people in enumerate(batched(found.iterator(chunk_size=2000), SLICE, strict=False)):
        yield PeopleSlice(action=action, number=number, people=list(people))


@transaction.atomic
def _do(action: PeopleAction, part: PeopleSlice) -> None:
    changed = kinds.apply(action, part)
    part.is_done = True
    part.save(update_fields=["is_done", "text"])
    counts = {"done": F("done") + len(part.people), "changed": F("changed") + changed, "failures": 0}
    if not turns.ours(action).update(**counts):
        raise turns.Lost
    action.failures = 0
