"""Moments as PayPal writes them."""

from datetime import UTC, datetime


def written(at: int) -> str:
    """Write a moment, in seconds since 1970, to the second."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def written_finely(at: int, milliseconds: int) -> str:
    """Write a moment to the millisecond, as events have it."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03}Z"


def read(text: str) -> int:
    """Read a moment. Raises ValueError for anything without a date, a time and a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or "T" not in text.upper():
        raise ValueError(f"{text} is no moment with a time and a zone")
    return int(moment.timestamp())
