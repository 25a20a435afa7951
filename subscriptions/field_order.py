"""The order of the fields, as an administrator set it on Manage data; the first five are the widget's columns."""

from subscriptions.catalogue import BY_NAME, DEFAULT_ORDER, Field
from subscriptions.models import FieldOrder


def ordered_fields() -> tuple[Field, ...]:
    """Return all fields in the order that holds now, in one query."""
    newest = FieldOrder.objects.first()
    return tuple(BY_NAME[name] for name in complete(newest.names if newest else []))


def complete(names: list[str]) -> list[str]:
    """Return the saved names that the catalogue still has, then those that came to it since."""
    known = [name for name in names if name in BY_NAME]
    return known + [name for name in DEFAULT_ORDER if name not in known]
