"""What an e-mail provider tells of messages that it was given, and what it takes in for us, through django-anymail."""

import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType, RejectReason

from automations.email.receiving import taking
from automations.email.writing import NUMBER
from automations.models import Engagement, Message
from config.api.showing import showable


def hear(event: AnymailTrackingEvent, **_: Any) -> None:
    """Heed what a provider says became of a message; what we measure ourselves, and what is not ours, is left."""
    heed = taking.refused_for_now if _may_pass(event) else _HEEDED.get(event.event_type)
    row = _message(event) if heed else None
    if heed and row:
        told = event.event_id or f"{event.event_type} {event.timestamp}"
        said = showable(str(event.description or event.mta_response or event.reject_reason or ""), 300)
        heed(row, uuid.uuid5(row.number, showable(told)), said)


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


def _may_pass(event: AnymailTrackingEvent) -> bool:
    """Tell a bounce that may be over later from one for good, by the provider's own words; anymail does not."""
    if event.event_type != EventType.BOUNCED:
        return False
    own: Any = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    bounce = own.get("bounce") if isinstance(own.get("bounce"), Mapping) else {}
    told = {str(value) for value in (own.get("Type"), own.get("type"), own.get("event"), bounce.get("bounceType"))}
    is_soft = bool(told & _FOR_NOW) or own.get("hard_bounce") is False or event.reject_reason == RejectReason.TIMED_OUT
    return is_soft or bool(_STATUS.search(str(event.mta_response or "")))


# Postmark, Amazon SES, Brevo, SendGrid; Mailjet says it with a flag
_FOR_NOW = {"SoftBounce", "Transient", "soft_bounce", "blocked"}
# of SMTP (RFC 3463): what begins with 4 may pass
_STATUS = re.compile(r"\b4\.\d{1,3}\.\d{1,3}\b")
_HEEDED: dict[str, Callable[[Message, uuid.UUID, str], Any]] = {
    EventType.DELIVERED: _delivered,
    EventType.BOUNCED: taking.bounced,
    EventType.REJECTED: taking.bounced,
    EventType.COMPLAINED: taking.complained,
}
