"""What WooCommerce's JSON has of its own: moments without a zone, numbers as texts, and metadata in two shapes."""

from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from integrations.providers.reading import Json, at, list_at
from subscriptions.kinds import parse_date
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
        if moment is not None:
            return parse_date(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except ValueError:
        pass
    raise RecordError({path: gettext("is no date")})


def id_at(source: Json | None, path: str) -> str:
    """Return the number at a path as text; empty for none and for 0, which stands for nobody."""
    value = at(source, path)
    if value in (None, "", 0, "0"):
        return ""
    if isinstance(value, bool) or not isinstance(value, int | str) or not is_id(str(value)):
        raise RecordError({path: gettext("must be a whole number")})
    return str(value)


def is_id(text: str) -> bool:
    """Whether a text is a number as Woo gives to whatever it keeps; a shop asked for another refuses the whole list."""
    return text.isascii() and text.isdecimal() and len(text) < 20


def label_at(source: Json | None, path: str) -> str:
    """Return the text or the number at a path as text, as a shop's plugins number subscriptions."""
    value = at(source, path)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | str)):
        raise RecordError({path: gettext("must be text")})
    return str(value or "")


def metadata(source: Json, key: str) -> str:
    """Return the text that is kept under a metadata key; the older shape calls its list `meta`."""
    for entry in [*list_at(source, "meta_data"), *_old_metadata(source)]:
        if entry.get("key") == key and isinstance(value := entry.get("value"), str | int | float):
            return str(value)
    return ""


def _old_metadata(source: Json) -> list[Json]:
    meta: Any = source.get("meta")
    return [one for one in meta if isinstance(one, dict)] if isinstance(meta, list) else []
