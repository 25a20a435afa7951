"""What Manage data shows, as plain data for its templates: the rows and the widget that they would make."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count
from django.utils.translation import gettext

from contacts.models import Contact
from subscriptions import display
from subscriptions.catalogue import BY_NAME, STORES, Field
from subscriptions.display import Cell
from subscriptions.field_order import Order
from subscriptions.models import RecurringPayment
from subscriptions.widget import payments_of

PREVIEW_ROWS = 3
# Among how many of the newest payments a contact with several is sought.
LOOKED_AT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One field of the list; `above` and `below` name the fields that it stands before after a step up or down.

    `above` is empty in the first row, `below` in the last two: from there a step down leads to the end.
    """

    field: Field
    position: int
    stores: str
    above: str
    below: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The widget of a real contact with all fields as columns, of which the first five are shown."""

    contact: Contact
    fields: list[Field]
    rows: list[list[Cell]]
    count: int


def field_rows(order: Order) -> list[FieldRow]:
    """Return the fields in their order."""
    padded = ["", *order.names, "", ""]
    return [
        FieldRow(
            field=BY_NAME[name],
            position=position,
            stores=_senders(BY_NAME[name]),
            above=padded[position - 1],
            below=padded[position + 2],
        )
        for position, name in enumerate(order.names, start=1)
    ]


def preview(order: Order, viewer: User) -> Preview | None:
    """Return the widget of a contact with several recent payments; None if there is none that the viewer may see."""
    if not viewer.has_perm("subscriptions.view_recurringpayment"):
        return None
    contact = _example()
    if contact is None:
        return None
    fields = [BY_NAME[name] for name in order.names]
    payments = payments_of(contact)
    rows = [[display.cell(field, payment) for field in fields] for payment in payments.for_display()[:PREVIEW_ROWS]]
    return Preview(contact=contact, fields=fields, rows=rows, count=payments.count())


def _senders(field: Field) -> str:
    senders = [label for store, label in STORES.items() if store not in field.not_from]
    if len(senders) == len(STORES):
        return gettext("all stores")
    return ", ".join(senders)


def _example() -> Contact | None:
    """Choose, among the contacts of the newest payments, the first with as many as the preview has rows."""
    linked = RecurringPayment.objects.filter(contact__isnull=False)
    recent = list(dict.fromkeys(linked.newest_first().values_list("contact", flat=True)[:LOOKED_AT]))
    counts = dict(linked.filter(contact__in=recent).values_list("contact").annotate(Count("pk")))
    chosen = max(recent, key=lambda contact: min(counts[contact], PREVIEW_ROWS), default=None)
    return Contact.objects.filter(pk=chosen).first() if chosen else None
