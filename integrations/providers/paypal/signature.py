"""Is a delivery PayPal's? Its certificate and the signature over the raw bytes decide, before anything parses them."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from django.utils.dateparse import parse_datetime

from integrations.providers.base import TOLERANCE, BadDelivery, Incoming
from integrations.providers.paypal import certificates, resources
from integrations.providers.paypal.subjects import subject_of

if TYPE_CHECKING:
    from integrations.models import Connection

ALGORITHM = "SHA256withRSA"
# PayPal tries again for three days, with the signature of the first attempt.
OLDEST = timedelta(days=4)


def verify(connection: "Connection", body: bytes, headers: Mapping[str, str]) -> Incoming:
    """Check algorithm, time, certificate and signature, then read what the inbox must know."""
    sent_at = headers.get("PAYPAL-TRANSMISSION-TIME", "")
    if headers.get("PAYPAL-AUTH-ALGO") != ALGORITHM or not connection.webhook_id:
        raise BadDelivery("The delivery is not signed as PayPal signs.")
    _check_time(sent_at)
    signature = _decoded(headers.get("PAYPAL-TRANSMISSION-SIG", ""))
    key = certificates.public_key(connection, headers.get("PAYPAL-CERT-URL", ""))
    transmission = headers.get("PAYPAL-TRANSMISSION-ID", "")
    message = f"{transmission}|{sent_at}|{connection.webhook_id}|{zlib.crc32(body)}"
    try:
        key.verify(signature, message.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        raise BadDelivery("The signature does not match.") from None
    return incoming(connection, _parsed(body))


def _check_time(text: str) -> None:
    moment = _moment(text)
    now = datetime.now(UTC)
    if moment is None or moment < now - OLDEST:
        raise BadDelivery("The signature is too old, or does not say when it was made.")
    if moment > now + timedelta(seconds=TOLERANCE):
        raise BadDelivery("The signature is of the future: one of the two clocks is wrong.")


def _moment(text: object) -> datetime | None:
    """Read a moment with its zone, in UTC; the first and the last day of all years may not have one."""
    try:
        moment = parse_datetime(text) if isinstance(text, str) else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadDelivery("The signature does not match.") from None


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body.decode())  # UTF-8 alone: given bytes, it would guess at others that we cannot keep
    except (ValueError, RecursionError):
        raise BadDelivery("The body is not JSON.") from None
    names = ("id", "event_type")
    if not isinstance(event, dict) or not all(isinstance(event.get(name), str) for name in names):
        raise BadDelivery("The body is not an event: it has no id or no type.")
    if not 0 < len(event["id"]) <= 255 or len(event["event_type"]) > 100:
        raise BadDelivery("The event's id or type is none of PayPal's.")
    if not (event["id"] + event["event_type"]).isprintable():
        raise BadDelivery("The event's id or type is none of PayPal's.")
    return event


def incoming(connection: "Connection", event: dict[str, Any]) -> Incoming:
    created = _moment(event.get("create_time"))
    if created is None:
        raise BadDelivery("The event does not say when it was created.")
    return Incoming(
        key=event["id"],
        event_type=event["event_type"],
        occurred_at=created,
        subject=subject_of(event),
        ignored=resources.ignored_because(connection, event["event_type"]),
    )
