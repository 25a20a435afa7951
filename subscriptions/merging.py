"""What moves with a person when two contacts become one: payments, and the numbers by which stores know them."""

from django.utils import timezone

from contacts.merging import Mover
from contacts.models import Contact
from subscriptions.models import RecurringPayment, Store, StoreCustomer


def _lock() -> None:
    """Wait for the writers of all stores, each of which holds its store's row, and let them wait."""
    list(Store.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _move(source: Contact, target: Contact) -> None:
    RecurringPayment.objects.filter(contact=source).update(contact=target, updated_at=timezone.now())
    StoreCustomer.objects.filter(contact=source).update(contact=target)


MOVER = Mover(app="subscriptions", lock=_lock, move=_move)
