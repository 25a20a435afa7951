"""What recurring payments tell of a person."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts import conditions
from contacts.models import Contact
from contacts.privacy import Holder, plain
from contacts.services import emails_of
from subscriptions.catalogue import STORED
from subscriptions.kinds import DATE
from subscriptions.models import (
    Change,
    LineItem,
    RecurringPayment,
    RecurringPaymentQuerySet,
    Segment,
    SegmentVersion,
    StoreCustomer,
)
from subscriptions.people_actions import downloads
from subscriptions.people_actions.models import PeopleAction
from subscriptions.records import ITEM_KINDS


def payments(contact: Contact) -> RecurringPaymentQuerySet:
    """Return a person's recurring payments, and those of nobody that still name their e-mail."""
    mine = Q(contact=contact)
    for email in emails_of(contact):
        mine |= Q(contact=None, email__iexact=email)
    return RecurringPayment.objects.filter(mine).order_by("pk")


def _collect(contact: Contact) -> dict[str, Any]:
    rows = payments(contact).select_related("store").prefetch_related("line_items", "changes")
    customers = StoreCustomer.objects.filter(contact=contact).select_related("store")
    return {
        "recurring_payments": [_payment(row) for row in rows],
        "store_customers": [{"store": one.store.name, "id": one.store_customer_id} for one in customers],
    }


def _payment(row: RecurringPayment) -> dict[str, Any]:
    fields = {name: field.kind.dump(getattr(row, name)) for name, field in STORED.items()}
    return {
        "store": row.store.name,
        "as_of": DATE.dump(row.as_of),
        "first_seen": DATE.dump(row.created_at),
        **fields,
        "line_items": [_item(one) for one in row.line_items.all()],
        "changes": [plain(one, without=("id", "payment", "announce")) for one in row.changes.all()],
    }


def _item(row: LineItem) -> dict[str, Any]:
    return {name: kind.dump(getattr(row, name)) for name, kind in ITEM_KINDS.items()}


def _erase(contact: Contact) -> None:
    mine = list(payments(contact).select_for_update(of=("self",)).values_list("pk", flat=True))
    Change.objects.filter(payment__in=mine).delete()
    LineItem.objects.filter(payment__in=mine).delete()
    RecurringPayment.objects.filter(pk__in=mine).delete()
    StoreCustomer.objects.filter(contact=contact).delete()
    downloads.forget(contact)
    conditions.forget(contact, [(Segment, "tree"), (SegmentVersion, "tree"), (PeopleAction, "tree")])


HOLDER = Holder(
    app="subscriptions",
    collect=_collect,
    erase=_erase,
    words={"recurring_payments": _("Recurring payments"), "store_customers": _("Customer numbers at stores")},
)
