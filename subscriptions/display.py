"""A value for human eyes, in the reader's language: money with its currency, dates, statuses with colour and icon."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale, dates, numbers
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext, pgettext

from subscriptions.catalogue import STORES, Field
from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LIST, Kind
from subscriptions.models import RecurringPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One shown value: its text, what hovering adds, and for statuses a tone and an icon of the admin theme.

    A template writes it as `{{ cell }}`: a page shows hundreds, and including a template for each took half its time.
    """

    field: Field
    text: str
    title: str = ""
    tone: str = ""
    icon: str = ""
    numeric: bool = False
    empty: bool = False

    def __str__(self) -> str:
        # Templates ask for the text first, and take it as it is where it is marked safe.
        return self.__html__()

    def __html__(self) -> str:
        """Write the value with its looks, everything in it escaped."""
        if self.empty:
            return format_html(
                '<span class="rt-empty" title="{}">{}<span class="rt-sr">{}</span></span>',
                self.title,
                self.text,
                self.title,
            )
        if self.tone:
            return format_html(_PILL, self.tone, self.title, self.icon, self.text)
        return format_html('<span class="rt-text" title="{}">{}</span>', self.title, self.text)


_PILL = (
    '<span class="rt-pill rt-{}" title="{}">'
    '<span class="material-symbols-outlined" aria-hidden="true">{}</span>{}</span>'
)

# status -> tone of the stylesheet and icon of the theme's own font; never told by colour alone
STATUS_LOOKS = {
    "active": ("good", "check_circle"),
    "pending": ("calm", "schedule"),
    "paused": ("warn", "pause_circle"),
    "payment_failed": ("bad", "error"),
    "cancelled": ("mute", "cancel"),
    "expired": ("mute", "event_busy"),
    "completed": ("good", "check_circle"),
    "declined": ("bad", "error"),
    "refunded": ("mute", "undo"),
    "partially_refunded": ("warn", "undo"),
}


def cell(field: Field, payment: RecurringPayment) -> Cell:
    """Show a field of a payment; an empty one says, where it is so, that its store never sends it."""
    value = field.value(payment)
    if value in (None, "", []):
        return Cell(field=field, text="–", title=_why_empty(field, payment), empty=True)
    tone, icon = STATUS_LOOKS.get(value, ("", "")) if field.kind is CHOICE else ("", "")
    text = _compact(field, value, payment)
    return Cell(
        field=field,
        text=text,
        title=_title(field, value, payment) or text,
        tone=tone,
        icon=icon,
        numeric=field.kind.numeric,
    )


def words(field: Field, value: Any, *, currency: str = "") -> str:
    """Say a stored value in the reader's language; amounts need their currency."""
    if value in (None, "", []):
        return "–"
    return _WORDS[field.kind](field, value, currency)


def money(amount: Decimal, currency: str) -> str:
    """Write an amount as the reader's language does, with its currency where it is a known one."""
    if len(currency) != 3:
        return number(amount)
    exact = numbers.get_currency_precision(currency)
    digits = max(exact, -int(amount.normalize().as_tuple().exponent))
    pattern = locale().currency_formats["standard"].pattern
    if digits != exact:  # parts of the smallest coin are shown, not rounded away
        pattern = pattern.replace("0.00", "0." + "0" * digits)
    return numbers.format_currency(
        amount, currency, format=pattern, locale=locale(), currency_digits=digits == exact, decimal_quantization=False
    )


def number(amount: Decimal) -> str:
    """Write a number as the reader's language does, without zeros at its end."""
    return numbers.format_decimal(amount.normalize(), locale=locale(), decimal_quantization=False)


def locale() -> Locale:
    """Return the reader's locale."""
    return _parsed(get_language() or "en")


@cache
def _parsed(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def day(moment: datetime) -> str:
    """Write a moment as a day, in the account's time zone."""
    return dates.format_date(local(moment), "medium", locale=locale())


def local(moment: datetime) -> datetime:
    """Move a moment to the account's time zone; the very ends of the calendar, which stores send as "never", stay."""
    try:
        return timezone.localtime(moment)
    except OverflowError:
        return moment


def month(moment: datetime) -> str:
    """Write a moment as a month; it is the store's month, wherever the account is."""
    return dates.format_skeleton("yMMM", moment, locale=locale())


def exact(moment: datetime) -> str:
    """Write a moment exactly, in the account's time zone."""
    return dates.format_datetime(local(moment), "long", locale=locale())


def relative(moment: datetime) -> str:
    """Write a moment as seen from now: "2 hours ago", "in 3 days"."""
    seconds = round((moment - timezone.now()).total_seconds())
    if seconds == 0:
        return gettext("just now")
    return dates.format_timedelta(seconds, add_direction=True, threshold=1.0, locale=locale())


def interval(unit: str, count: int | None) -> str:
    """Write a billing cycle compactly, as it stands behind an amount: "/mo", "/3 mo"."""
    number = count or 1
    short = _INTERVALS[unit]() if unit in _INTERVALS else ""
    if not short:
        return ""
    return f"/{short}" if number == 1 else f"/{number} {short}"


_INTERVALS: dict[str, Callable[[], str]] = {
    "daily": lambda: pgettext("short for a billing cycle", "d"),
    "weekly": lambda: pgettext("short for a billing cycle", "wk"),
    "monthly": lambda: pgettext("short for a billing cycle", "mo"),
    "yearly": lambda: pgettext("short for a billing cycle", "yr"),
}


def _compact(field: Field, value: Any, payment: RecurringPayment) -> str:
    if field.name == "payment_amount":
        cycle = interval(payment.billing_interval, payment.billing_interval_count)
        return f"{money(value, payment.currency)}{cycle}"
    return words(field, value, currency=payment.currency)


def _title(field: Field, value: Any, payment: RecurringPayment) -> str:
    if field.kind is DATE and not field.month_only:
        return f"{exact(value)} · {relative(value)}"
    if field.name == "status" and payment.store_status:
        return gettext("At the store: %(status)s") % {"status": payment.store_status}
    return ""


def _why_empty(field: Field, payment: RecurringPayment) -> str:
    if payment.store.provider in field.not_from:
        return gettext("%(store)s does not send this") % {"store": STORES[payment.store.provider]}
    return gettext("Empty")


def _amount_words(_field: Field, value: Any, currency: str) -> str:
    return money(value, currency)


def _list_words(_field: Field, value: Any, _currency: str) -> str:
    return ", ".join(value)


_WORDS: dict[Kind, Callable[[Field, Any, str], str]] = {
    TEXT: lambda _field, value, _currency: str(value),
    CHOICE: lambda field, value, _currency: str(field.choices.get(value, value)),
    AMOUNT: _amount_words,
    INTEGER: lambda _field, value, _currency: str(value),
    DATE: lambda field, value, _currency: month(value) if field.month_only else day(value),
    FLAG: lambda _field, value, _currency: gettext("Yes") if value else gettext("No"),
    TEXT_LIST: _list_words,
}


def lag(occurred_at: datetime, recorded_at: datetime) -> str:
    """Say how long news were on their way: "0.8 s", "3 min"."""
    seconds = max(0.0, (recorded_at - occurred_at).total_seconds())
    if seconds < 10:
        number = numbers.format_decimal(round(seconds, 1), locale=locale())
        return gettext("%(number)s s") % {"number": number}
    if seconds < 60:
        return ngettext("%(number)d second", "%(number)d seconds", int(seconds)) % {"number": int(seconds)}
    return dates.format_timedelta(recorded_at - occurred_at, locale=locale())
