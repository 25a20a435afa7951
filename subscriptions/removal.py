"""Removing what a store brought, a part at a time, so that nobody waits for a lock."""

from django.db import transaction

from subscriptions.models import Change, LineItem, RecurringPayment, Store, StoreCustomer

PART = 200


def remove_part(store: Store) -> int:
    """Remove some of a store's recurring payments with their items and changes; return how many. Contacts stay.

    One short transaction; 0 says that no payment is left, and then the store's customer numbers are gone too.
    """
    with transaction.atomic():
        part = list(RecurringPayment.objects.filter(store=store).order_by("pk").values_list("pk", flat=True)[:PART])
        if not part:
            StoreCustomer.objects.filter(store=store).delete()
            return 0
        Change.objects.filter(payment__in=part).delete()
        LineItem.objects.filter(payment__in=part).delete()
        RecurringPayment.objects.filter(pk__in=part).delete()
    return len(part)
