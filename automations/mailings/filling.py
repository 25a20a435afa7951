"""Filling the queue of a direct campaign: a message for each of its people, slice by slice, and seeing it to its end.

A slice and the place behind it are written in one transaction, and a person has one message whatever happens: who dies
in between has done nothing twice. Memory holds one slice.
"""

import logging
import time
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from automations import bell
from automations.mailings import audience, trying
from automations.models import Mailing, Message
from config import turns
from subscriptions import bulk
from subscriptions.segments.clock import Clock
from subscriptions.segments.compiler import World
from subscriptions.segments.mistakes import SegmentError

logger = logging.getLogger(__name__)

SLICE = 1000
MAX_ATTEMPTS = 8
# Seconds after which one whose queue is filled is looked at again, until all of it is sent.
PAUSE = 4.0
State = Mailing.State


def work(*, seconds: float) -> bool:
    """Go on with what is planned, for some seconds; tell whether there is more that can be done at once."""
    return turns.work(Mailing, _work, seconds=seconds)


def is_waiting() -> bool:
    """Tell whether anything is due."""
    return bool(turns.abandoned(Mailing))


def _work(pk: int, ends: float) -> None:
    mailing = Mailing.objects.get(pk=pk)
    try:
        if not mailing.is_filled and not mailing.lists.exists():
            turns.close(mailing, State.FAILED, problem="no_list")
            return
        while not mailing.is_filled:
            if time.monotonic() >= ends:
                turns.leave(mailing)
                return
            mailing.is_filled = _slice(mailing)
        _see_to_its_end(mailing)
    except turns.Lost:
        return
    except SegmentError:
        turns.close(mailing, State.FAILED, problem="no_segment")
    except Exception:
        logger.exception("The queue of mailing %s cannot be filled", mailing.pk)
        turns.try_again(mailing, most=MAX_ATTEMPTS, problem="error")


@transaction.atomic
def _slice(mailing: Mailing) -> bool:
    """Put in the next people, and write down the place behind them; True where there is nobody left."""
    row = turns.ours(mailing).select_for_update(of=("self",)).first()
    if row is None:
        raise turns.Lost
    world = World(clock=Clock(now=row.starts_at))
    lists = list(row.lists.values_list("pk", flat=True))
    people = audience.people(lists, row.segment, world).filter(pk__gt=row.place).order_by("pk")
    found = list(people.values_list("pk", flat=True)[:SLICE])
    now = timezone.now()
    bulk.insert(Message, (_message(row, pk, now) for pk in found), ignore_known=True)
    place = found[-1] if found else row.place
    turns.ours(mailing).update(place=place, is_filled=not found)
    turns.keep(mailing)
    if found:
        transaction.on_commit(bell.ring_for_outgoing)
    return not found


def _message(mailing: Mailing, contact: int, now: Any) -> dict[str, Any]:
    number = uuid.uuid4()
    return {
        "mailing_id": mailing.pk,
        "campaign_id": mailing.campaign_id,
        "contact_id": contact,
        "number": number,
        "variant": trying.variant(number, mailing.tested_share),
        "made_at": now,
        "claimed_until": now,
    }


def _see_to_its_end(mailing: Mailing) -> None:
    unsent = Message.objects.filter(mailing=mailing, state__in=Message.UNSENT, again_at=None)
    if not unsent.exists():
        turns.close(mailing, State.FINISHED)
        return
    if trying.is_trying(mailing):
        trying.decide(mailing)
    turns.leave(mailing, PAUSE)
