"""The contact's "Recurring payments" widget and the details panel, as plain data for the templates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts.merging import find
from contacts.models import Contact
from subscriptions import display
from subscriptions.catalogue import BY_NAME, WIDGET_SIZE, Field, Status
from subscriptions.display import Cell
from subscriptions.field_order import ordered_fields
from subscriptions.kinds import AMOUNT
from subscriptions.models import Change, LineItem, RecurringPayment, RecurringPaymentQuerySet

PAGE_SIZE = 20
CHANGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the widget: its translated label, and the attributes of its cells in HTML."""

    label: str
    attributes: SafeString


@dataclass(frozen=True, slots=True)
class Row:
    """One payment of the widget; `id` is its number in plain digits, as addresses and forms have it."""

    id: str
    name: str
    cells: list[tuple[Column, Cell]]


@dataclass(frozen=True, slots=True)
class Widget:
    """One page of a contact's recurring payments."""

    contact: Contact
    columns: list[Column]
    rows: list[Row]
    page: "Page[RecurringPayment]"
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What the head of a contact's page says of the payments."""

    active: int
    since: datetime | None
    next_payment: RecurringPayment | None
    next_cell: Cell | None


@dataclass(frozen=True, slots=True)
class News:
    """One field of a change, in words."""

    label: Any
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the timeline."""

    change: Change
    title: Any
    news: list[News]
    when: str
    exact: str
    lag: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line item, written out; `about` is what the store says of it beside its name."""

    item: LineItem
    about: str
    quantity: str
    amount: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything that the details panel shows of one payment."""

    payment: RecurringPayment
    head: list[Cell]
    cells: list[Cell]
    items: list[ItemRow]
    entries: list[Entry]
    older: int
    previous: int | None
    next: int | None

    @property
    def empties(self) -> int:
        """How many fields have nothing to show."""
        return sum(cell.empty for cell in self.cells)


def payments_of(contact: Contact) -> RecurringPaymentQuerySet:
    """Select a contact's payments in the widget's order."""
    return RecurringPayment.objects.filter(contact=contact).newest_first()


def widget(contact: Contact, *, page: Any = 1) -> Widget:
    """Gather one page of the widget; the number of queries does not depend on the number of payments."""
    fields = ordered_fields()[:WIDGET_SIZE]
    columns = [_column(field) for field in fields]
    shown = Paginator(payments_of(contact).with_fields(fields), PAGE_SIZE).get_page(page)
    rows = [Row(str(one.pk), str(one), list(zip(columns, _cells(fields, one), strict=True))) for one in shown]
    latest = payments_of(contact).order_by().aggregate(latest=Max("updated_at"))["latest"]
    return Widget(contact=contact, columns=columns, rows=rows, page=shown, updated_at=latest)


def _column(field: Field) -> Column:
    attributes = 'data-field="{}" class="rt-number"' if field.kind.numeric else 'data-field="{}"'
    return Column(str(field.label), format_html(attributes, field.name))


def _cells(fields: Iterable[Field], payment: RecurringPayment) -> list[Cell]:
    return [display.cell(field, payment) for field in fields]


def summary(contact: Contact) -> Summary:
    """Gather what the head of the contact's page says."""
    payments = RecurringPayment.objects.filter(contact=contact)
    totals = payments.aggregate(
        active=Count("pk", filter=Q(status=Status.ACTIVE)), since=Min("start_date"), first=Min("store_created_date")
    )
    coming = payments.filter(status=Status.ACTIVE, next_payment_date__isnull=False).select_related("store")
    upcoming = coming.order_by("next_payment_date").first()
    return Summary(
        active=totals["active"],
        since=totals["since"] or totals["first"],
        next_payment=upcoming,
        next_cell=display.cell(BY_NAME["payment_amount"], upcoming) if upcoming else None,
    )


def panel(payment: RecurringPayment, *, changes: int = CHANGES_SHOWN) -> Panel:
    """Gather the panel; `changes` is how many of the newest changes it shows."""
    neighbours = list(payments_of(payment.contact).values_list("pk", flat=True)) if payment.contact else []
    place = neighbours.index(payment.pk) if payment.pk in neighbours else None
    entries = [_entry(change, payment) for change in payment.changes.all()[:changes]]
    return Panel(
        payment=payment,
        head=[display.cell(BY_NAME[name], payment) for name in ("status", "payment_amount")],
        cells=[display.cell(field, payment) for field in ordered_fields()],
        items=[_item(item, payment) for item in payment.line_items.all()],
        entries=entries,
        older=max(0, payment.changes.count() - len(entries)),
        previous=neighbours[place - 1] if place else None,
        next=neighbours[place + 1] if place is not None and place + 1 < len(neighbours) else None,
    )


def _item(item: LineItem, payment: RecurringPayment) -> ItemRow:
    return ItemRow(
        item=item,
        about=" · ".join(", ".join(texts) for texts in (item.categories, item.brands, item.tags) if texts),
        quantity="" if item.quantity is None else display.number(item.quantity),
        amount="" if item.amount is None else display.money(item.amount, payment.currency),
    )


_TITLES = {
    Change.Kind.CREATED: _("Created"),
    Change.Kind.UPDATED: _("Changed"),
}


def _entry(change: Change, payment: RecurringPayment) -> Entry:
    by_webhook = change.source == Change.Source.WEBHOOK
    return Entry(
        change=change,
        title=_TITLES[Change.Kind(change.kind)],
        news=list(_news(change, payment)),
        when=display.relative(change.occurred_at),
        exact=display.exact(change.occurred_at),
        lag=display.lag(change.occurred_at, change.recorded_at) if by_webhook else "",
    )


def _news(change: Change, payment: RecurringPayment) -> Iterable[News]:
    """Say each field that changed, in the catalogue's order; one that it has no more is passed over."""
    for name in filter(change.fields.__contains__, (*BY_NAME, *_OTHERS)):
        label, say = _OTHERS.get(name) or (BY_NAME[name].label, partial(_say_field, BY_NAME[name]))
        old, new = change.fields[name]
        yield News(label, say(old, payment), say(new, payment))


def _say_field(field: Field, value: Any, payment: RecurringPayment) -> str:
    return display.words(field, None if value is None else field.kind.load(value), currency=payment.currency)


def _say_contact(value: int | None, _payment: RecurringPayment) -> str:
    contact = find(value) if value else None
    return str(contact) if contact else "–"


def _say_quantities(values: list[str], _payment: RecurringPayment) -> str:
    return ", ".join(display.number(AMOUNT.load(value)) if value else "–" for value in values) or "–"


def _say_amounts(values: list[str], payment: RecurringPayment) -> str:
    return ", ".join(display.money(AMOUNT.load(value), payment.currency) if value else "–" for value in values) or "–"


def _say_items(items: list[list[str]], _payment: RecurringPayment) -> str:
    named = (f"{name} ({', '.join(words)})" if words else name for name, *words in filter(None, items))
    return ", ".join(named) or "–"


# What the change log names beside the fields of the catalogue: its label, and how its values are said.
_OTHERS: dict[str, tuple[Any, Callable[[Any, RecurringPayment], str]]] = {
    "contact": (_("Contact"), _say_contact),
    "line_item_quantity": (_("Line item quantity"), _say_quantities),
    "line_item_amount": (_("Line item amount"), _say_amounts),
    "line_items": (_("Line items"), _say_items),
}
