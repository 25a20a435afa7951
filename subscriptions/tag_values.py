"""What personal tags see: plain values that can be compared and reckoned with, and that say themselves in words.

Words, days and amounts are written in the language that is active when they are.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Contact
from subscriptions import display
from subscriptions.catalogue import BY_NAME, FIELDS, Field
from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, TEXT_LIST
from subscriptions.models import LineItem, RecurringPayment
from subscriptions.segments.subjects import CONTACT as KNOWN_OF_CONTACT

# name of each tag -> its label
CONTACT: dict[str, Any] = {
    "name": gettext_lazy("Full name"),
    **{name: one.label for name, one in KNOWN_OF_CONTACT.items()},
}
PAYMENT: dict[str, Any] = {
    **{field.name: field.label for field in FIELDS},
    "line_items": gettext_lazy("Items, one by one"),
}


class Amount(Decimal):
    """An amount that says itself with its currency."""

    currency = ""

    @classmethod
    def of(cls, value: Decimal, currency: str) -> "Amount":
        """Make an amount of a currency."""
        made = cls(value)
        made.currency = currency
        return made

    def __str__(self) -> str:
        return display.money(Decimal(self), self.currency)


class Moment(datetime):
    """A moment that says itself as a day of the account's time zone, or as the month that a store named."""

    month_only = False

    def __str__(self) -> str:
        return display.month(self) if self.month_only else display.day(self)


class Word:
    """One of a field's choices: compared by its name in the catalogue, said in words."""

    __slots__ = ("label", "name")

    def __init__(self, name: str, label: Any) -> None:
        self.name, self.label = name, label

    def __liquid__(self) -> str:
        """Be compared by the name."""
        return self.name

    def __str__(self) -> str:
        return str(self.label)


class Flag:
    """Yes or no."""

    __slots__ = ("is_set",)

    def __init__(self, is_set: bool) -> None:
        self.is_set = is_set

    def __liquid__(self) -> bool:
        """Be true or false."""
        return self.is_set

    def __str__(self) -> str:
        return _("Yes") if self.is_set else _("No")


class Texts(tuple[str, ...]):
    """Several texts that say themselves one after the other."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(self)


def of_contact(contact: Contact) -> dict[str, Any]:
    """Return the values of a person's tags."""
    own = {name: getattr(contact, one.column) for name, one in KNOWN_OF_CONTACT.items()}
    return own | {"name": contact.full_name, "created_at": _moment(contact.created_at)}


def of_payment(payment: RecurringPayment) -> Mapping[str, Any]:
    """Return the values of a payment's tags, each made when it is first asked for: a text uses a few of the 60."""
    return _OfPayment(payment)


class _OfPayment(Mapping[str, Any]):
    """The values of a payment; its items are fetched once, whichever fields are made of them."""

    def __init__(self, payment: RecurringPayment) -> None:
        self._payment, self._made, self._has_items = payment, dict[str, Any](), False

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PAYMENT)

    def __len__(self) -> int:
        return len(PAYMENT)

    def _make(self, name: str) -> Any:
        field = None if name == "line_items" else BY_NAME[name]
        if (field is None or field.item) and not self._has_items:
            prefetch_related_objects([self._payment], "line_items")
            self._has_items = True
        if field:
            return _of_field(field, self._payment)
        return [_of_item(item, self._payment) for item in self._payment.line_items.all()]


def _of_field(field: Field, payment: RecurringPayment) -> Any:
    value = field.value(payment)
    if value in (None, "", []):
        return None
    if field.kind is DATE:
        return _moment(value, month_only=field.month_only)
    if field.kind is CHOICE:
        return Word(value, field.choices.get(value, value))
    made = _MADE.get(field.kind)
    return made(value, payment) if made else value


def _of_item(item: LineItem, payment: RecurringPayment) -> dict[str, Any]:
    told = {name: getattr(item, name) or None for name in ("name", "sku", "quantity", "store_primary_id")}
    lists = {name: Texts(getattr(item, name)) for name in ("categories", "brands", "tags")}
    quantity = None if item.quantity is None else display.number(item.quantity)
    amount = None if item.amount is None else _amount(item.amount, payment)
    return told | lists | {"amount": amount, "quantity": quantity}


def _moment(value: datetime, *, month_only: bool = False) -> Moment:
    made = Moment.fromtimestamp(value.timestamp(), value.tzinfo)
    made.month_only = month_only
    return made


def _amount(value: Decimal, payment: RecurringPayment) -> Amount:
    return Amount.of(value, payment.currency)


# kind -> how a value of it is made; of other kinds it is taken as it is
_MADE: dict[Any, Any] = {
    AMOUNT: _amount,
    FLAG: lambda value, _payment: Flag(value),
    TEXT_LIST: lambda value, _payment: Texts(value),
}
