"""Recurring payments as they were at a moment, by the change log: set back in a transaction that is undone.

So everything that is asked of them is asked by the very code that asks it otherwise. What is not on record, such as
items, tags and lists, is as it is today.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from subscriptions.catalogue import BY_NAME
from subscriptions.models import Change, RecurringPayment

type Values = dict[str, Any]


@contextmanager
def undone() -> Iterator[None]:
    """Undo whatever is written inside."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def set_back(payments: Collection[int], moment: datetime) -> None:
    """Write what payments were like at a moment; only to be done once where it is undone."""
    for pk, values in _older(payments, moment).items():
        RecurringPayment.objects.filter(pk=pk).update(**values)


def moments(payment: int, after: datetime) -> list[datetime]:
    """Return when something about a payment was recorded after a moment, in order."""
    later = Change.objects.filter(payment=payment, recorded_at__gt=after).order_by("recorded_at")
    return list(later.values_list("recorded_at", flat=True))


def _older(payments: Collection[int], moment: datetime) -> Mapping[int, Values]:
    """Return by payment and column what the first change after the moment says that was there before it."""
    later = Change.objects.filter(payment__in=payments, recorded_at__gt=moment).order_by("recorded_at", "pk")
    found: dict[int, Values] = {}
    for change in later.filter(kind=Change.Kind.UPDATED):
        of_payment = found.setdefault(change.payment_id, {})
        for name, (before, _now) in change.fields.items():
            if (field := BY_NAME.get(name)) and field.stored:
                of_payment.setdefault(name, field.kind.empty if before is None else field.kind.load(before))
    return {pk: values for pk, values in found.items() if values}
