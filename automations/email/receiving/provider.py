"""What an e-mail provider tells of messages that it was given, and what it takes in for us, through django-anymail."""

import uuid
from collections.abc import Callable
from typing import Any

from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType

from automations.email.receiving import taking
from automations.email.writing import NUMBER
from automations.models import Engagement, Message


def hear(event: AnymailTrackingEvent, **_: Any) -> None:
    """Heed what a provider says became of a message; what we measure ourselves, and what is not ours, is left."""
    heed = _HEEDED.get(event.event_type)
    row = _message(event) if heed else None
    if heed and row:
        told = event.event_id or f"{event.event_type} {event.timestamp}"
        heed(
            row, uuid.uuid5(row.number, told), str(event.description or event.mta_response or event.reject_reason or "")
        )


def receive(event: AnymailInboundEvent, **_: Any) -> None:
    """Take in a message that has come back."""
    taking.take(event.message, [event.message.envelope_recipient or ""])


def _message(event: AnymailTrackingEvent) -> Message | None:
    try:
        number = uuid.UUID(str((event.metadata or {}).get(NUMBER, "")))
    except ValueError:
        return None
    return Message.objects.select_related("contact").filter(number=number).first()


def _delivered(row: Message, hit: uuid.UUID, _detail: str) -> None:
    taking.note(row, Engagement.Kind.DELIVERED, hit)


_HEEDED: dict[str, Callable[[Message, uuid.UUID, str], Any]] = {
    EventType.DELIVERED: _delivered,
    EventType.BOUNCED: taking.bounced,
    EventType.REJECTED: taking.bounced,
    EventType.COMPLAINED: taking.complained,
}
