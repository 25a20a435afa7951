"""Waiting: for a time, until an hour of a weekday, until days before a payment's date, until a segment is true.

How long is reckoned from when a person arrived, by what the step says now; so a wait that was changed meanwhile, a
restart and a clock that went back end in the same moment.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

from automations.batch import Batch
from automations.flow.forms import Option, days_around, hour, payment_field, segment, several, span
from automations.flow.shape import Step
from automations.models import Enrolment
from automations.steps.kind import Move, Passes, StepKind, Waits
from automations.triggers.dated import MOST_DAYS, day_words, hour_words
from subscriptions.catalogue import BY_NAME
from subscriptions.segments import sentences
from subscriptions.segments.clock import Clock
from subscriptions.segments.values import Span

DAYS: dict[str, Any] = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}
_SPANS: dict[str, Any] = {
    "minutes": ngettext_lazy("%(n)d minute", "%(n)d minutes", "n"),
    "hours": ngettext_lazy("%(n)d hour", "%(n)d hours", "n"),
    "days": ngettext_lazy("%(n)d day", "%(n)d days", "n"),
    "weeks": ngettext_lazy("%(n)d week", "%(n)d weeks", "n"),
    "months": ngettext_lazy("%(n)d month", "%(n)d months", "n"),
}


def span_words(one: Span) -> str:
    """Say a span of time."""
    return str(_SPANS[one.unit] % {"n": one.n})


def after(moment: datetime, one: Span) -> datetime:
    """Return the moment a span after another; days, weeks and months keep the time of day of the account's clock."""
    if one.unit == "minutes":
        return moment + timedelta(minutes=one.n)
    return Clock(now=moment).away(one, 1)


def at_hour(day: Any, hour: int) -> datetime:
    """Return an hour of a day of the account's zone; one that the clock leaves out is the one behind it."""
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def _until(moment: datetime, batch: Batch) -> Move:
    return Passes(outcome="waited") if moment <= batch.now else Waits(until=moment)


def _wait(step: Step, batch: Batch) -> Mapping[int, Move]:
    return batch.each(lambda one: _until(after(one.arrived_at, step.options["for"]), batch))


WAIT = StepKind(
    name="wait",
    label=gettext_lazy("Wait"),
    icon="hourglass_empty",
    options=(Option(name="for", label=gettext_lazy("For"), form=span()),),
    say=lambda options: _("Wait for %(span)s") % {"span": span_words(options["for"])},
    act=_wait,
    asks_only=True,
)


def _wait_until(step: Step, batch: Batch) -> Mapping[int, Move]:
    return batch.each(lambda one: _until(_next_hour(one.arrived_at, step.options), batch))


def _next_hour(moment: datetime, options: Mapping[str, Any]) -> datetime:
    """Return when it is that hour of such a weekday for the first time from a moment on."""
    wanted = {list(DAYS).index(name) for name in options["days"]} or set(range(7))
    today = timezone.localtime(moment, timezone.get_default_timezone()).date()
    days = (today + timedelta(days=ahead) for ahead in range(9))
    hours = (at_hour(day, options["hour"]) for day in days if day.weekday() in wanted)
    return next(hour for hour in hours if hour >= moment)


def _say_until(options: Mapping[str, Any]) -> str:
    named = {"hour": hour_words(options["hour"]), "days": ", ".join(str(DAYS[day]) for day in options["days"])}
    if not options["days"]:
        return _("Wait until it is %(hour)s") % named
    return _("Wait until it is %(days)s, %(hour)s") % named


WAIT_UNTIL = StepKind(
    name="wait_until",
    label=gettext_lazy("Wait until a weekday and hour"),
    icon="schedule",
    options=(
        Option(name="days", label=gettext_lazy("Weekdays"), form=several(DAYS), default=()),
        Option(name="hour", label=gettext_lazy("Hour"), form=hour(), default=9),
    ),
    say=_say_until,
    act=_wait_until,
    asks_only=True,
)


def _wait_date(step: Step, batch: Batch) -> Mapping[int, Move]:
    """Read the date anew each time, since it may be another one meanwhile."""
    return batch.each(lambda one: _until_date(one, step.options, batch))


def _until_date(one: Enrolment, options: Mapping[str, Any], batch: Batch) -> Move:
    value = BY_NAME[options["field"]].value(one.payment) if one.payment else None
    if value is None:
        return Passes(outcome="no_date")
    try:
        day = timezone.localtime(value, timezone.get_default_timezone()).date() + timedelta(days=options["days"])
        moment = at_hour(day, options["hour"])
    except OverflowError:  # the ends of the calendar, which stores send as "never"
        return Waits()
    return Passes(outcome="date_is_past") if moment <= batch.now and not one.has_begun else _until(moment, batch)


def _say_date(options: Mapping[str, Any]) -> str:
    named = {"when": day_words(options["days"], options["field"]), "hour": hour_words(options["hour"])}
    return _("Wait until it is %(when)s, at %(hour)s") % named


WAIT_DATE = StepKind(
    name="wait_date",
    label=gettext_lazy("Wait until a date of the recurring payment"),
    icon="event",
    options=(
        Option(name="field", label=gettext_lazy("Date"), form=payment_field(dates_only=True)),
        Option(name="days", label=gettext_lazy("Day"), form=days_around(MOST_DAYS)),
        Option(name="hour", label=gettext_lazy("Hour"), form=hour(), default=9),
    ),
    say=_say_date,
    act=_wait_date,
    asks_only=True,
    watches=True,
    needs_payment=True,
)


def _wait_segment(step: Step, batch: Batch) -> Mapping[int, Move]:
    matching, longest = batch.matching(step.options["where"]), step.options["at_most"]

    def move(one: Enrolment) -> Move:
        if one.pk in matching:
            return Passes(outcome="true")
        if longest is None:
            return Waits()
        ends = after(one.arrived_at, longest)
        return Passes(outcome="time_out") if ends <= batch.now else Waits(until=ends)

    return batch.each(move)


def _say_segment(options: Mapping[str, Any]) -> str:
    words = _("Wait until they are people %(conditions)s")
    said = words % {"conditions": sentences.conditions_of_people(options["where"].node())}
    if longest := options["at_most"]:
        return _("%(wait)s, for %(span)s at most") % {"wait": said, "span": span_words(longest)}
    return said


WAIT_SEGMENT = StepKind(
    name="wait_segment",
    label=gettext_lazy("Wait until a segment is true"),
    icon="filter_alt",
    options=(
        Option(name="where", label=gettext_lazy("Segment"), form=segment()),
        Option(name="at_most", label=pgettext_lazy("a span of time", "At most"), form=span(), default=None),
    ),
    say=_say_segment,
    act=_wait_segment,
    asks_only=True,
    watches=True,
)
