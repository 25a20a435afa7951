"""The pages on monthly recurring revenue and on customers, month by month."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports.business import revenue as counted
from reports.charts import Chart, Series, draw
from reports.models import Movement
from reports.pages import access, words
from reports.pages.business import definitions, frame
from reports.pages.parts import Cell, Figure, Head, Page, Table, link

Kind = Movement.Kind
# in the order in which they make the closing of the opening
_KINDS = (Kind.NEW, Kind.EXPANSION, Kind.REACTIVATION, Kind.CONTRACTION, Kind.CHURN)


@access.payments.may("view")
@require_safe
def revenue(request: HttpRequest) -> HttpResponseBase:
    """Show the revenue of each month: opening, what moved, closing."""
    asked = frame.asked(request)
    months = counted.months(asked.months, asked.money)
    told = partial(words.money, currency=asked.money.currency)
    page = Page(
        title=gettext("Revenue"),
        intro=gettext("What your recurring payments bring in a month, and why it moved."),
        figures=_revenue_figures(months, told),
        drawings=[draw(_closings(months, told)), draw(_movements(months, told))],
        tables=[_revenue_table(months, asked)],
        words=definitions.of("mrr", *_KINDS, "reconciles"),
        notes=notes(asked),
    )
    return frame.respond(request, "report_revenue", page, asked=asked)


@access.payments.may("view")
@require_safe
def customers(request: HttpRequest) -> HttpResponseBase:
    """Show how many customers came and went in each month, and the rates of churn."""
    asked = frame.asked(request)
    months = counted.months(asked.months, asked.money)
    page = Page(
        title=gettext("Customers"),
        intro=gettext("How many pay, how many came and left, and how much revenue went with them."),
        figures=_customer_figures(months, asked),
        drawings=[draw(_customers_chart(months)), draw(_churn_chart(months))],
        tables=[_customers_table(months, asked)],
        words=definitions.of("customer", "customer_churn", "gross_churn", "net_churn", "each"),
        notes=notes(asked),
    )
    return frame.respond(request, "report_customers", page, asked=asked)


def notes(asked: frame.Asked) -> list[str]:
    """Say what of these numbers has to be known: conversions, and months that are not shown."""
    found = []
    if asked.money.is_converted:
        rates = ", ".join(f"1 {code} = {rate:f}" for code, rate in asked.money.rates.items() if rate != 1)
        found.append(
            gettext("Converted into %(currency)s at the rates that were entered: %(rates)s.")
            % {"currency": asked.money.currency, "rates": rates}
        )
        if left := [words.currency(code) for code in asked.used if code not in asked.money.rates]:
            found.append(
                gettext("Not in it, since no rate was entered: %(currencies)s.") % {"currencies": ", ".join(left)}
            )
    elif len(asked.used) > 1:
        found.append(
            gettext("Only what is paid in %(currency)s: amounts of several currencies are not added up.")
            % {"currency": words.currency(asked.money.currency)}
        )
    if asked.is_cut:
        count = frame.MOST_MONTHS
        found.append(
            ngettext("The last %(count)d month of the period.", "The last %(count)d months of the period.", count)
            % {"count": count}
        )
    return found


def _revenue_figures(months: Sequence[counted.Month], told: Callable[[Decimal], str]) -> list[Figure]:
    first, last = months[0], months[-1]
    net = last.closing - first.opening
    rate = float(net / first.opening) if first.opening else None
    return [
        Figure(
            label=_("Monthly recurring revenue"),
            value=told(last.closing),
            note=gettext("%(amount)s in the period (%(share)s)")
            % {"amount": _signed(net, told), "share": words.share(rate)},
            tone="up" if net > 0 else "down" if net < 0 else "",
        ),
        Figure(label=_("A year at this rate"), value=told(12 * last.closing)),
        *(
            Figure(
                label=kind.label,
                value=_signed(sum((one.moved[kind] for one in months), Decimal()), told),
                meaning=definitions.MEANINGS[kind],
            )
            for kind in _KINDS
        ),
    ]


def _closings(months: Sequence[counted.Month], told: Callable[[Decimal], str]) -> Chart:
    return Chart(
        kind="line",
        title=gettext("Monthly recurring revenue at the end of each month"),
        labels=tuple(words.month(one.month) for one in months),
        series=(Series(name=gettext("Revenue"), values=tuple(float(one.closing) for one in months)),),
        written=lambda value: told(words.decimal(value)),
        marked=words.briefly,
    )


def _movements(months: Sequence[counted.Month], told: Callable[[Decimal], str]) -> Chart:
    return Chart(
        kind="stacked",
        title=gettext("How it moved"),
        labels=tuple(words.month(one.month) for one in months),
        series=tuple(
            Series(name=str(kind.label), values=tuple(float(one.moved[kind]) for one in months)) for kind in _KINDS
        ),
        written=lambda value: told(words.decimal(value)),
        marked=words.briefly,
    )


def _revenue_table(months: Sequence[counted.Month], asked: frame.Asked) -> Table:
    told = partial(words.money, currency=asked.money.currency)
    rows = [
        [
            Cell(words=words.month(one.month), value=one.month.isoformat()[:7]),
            Cell(words=told(one.opening), value=one.opening),
            *(
                Cell(
                    words=_signed(one.moved[kind], told),
                    value=one.moved[kind],
                    href=_behind(one.month, kind, asked) if one.counts[kind] else "",
                )
                for kind in _KINDS
            ),
            Cell(words=told(one.closing), value=one.closing),
        ]
        for one in months
    ]
    sums = [sum((one.moved[kind] for one in months), Decimal()) for kind in _KINDS]
    foot = [
        Cell(words=gettext("The whole period"), value=""),
        Cell(words=told(months[0].opening), value=months[0].opening),
        *(Cell(words=_signed(amount, told), value=amount) for amount in sums),
        Cell(words=told(months[-1].closing), value=months[-1].closing),
    ]
    heads = [
        Head(words=_("Month"), is_number=False),
        Head(words=_("Opening")),
        *(Head(words=kind.label, meaning=definitions.MEANINGS[kind]) for kind in _KINDS),
        Head(words=_("Closing")),
    ]
    return Table(name="revenue", title=_("Month by month"), heads=heads, rows=rows, foot=foot)


def _customer_figures(months: Sequence[counted.Month], asked: frame.Asked) -> list[Figure]:
    last = months[-1]
    period = counted.whole(months)
    each = "–" if last.each is None else words.money(_coins(last.each, asked), asked.money.currency)
    return [
        Figure(
            label=_("Customers"),
            value=words.count(last.customers_after),
            note=gettext("%(count)s at the beginning") % {"count": words.count(period.customers)},
            meaning=definitions.MEANINGS["customer"],
        ),
        *(
            Figure(label=title, value=words.share(rate), meaning=definitions.MEANINGS[name])
            for title, name, rate in (
                (_("Customer churn in the period"), "customer_churn", period.customer_churn),
                (_("Gross revenue churn in the period"), "gross_churn", period.gross_churn),
                (_("Net revenue churn in the period"), "net_churn", period.net_churn),
            )
        ),
        Figure(label=_("Average per customer"), value=each, meaning=definitions.MEANINGS["each"]),
    ]


def _customers_chart(months: Sequence[counted.Month]) -> Chart:
    rows = (
        (gettext("New"), Kind.NEW, 1),
        (gettext("Back again"), Kind.REACTIVATION, 1),
        (gettext("Left"), Kind.CHURN, -1),
    )
    return Chart(
        kind="stacked",
        title=gettext("Customers who came and left"),
        labels=tuple(words.month(one.month) for one in months),
        series=tuple(
            Series(name=name, values=tuple(float(sign * one.counts[kind]) for one in months))
            for name, kind, sign in rows
        ),
        written=words.count,
        marked=words.briefly,
        whole=True,
    )


def _churn_chart(months: Sequence[counted.Month]) -> Chart:
    return Chart(
        kind="line",
        title=gettext("Churn"),
        labels=tuple(words.month(one.month) for one in months),
        series=(
            Series(name=gettext("Customer churn"), values=tuple(one.customer_churn for one in months)),
            Series(name=gettext("Gross revenue churn"), values=tuple(one.gross_churn for one in months)),
            Series(name=gettext("Net revenue churn"), values=tuple(one.net_churn for one in months)),
        ),
        written=words.share,
    )


def _customers_table(months: Sequence[counted.Month], asked: frame.Asked) -> Table:
    heads = [
        Head(words=_("Month"), is_number=False),
        Head(words=_("At the beginning")),
        Head(words=_("New")),
        Head(words=_("Back again")),
        Head(words=_("Left")),
        Head(words=_("At the end")),
        Head(words=_("Customer churn"), meaning=definitions.MEANINGS["customer_churn"]),
        Head(words=_("Gross revenue churn"), meaning=definitions.MEANINGS["gross_churn"]),
        Head(words=_("Net revenue churn"), meaning=definitions.MEANINGS["net_churn"]),
        Head(words=_("Average per customer"), meaning=definitions.MEANINGS["each"]),
    ]
    return Table(
        name="customers",
        title=_("Month by month"),
        heads=heads,
        rows=[_customers_row(one, asked) for one in months],
    )


def _customers_row(one: counted.Month, asked: frame.Asked) -> list[Cell]:
    each = one.each
    return [
        Cell(words=words.month(one.month), value=one.month.isoformat()[:7]),
        Cell(words=words.count(one.customers), value=one.customers),
        *(
            Cell(
                words=words.count(one.counts[kind]),
                value=one.counts[kind],
                href=_behind(one.month, kind, asked) if one.counts[kind] else "",
            )
            for kind in (Kind.NEW, Kind.REACTIVATION, Kind.CHURN)
        ),
        Cell(words=words.count(one.customers_after), value=one.customers_after),
        *(
            Cell(words=words.share(rate), value="" if rate is None else round(rate, 6))
            for rate in (one.customer_churn, one.gross_churn, one.net_churn)
        ),
        Cell(words="–", value="")
        if each is None
        else Cell(words=words.money(_coins(each, asked), asked.money.currency), value=_coins(each, asked)),
    ]


def _behind(month: date, kind: Kind, asked: frame.Asked) -> str:
    return link("report_movements", month=month.isoformat()[:7], kind=kind.value, currency=asked.chosen)


def _coins(amount: Decimal, asked: frame.Asked) -> Decimal:
    return counted.rounded(amount, asked.money.currency)


def _signed(amount: Decimal, told: Callable[[Decimal], str]) -> str:
    return f"+{told(amount)}" if amount > 0 else told(amount)
