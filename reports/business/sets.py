"""The payments that a number of today counts, each set with a name, words and its condition.

What a page counts and what its list shows is one condition, so the two cannot differ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscriptions.catalogue import Status
from subscriptions.models import RecurringPayment
from subscriptions.models.payments import RecurringPaymentQuerySet

AHEAD = (30, 60, 90)
_ACTIVE = Q(status=Status.ACTIVE)
_LIVING = [Status.ACTIVE, Status.PAYMENT_FAILED, Status.PAUSED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """A set of payments: its name, what belongs to it, and the condition at a moment."""

    title: Any
    meaning: Any
    condition: Callable[[datetime], Q]


def payments(name: str, now: datetime | None = None) -> RecurringPaymentQuerySet:
    """Return the payments of a set; raise KeyError where there is none of that name."""
    return RecurringPayment.objects.filter(SETS[name].condition(now or timezone.now()))


def _plainly(condition: Q) -> Callable[[datetime], Q]:
    return lambda _now: condition


def _renews(days: int, now: datetime) -> Q:
    stays = _ACTIVE & ~Q(cancel_at_period_end=True)
    return stays & Q(next_payment_date__gte=now, next_payment_date__lt=now + timedelta(days=days))


def _trial_ends(days: int, now: datetime) -> Q:
    return _renews(days, now) & Q(is_trial=True)


def _card_ends(days: int, now: datetime) -> Q:
    """A card is good until its month is over, of which stores tell the first day, in UTC."""
    until = now + timedelta(days=days)
    return Q(
        status__in=_LIVING,
        payment_method_expiration__gte=_month_of(now),
        payment_method_expiration__lt=_month_of(until),
    )


def _month_of(moment: datetime) -> datetime:
    day: date = moment.astimezone(UTC).date().replace(day=1)
    return datetime.combine(day, time.min, tzinfo=UTC)


_CARD_FIRST = (
    _ACTIVE
    & ~Q(cancel_at_period_end=True)
    & Q(payment_method_expiration__lt=TruncMonth("next_payment_date", tzinfo=UTC))
)

SETS: dict[str, Set] = {
    "active": Set(
        title=_("Active"),
        meaning=_("Recurring payments that are active and not in a trial."),
        condition=_plainly(_ACTIVE & ~Q(is_trial=True)),
    ),
    "trial": Set(
        title=_("In trial"),
        meaning=_("Recurring payments that are active and in a trial."),
        condition=_plainly(_ACTIVE & Q(is_trial=True)),
    ),
    "paused": Set(
        title=_("Paused"),
        meaning=_("Recurring payments that are paused."),
        condition=_plainly(Q(status=Status.PAUSED)),
    ),
    "failed": Set(
        title=_("Payment failed"),
        meaning=_("Recurring payments whose last charge failed, and that have neither been paid since nor ended."),
        condition=_plainly(Q(status=Status.PAYMENT_FAILED) & ~Q(is_trial=True)),
    ),
    "card_first": Set(
        title=_("Card expires before the next payment"),
        meaning=_("Active recurring payments whose card is over before the next payment is due."),
        condition=_plainly(_CARD_FIRST),
    ),
    "to_end": Set(
        title=_("Set to end"),
        meaning=_("Active recurring payments that end with the period that is paid for."),
        condition=_plainly(_ACTIVE & Q(cancel_at_period_end=True)),
    ),
} | {
    f"{name}_{days}": Set(title=title, meaning=meaning, condition=partial(condition, days))
    for name, title, meaning, condition in (
        (
            "renewals",
            _("Next payments"),
            _("Active recurring payments whose next payment date lies ahead, unless they are set to end."),
            _renews,
        ),
        (
            "trial_ends",
            _("Trials that end"),
            _("Those of them that are in a trial, which ends with the next payment."),
            _trial_ends,
        ),
        (
            "card_ends",
            _("Cards that expire"),
            _("Recurring payments that have not ended and whose card’s month is over by then."),
            _card_ends,
        ),
    )
    for days in AHEAD
}
