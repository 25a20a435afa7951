"""Is a delivery the shop's? The signature over the raw bytes decides, before anything parses them."""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext

from integrations.providers.base import BadDelivery, Incoming
from integrations.providers.woocommerce.reading import id_at, moment_at
from subscriptions.records import RecordError

if TYPE_CHECKING:
    from integrations.models import Connection

# The first post that Woo sends to a new address, unsigned, and that must be answered with 200.
_PING = b"webhook_id="


def verify(connection: "Connection", body: bytes, headers: Mapping[str, str]) -> Incoming | None:
    """Check the signature against every secret that counts now; None for Woo's ping, which means nothing."""
    if body.startswith(_PING) and body.removeprefix(_PING).isdigit() and len(body) < 40:
        return None
    claimed = headers.get("X-WC-Webhook-Signature", "").encode()
    if not any(hmac.compare_digest(_signature(body, secret), claimed) for secret in connection.webhook_secrets()):
        raise BadDelivery("The signature does not match the webhook secret.")
    return _incoming(connection, body, _parsed(body), headers)


def _signature(body: bytes, secret: str) -> bytes:
    return b64encode(hmac.new(secret.encode(), body, sha256).digest())


def _parsed(body: bytes) -> dict[str, Any]:
    """Parse the body; an empty list stands for a subscription that was deleted before it could be told."""
    try:
        told = json.loads(body.decode())  # from bytes it would take UTF-16 too, which cannot be kept
    except (ValueError, RecursionError):
        raise BadDelivery("The body is not JSON.") from None
    if told == []:
        return {}
    if not isinstance(told, dict):
        raise BadDelivery("The body is not an object.")
    return told


def _incoming(connection: "Connection", body: bytes, told: dict[str, Any], headers: Mapping[str, str]) -> Incoming:
    topic = headers.get("X-WC-Webhook-Topic", "")
    delivery = headers.get("X-WC-Webhook-Delivery-ID", "")
    source = headers.get("X-WC-Webhook-Source", "")
    if not 0 < len(topic) <= 100 or len(delivery) > 100 or not (topic + delivery).isprintable():
        raise BadDelivery("The topic or the delivery's ID is none of WooCommerce's.")
    return Incoming(
        # Woo's own ID is of a webhook and a second: subscriptions that change together share it
        # and a copy of the shop says the same with the same ID
        key=f"{delivery}:{sha256(f'{topic}\n{source}\n'.encode() + body).hexdigest()[:32]}",
        event_type=topic,
        occurred_at=_modified(told),
        subject=_subject(topic, told, source="" if is_from(connection, source) else source),
        ignored="" if is_from(connection, source) else foreign(source),
    )


def _modified(told: dict[str, Any]) -> datetime:
    """Read when it happened; a deletion and Woo's older shape do not tell it in GMT."""
    try:
        return moment_at(told, "date_modified_gmt") or timezone.now()
    except RecordError:
        return timezone.now()


def _subject(topic: str, told: dict[str, Any], *, source: str) -> str:
    """Name what it is about; what another shop sent is kept apart by its address, also when it is retried."""
    kind = topic.partition(".")[0]
    try:
        name = id_at(told, "id") or id_at(told, "subscription_id")
    except RecordError:
        return ""
    elsewhere = f"@{source[:120]}" if source else ""
    return f"{kind}:{name}{elsewhere}" if name else ""


def is_from(connection: "Connection", source: str) -> bool:
    """Whether the connected shop sent it: a copy of the shop for tests signs with the same secret."""
    return not source or _place(source) == _place(connection.api_address)


def foreign(source: str) -> str:
    """Say why a delivery of another shop means nothing."""
    return gettext("It comes from another address than the connected shop, perhaps from a copy of it: %(address)s") % {
        "address": source[:200]
    }


def _place(address: str) -> tuple[str, int | None, str]:
    """Name host, port and path; the scheme may differ where TLS ends before the shop."""
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").removeprefix("www."), parts.port, parts.path.rstrip("/")
    except ValueError:
        return address, None, ""
