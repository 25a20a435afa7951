"""The addresses that an e-mail leads to: each is signed, names a message only, and cannot be guessed or changed.

What a token holds is a message's number, which is random, and for a link its target. It opens what it was made for and
nothing else: the purpose is part of the signature.
"""

import base64
import binascii
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_SIGNED = 12
# letter in the address -> what it is signed for
OPEN, CLICK, UNSUBSCRIBE, PREFERENCES, BROWSER, REPLY = "o", "c", "u", "p", "b", "r"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{38,8000}")
_LOCAL_PART = re.compile(r"r-([a-z2-7]{45})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a token says: which message, and for a link its target."""

    number: uuid.UUID
    target: str = ""


def address(purpose: str, number: uuid.UUID, target: str = "") -> str:
    """Return the whole address of something that belongs to a message."""
    return f"{settings.PUBLIC_URL}/e/{purpose}/{token(purpose, number, target)}"


def token(purpose: str, number: uuid.UUID, target: str = "") -> str:
    """Return what stands at the end of an address."""
    told = number.bytes + target.encode()
    return base64.urlsafe_b64encode(_sign(purpose, told, settings.SECRET_KEY) + told).decode().rstrip("=")


def read(purpose: str, text: str) -> Told | None:
    """Return what a token says; None for one that was not made here, for this, or not so."""
    if not _TOKEN.fullmatch(text):
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        signed, told = raw[:_SIGNED], raw[_SIGNED:]
        is_ours = any(constant_time_compare(signed, _sign(purpose, told, secret)) for secret in _secrets())
        return Told(number=uuid.UUID(bytes=told[:16]), target=told[16:].decode()) if is_ours else None
    except (binascii.Error, ValueError):
        return None


def reply_address(number: uuid.UUID, domain: str) -> str:
    """Return the address to which somebody answers a message; it is the same in capitals."""
    signed = base64.b32encode(_sign(REPLY, number.bytes, settings.SECRET_KEY) + number.bytes).decode()
    return f"r-{signed.rstrip('=').lower()}@{domain}"


def read_reply_address(address: str) -> uuid.UUID | None:
    """Return the number of the message that an address answers; None for any other address."""
    found = _LOCAL_PART.fullmatch(address.partition("@")[0])
    if not found:
        return None
    try:
        raw = base64.b32decode(found[1].upper() + "===")
    except binascii.Error:
        return None
    signed, told = raw[:_SIGNED], raw[_SIGNED:]
    is_ours = any(constant_time_compare(signed, _sign(REPLY, told, secret)) for secret in _secrets())
    return uuid.UUID(bytes=told) if is_ours and len(told) == 16 else None


def _sign(purpose: str, told: bytes, secret: str | bytes) -> bytes:
    return salted_hmac(f"ritournelle.email.{purpose}", told, secret=secret, algorithm="sha256").digest()[:_SIGNED]


def _secrets() -> Iterator[str | bytes]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS
