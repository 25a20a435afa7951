"""What somebody is told who has tried too often."""

import math

from django.utils.translation import ngettext


def too_many(wait: float) -> str:
    """Say in words when the next try may be; `wait` is in seconds."""
    minutes = math.ceil(wait / 60)
    return ngettext(
        "There were too many failed attempts to sign in from here. Try again in %(count)d minute.",
        "There were too many failed attempts to sign in from here. Try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}
