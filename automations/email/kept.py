"""What was sent, kept as it was sent: its difference from what all were sent, a few hundred bytes a message."""

import re
import zlib
from collections.abc import Callable
from html import escape

from django.conf import settings

from automations.email import addresses
from automations.models import Message, Sheet

# The compression looks back so far; of what is longer, the end is compared.
_WINDOW = 32 * 1024
_PIXEL = re.compile(rf'<img src="[^"]*/e/{addresses.OPEN}/[^"]*"[^>]*>')
_BETWEEN = "\x00"


def pack(html: str, text: str, *, like: str) -> bytes:
    """Return both as bytes; `like` is a text that they share most of."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_dictionary(like))
    return packer.compress(f"{html}{_BETWEEN}{text}".encode()) + packer.flush()


def unpack(packed: bytes, *, like: str) -> tuple[str, str]:
    """Return the HTML and the text that were packed with the same text to compare with."""
    html, _between, text = (
        zlib.decompressobj(-15, zdict=_dictionary(like)).decompress(packed).decode().partition(_BETWEEN)
    )
    return html, text


def like(sheet: Sheet) -> str:
    """Return what the messages of a prepared e-mail share."""
    return sheet.html + sheet.text


def of(message: Message) -> tuple[str, str]:
    """Return the HTML and the text of a message as it was sent; a note for a colleague has no HTML."""
    if message.sheet is None:
        return "", message.text
    return unpack(bytes(message.body), like=like(message.sheet))


def shown(message: Message) -> tuple[str, str]:
    """Return them for who looks at what was sent: that is measured of nobody, and links lead to their targets."""
    html, text = of(message)
    return _PIXEL.sub("", _untracked(html, escape)), _untracked(text, str)


def _untracked(written: str, quoted: Callable[[str], str]) -> str:
    def target(found: re.Match[str]) -> str:
        told = addresses.read(addresses.CLICK, found[1])
        return quoted(told.target) if told else found[0]

    return re.sub(rf"{re.escape(settings.PUBLIC_URL)}/e/{addresses.CLICK}/([A-Za-z0-9_-]+)", target, written)


def _dictionary(like: str) -> bytes:
    return like.encode()[-_WINDOW:]
