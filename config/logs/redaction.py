"""Covering secrets in what is logged, by their looks, names and values; what it says of people is left to `people`."""

import re
from functools import cache
from urllib.parse import unquote, urlsplit

from django.conf import settings

COVER = "••••"
# More of a text says no more, and might take long to look through.
MOST = 32_768
# Shorter values would be found in ordinary words.
_LEAST = 6
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # keys of Stripe, WooCommerce and ours, secrets of webhooks, tokens of JSON and of Fernet
    (re.compile(r"\b(?:sk|rk|pk|whsec|ck|cs|rit)_[\w+/=-]{8,}"), COVER),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+|\bgAAAA[\w=-]{20,}"), COVER),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1 {COVER}"),
    (re.compile(r"(://[^\s/@:]*:)[^\s/@]+@"), rf"\1{COVER}@"),
    # name=value, name: value and "name": "value"
    (
        re.compile(
            r"([\w-]{0,40}(?:secret|token|passw(?:or)?d|api[_-]?key|authorization|signature|cookie|consumer_key)[\w-]{0,40}"
            r"[\"']?\s*[:=]\s*[\"']?)(?!Bearer|Basic)[^\s&\"',}]{3,}",
            re.IGNORECASE,
        ),
        rf"\1{COVER}",
    ),
    # what ends an address that counts because nobody can guess it
    (re.compile(r"(/(?:hooks/[\w-]+|confirm|e(?:/[\w-]+)?)/)[\w:.=-]{16,}"), rf"\1{COVER}"),
)


def redacted(text: str) -> str:
    """Return a text without its secrets, cut off where it is endless."""
    text = text if len(text) <= MOST else f"{text[:MOST]} …"
    for value in _values():
        text = text.replace(value, COVER)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


@cache
def _values() -> tuple[str, ...]:
    """Return the secrets of this installation, which have no looks of their own; the longest first."""
    database, broker = settings.DATABASES["default"], urlsplit(settings.CELERY_BROKER_URL)
    mail = settings.MAILERS["default"].get("OPTIONS", {})
    found = {
        settings.SECRET_KEY,
        *settings.ENCRYPTION_KEYS,
        settings.METRICS_TOKEN,
        str(database.get("PASSWORD") or ""),
        unquote(broker.password or ""),
        str(mail.get("password") or ""),
        *(value for value in settings.ANYMAIL.values() if isinstance(value, str)),
    }
    return tuple(sorted((value for value in found if len(value) >= _LEAST), key=len, reverse=True))
