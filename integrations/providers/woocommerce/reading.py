"""What WooCommerce's JSON has of its own: moments without a zone, numbers as texts, and metadata in two shapes."""

from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from integrations.providers.reading import Json, at, list_at
from subscriptions.records import RecordError

# What stands where there is no date: nothing, null, false, or the beginning of all days.
_NONE = (None, "", False, "0000-00-00 00:00:00")


def moment_at(source: Json | None, path: str) -> datetime | None:
    """Return the moment at a path that is told in GMT, as Woo writes it: without a zone."""
    value = at(source, path)
    if value in _NONE:
        return None
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise RecordError({path: gettext("is no date")})
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def id_at(source: Json | None, path: str) -> str:
    """Return the number at a path as text; empty for none and for 0, which stands for nobody."""
    value = at(source, path)
    if value in (None, "", 0, "0"):
        return ""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise RecordError({path: gettext("must be a whole number")})
    return str(value)


def metadata(source: Json, key: str) -> str:
    """Return the text that is kept under a metadata key; the older shape calls its list `meta`."""
    for entry in [*list_at(source, "meta_data"), *_old_metadata(source)]:
        if entry.get("key") == key and isinstance(value := entry.get("value"), str | int | float):
            return str(value)
    return ""


def _old_metadata(source: Json) -> list[Json]:
    meta: Any = source.get("meta")
    return [one for one in meta if isinstance(one, dict)] if isinstance(meta, list) else []
