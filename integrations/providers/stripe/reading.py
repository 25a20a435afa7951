"""What Stripe's JSON has of its own: ids that stand for whole objects, and moments in seconds."""

from datetime import UTC, datetime

from django.utils.translation import gettext

from integrations.providers.reading import Json, at, integer_at, text_at
from subscriptions.records import RecordError


def id_at(source: Json | None, path: str) -> str:
    """Return the id of what stands at a path, expanded or not."""
    value = at(source, path)
    return text_at(value, "id") if isinstance(value, dict) else text_at(source, path)


def moment_at(source: Json | None, path: str) -> datetime | None:
    """Return the Unix time at a path as a moment in UTC."""
    seconds = integer_at(source, path)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise RecordError({path: gettext("is no date")}) from None
