"""Moments as WordPress writes and reads them: without a zone, in the shop's time or in GMT."""

from datetime import UTC, datetime, timedelta, timezone

HOUR = 3600


def wall(at: int | None, hours: int = 0) -> str | None:
    """Write a moment as a clock shows it that is so many hours before GMT; None stays None."""
    if at is None:
        return None
    return datetime.fromtimestamp(at + hours * HOUR, UTC).replace(tzinfo=None).isoformat()


def moment(text: str, *, hours: int, is_gmt: bool) -> int:
    """Read a date that a client wrote, by the shop's clock unless it is GMT. Raises ValueError.

    One that names its zone is first put on the shop's clock, and then taken for GMT all the same, as WordPress does.
    """
    given = datetime.fromisoformat(text)
    if given.tzinfo:
        given = given.astimezone(timezone(timedelta(hours=hours)))
    shown = int(given.replace(tzinfo=UTC).timestamp())
    return shown if is_gmt else shown - hours * HOUR
