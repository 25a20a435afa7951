"""When a report is sent, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from reports.models import Schedule

_WORDS: dict[str, Any] = {
    Schedule.Rhythm.DAILY: _("every day at %(hour)s"),
    Schedule.Rhythm.WEEKLY: _("every week on %(weekday)s at %(hour)s"),
    Schedule.Rhythm.MONTHLY: _("every month on day %(day)d at %(hour)s"),
}
_PARTS: dict[str, Callable[[Schedule], Any]] = {
    "hour": lambda one: f"{one.hour:02}:00",
    "weekday": lambda one: str(WEEKDAYS[min(one.day, 7) - 1]),
    "day": lambda one: one.day,
}


def said(schedule: Schedule) -> str:
    """Say when it is sent."""
    return str(_WORDS[schedule.rhythm] % {name: read(schedule) for name, read in _PARTS.items()})
