"""The queue of what leaves the house for a step: what is due, for whom it still matters, and what came of it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from automations import plans
from automations.flow.shape import Step
from automations.models import Automation, Call, Enrolment, Message
from config import turns

# Attempts at a server that cannot be reached; with the pauses between them, about three hours.
MAX_ATTEMPTS = 200
_AT_ONCE = 100
type Row = Message | Call


def due(model: type[Row], **also: Any) -> list[int]:
    """Name some rows of steps that wait and are due, the longest first; those of a paused automation are held."""
    waiting = model.free(timezone.now()).filter(enrolment__automation__state=Automation.State.ACTIVE, **also)
    return list(waiting.order_by("claimed_until").values_list("pk", flat=True)[:_AT_ONCE])


def step_of(row: Row) -> Step | None:
    """Return the step at which the person still waits for this; cancel it and return None where nobody does."""
    one = row.enrolment
    assert one is not None  # noqa: S101 # whoever asks knows
    step = plans.load(one.version_id).route.steps.get(row.step)
    if step is None or one.step != row.step or not one.is_inside:
        turns.close(row, "cancelled")
        return None
    return step


def close(row: Row, state: str, **fields: Any) -> None:
    """End it and, where it is of a step, let the person go on, both or neither."""
    if row.enrolment_id is None:
        turns.close(row, state, **fields)
        return
    with transaction.atomic():
        # the way first, as whoever joins two contacts does: otherwise each may wait for the other
        rows = Enrolment.objects.filter(pk=row.enrolment_id, step=row.step, state__in=Enrolment.INSIDE)
        rows.update(wake_at=timezone.now())
        turns.close(row, state, **fields)


def put_off(row: Row, problem: str, **fields: Any) -> None:
    """Try it again later, each time later, and call it failed in the end."""
    pause = turns.failed(row)
    if row.failures >= MAX_ATTEMPTS:
        close(row, "failed", problem=problem, **fields)
        return
    turns.ours(row).update(state="waiting", problem=problem, **fields)
    turns.leave(row, pause)
