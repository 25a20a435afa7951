"""Some days before, on or after a date of a recurring payment, at an hour of the account's time zone."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from babel.dates import format_time
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from automations.flow.forms import Option, days_around, flag, hour, payment_field
from automations.triggers.kind import TriggerKind
from automations.triggers.where import WHERE, with_conditions
from subscriptions import display
from subscriptions.catalogue import BY_NAME

MOST_DAYS = 730


def day_words(days: int, field: str) -> str:
    """Say so many days before (negative), on or after a date: "3 days before Next payment date"."""
    named = {"n": abs(days), "field": BY_NAME[field].label}
    if days == 0:
        return _("on the day of %(field)s") % named
    if days < 0:
        return ngettext("%(n)d day before %(field)s", "%(n)d days before %(field)s", -days) % named
    return ngettext("%(n)d day after %(field)s", "%(n)d days after %(field)s", days) % named


def hour_words(hour: int) -> str:
    """Say an hour of the day, as the reader's language writes it."""
    return format_time(time(hour), "short", locale=display.locale())


def _say(options: Mapping[str, Any]) -> str:
    named = {"when": day_words(options["days"], options["field"]), "hour": hour_words(options["hour"])}
    words = _("Every year %(when)s, at %(hour)s") if options["yearly"] else _("It is %(when)s, at %(hour)s")
    return with_conditions(words % named, options)


DATED = TriggerKind(
    name="date",
    label=gettext_lazy("A date of a recurring payment comes"),
    icon="event",
    options=(
        Option(name="field", label=gettext_lazy("Date"), form=payment_field(dates_only=True)),
        Option(name="days", label=gettext_lazy("Day"), form=days_around(MOST_DAYS)),
        Option(name="hour", label=gettext_lazy("Hour"), form=hour(), default=9),
        Option(name="yearly", label=gettext_lazy("Every year again"), form=flag(), default=False),
        WHERE,
    ),
    say=_say,
)
