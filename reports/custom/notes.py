"""What a reader needs to know to read the numbers of a report."""

from collections.abc import Iterable

from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.custom import sentences
from reports.custom.shape import CONVERTED
from reports.custom.tables import MOST_COLUMNS, Tables
from subscriptions import display


def of(found: Tables) -> tuple[str, ...]:
    """Return the notes, each a sentence."""
    return tuple(_notes(found))


def _notes(found: Tables) -> Iterable[str]:
    if not any(one.size for one in found.totals.values()):
        yield _("Nothing matches.")
        return
    yield from _many(found)
    if found.asked.money.is_there:
        yield from _money(found)
    if found.has_others:
        words = ngettext(
            "Only the %(n)d largest column is shown; all others are in “Others”.",
            "Only the %(n)d largest columns are shown; all others are in “Others”.",
            MOST_COLUMNS,
        )
        yield words % {"n": MOST_COLUMNS}


def _many(found: Tables) -> Iterable[str]:
    labels = [sentences.quoted(one.dimension.label) for one in found.asked.slots.values() if one.dimension.is_many]
    if labels:
        words = _("What has several values of %(fields)s counts under each of them, and once in the totals.")
        yield words % {"fields": _joined(labels)}


def _money(found: Tables) -> Iterable[str]:
    money, there = found.asked.money, sorted({key[-1] for key in found.totals})
    is_of_people = not found.asked.definition.about.currency
    if is_of_people and len(there) > 1:
        yield _("Whoever pays in several currencies counts under each of them.")
    if found.asked.definition.money != CONVERTED:
        if len(there) > 1:
            yield _("Amounts of different currencies are never added: each currency has rows of its own.")
        return
    if not money.rates:
        yield _("Nobody has entered rates for converting amounts, so each currency has rows of its own.")
        return
    yield _converted(found)
    if left := [code.upper() for code in there if code and code not in money.rates]:
        yield _("There is no rate for %(codes)s, so these amounts stay apart.") % {"codes": _joined(left)}
    if "" in there and found.asked.definition.about.currency:
        yield _("Amounts without a currency stay apart.")


def _converted(found: Tables) -> str:
    money = found.asked.money
    rates = [
        f"1 {code.upper()} = {display.number(rate)} {money.target}"
        for code, rate in sorted(money.rates.items())
        if code != money.target.lower()
    ]
    if not rates:
        return _("Amounts are in %(currency)s.") % {"currency": money.target}
    words = _("Amounts are converted into %(currency)s at the rates that were entered: %(rates)s.")
    return words % {"currency": money.target, "rates": ", ".join(rates)}


def _joined(texts: list[str]) -> str:
    return format_list(texts, locale=display.locale())
