"""Trying two subjects: a share of the people get the one or the other, and the others what did better."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from automations import bell
from automations.campaigns import results
from automations.models import Mailing, Message
from config import turns

A, B = Message.VARIANTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """To how many people a subject of the test was sent, and how many of them did each thing that can count."""

    sent: int
    did: Mapping[str, int]

    def share(self, kind: str) -> float | None:
        """Return the share, from 0 to 100, of those who did something; None where it was sent to nobody."""
        return 100 * self.did[kind] / self.sent if self.sent else None


def variant(number: uuid.UUID, share: int) -> str:
    """Return which subject a message tries, by the chance that its number is; empty for one that waits for the result.

    `share` is in percent of all messages, half of it for each subject.
    """
    drawn = number.int % 10_000
    if drawn >= share * 100:
        return ""
    return A if drawn % 2 else B


def is_trying(mailing: Mailing) -> bool:
    """Tell whether some still wait for which subject is the better one."""
    return bool(mailing.tested_share) and mailing.tested_share < 100 and not mailing.winner


def decide(mailing: Mailing) -> None:
    """Choose what did better, once the test is sent and its time is up; of two that did as well, the first."""
    now = timezone.now()
    if mailing.tested_at is None:
        if tests(mailing).filter(state__in=Message.UNSENT).exists():
            return
        mailing.tested_at = now
        turns.ours(mailing).update(tested_at=now)
    if now >= decides_at(mailing):
        turns.ours(mailing).filter(winner="").update(winner=better(mailing))
        bell.ring_for_outgoing()


def decides_at(mailing: Mailing) -> datetime:
    """Return when the time of the test is up, counted from now while it is being sent."""
    return (mailing.tested_at or timezone.now()) + timedelta(hours=mailing.tested_hours)


def better(mailing: Mailing) -> str:
    """Return the subject with the larger share of people who did what counts."""
    shares = {one: tried(mailing, one).share(mailing.tested_by) or 0.0 for one in Message.VARIANTS}
    return B if shares[B] > shares[A] else A


def tried(mailing: Mailing, one: str) -> Tried:
    """Count what became of a subject of the test."""
    sent = tests(mailing).filter(variant=one, state=Message.State.SENT)
    did = {kind: sent.filter(results.did(kind)).count() for kind in Mailing.Measure.values}
    return Tried(sent=sent.count(), did=did)


def tests(mailing: Mailing) -> QuerySet[Message]:
    """Return the messages that try one or the other."""
    return Message.objects.filter(mailing=mailing, variant__in=Message.VARIANTS)
