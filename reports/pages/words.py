"""Numbers, months and money in the reader's language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from babel import dates, numbers
from django.utils.translation import gettext

from subscriptions import display


def month(day: date) -> str:
    """Write a month with its year, briefly."""
    return dates.format_skeleton("yMMM", day, locale=display.locale())


def day(one: date) -> str:
    """Write a day."""
    return dates.format_date(one, "medium", locale=display.locale())


def count(number: float) -> str:
    """Write a whole number."""
    return numbers.format_decimal(number, locale=display.locale())


def briefly(number: float) -> str:
    """Write a number as short as a chart's axis wants it."""
    return numbers.format_compact_decimal(number, fraction_digits=1, locale=display.locale())


def share(part: float | None) -> str:
    """Write a share from 0 to 1 as a percentage with one decimal; a dash where there is none."""
    if part is None:
        return "–"
    locale = display.locale()
    pattern = locale.percent_formats[None].pattern.replace("#,##0", "#,##0.0")
    return numbers.format_percent(part, format=pattern, locale=locale)


def money(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency."""
    return display.money(amount, currency)


def amounts(by_currency: Mapping[str, Decimal]) -> str:
    """Write amounts of several currencies beside each other, for they are not added up."""
    told = [money(amount, currency) for currency, amount in sorted(by_currency.items()) if amount]
    return " · ".join(told) or "–"


def currency(code: str) -> str:
    """Name a currency by its code; one that no store told is said so."""
    return code or gettext("No currency")


def decimal(value: float) -> Decimal:
    """Turn a chart's value back into an amount."""
    return Decimal(f"{value:.4f}")
