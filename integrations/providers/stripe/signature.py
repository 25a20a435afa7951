"""Is a delivery Stripe's? The signature over the raw bytes decides, before anything parses them."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import stripe
from django.utils.dateparse import parse_datetime

from integrations.providers.base import TOLERANCE, BadDelivery, Incoming
from integrations.providers.stripe.subjects import subject_of

if TYPE_CHECKING:
    from integrations.models import Connection


def verify(connection: "Connection", body: bytes, headers: Mapping[str, str]) -> Incoming:
    """Check the signature against every secret that counts now, then read what the inbox must know."""
    header = headers.get("Stripe-Signature", "")
    text = _decoded(body)
    if not any(_is_signed(text, header, secret) for secret in connection.webhook_secrets()):
        raise BadDelivery("The signature does not match the webhook secret, or is too old.")
    if _signed_at(header) > time.time() + TOLERANCE:
        raise BadDelivery("The signature is of the future: one of the two clocks is wrong.")
    return incoming(_parsed(text))


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadDelivery("The body is not UTF-8 text.") from None


def _is_signed(text: str, header: str, secret: str) -> bool:
    """Ask the library, which compares in constant time and refuses what is older than the tolerance."""
    try:
        return bool(stripe.WebhookSignature.verify_header(text, header, secret, TOLERANCE))
    except (stripe.SignatureVerificationError, ValueError, TypeError):  # TypeError: a signature beyond ASCII
        return False


def _signed_at(header: str) -> int:
    """Return the time stamp of a header that has been verified: the first in it, as the library takes it."""
    return int(next(part for part in header.split(",") if part.startswith("t=")).split("=")[1])


def _parsed(text: str) -> dict[str, Any]:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        raise BadDelivery("The body is not JSON.") from None
    if not isinstance(event, dict) or not isinstance(event.get("id"), str) or not isinstance(event.get("type"), str):
        raise BadDelivery("The body is not an event: it has no id or no type.")
    if not 0 < len(event["id"]) <= 255 or len(event["type"]) > 100 or not (event["id"] + event["type"]).isprintable():
        raise BadDelivery("The event's id or type is none of Stripe's.")
    return event


def incoming(event: dict[str, Any]) -> Incoming:
    """Read what the inbox must know of an event; raise BadDelivery."""
    return Incoming(key=event["id"], event_type=event["type"], occurred_at=_created(event), subject=subject_of(event))


def _created(event: dict[str, Any]) -> datetime:
    """Read when it happened: seconds in a snapshot event, ISO 8601 in a thin one."""
    created: Any = event.get("created")
    try:
        moment = parse_datetime(created) if isinstance(created, str) else datetime.fromtimestamp(created, UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadDelivery("The event does not say when it was created.")
    return moment
