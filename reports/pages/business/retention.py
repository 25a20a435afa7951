"""The page on who stays: a row for each month in which customers began."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports.business import retention as counted
from reports.charts import Chart, Series, draw
from reports.pages import access, words
from reports.pages.business import definitions, frame
from reports.pages.business.revenue import notes
from reports.pages.parts import Cell, Figure, Head, Page, Table, link


@access.payments.may("view")
@require_safe
def retention(request: HttpRequest) -> HttpResponseBase:
    """Show how many of those who began in a month are left later on, and how much of their revenue."""
    asked = frame.asked(request)
    currency = asked.money.currency
    # customers of several currencies cannot be added up: one who pays in two would count twice
    rows = counted.cohorts(asked.months, currency)
    page = Page(
        title=gettext("Retention"),
        intro=gettext(
            "Of those who began in a month: how many still pay, one month later, two months later, and so on."
        ),
        figures=_figures(rows),
        drawings=[draw(_chart(rows))],
        tables=[_table(rows, currency), _revenue_table(rows, currency)],
        words=definitions.of("cohort", "customer", "past"),
        notes=[] if asked.money.is_converted else notes(asked),
    )
    return frame.respond(request, "report_retention", page, asked=asked)


def _figures(rows: Sequence[counted.Cohort]) -> list[Figure]:
    return [
        Figure(
            label=ngettext("Still there after %(count)d month", "Still there after %(count)d months", after)
            % {"count": after},
            value=words.share(_average(rows, after)),
            note=gettext("all months together"),
        )
        for after in (1, 3, 6, 12)
        if _average(rows, after) is not None
    ]


def _average(rows: Sequence[counted.Cohort], after: int) -> float | None:
    """Return the share that is left after so many whole months, of all who began long enough ago."""
    old = [one for one in rows if len(one.customers) > after + 1]
    began = sum(one.began for one in old)
    return sum(one.customers[after] for one in old) / began if began else None


def _chart(rows: Sequence[counted.Cohort]) -> Chart:
    longest = max((len(one.customers) for one in rows), default=1)
    averages = [_average(rows, after) for after in range(longest)]
    known = [one for one in averages if one is not None]
    return Chart(
        kind="line",
        title=gettext("Customers who are left, all months together"),
        labels=tuple(str(after) for after in range(len(known))),
        series=(Series(name=gettext("Left of them"), values=tuple(known)),),
        written=words.share,
    )


def _table(rows: Sequence[counted.Cohort], currency: str) -> Table:
    made = [
        [
            Cell(words=words.month(one.month), value=one.month.isoformat()[:7]),
            Cell(
                words=words.count(one.began),
                value=one.began,
                href=link("report_movements", cohort=one.month.isoformat()[:7], kind="new", currency=currency),
            ),
            *(
                Cell(words=words.share(part), value=round(part, 6), shade=min(100, round(100 * part)))
                for part in one.shares
            ),
        ]
        for one in rows
    ]
    return Table(name="retention", title=_("Customers"), heads=_heads(rows, gettext("Began")), rows=_filled(made))


def _revenue_table(rows: Sequence[counted.Cohort], currency: str) -> Table:
    made = [
        [
            Cell(words=words.month(one.month), value=one.month.isoformat()[:7]),
            Cell(words=words.money(one.revenue[0], currency), value=one.revenue[0]),
            *(
                Cell(words=words.share(part), value=round(part, 6), shade=min(100, round(100 * part)))
                for part in one.revenue_shares
            ),
        ]
        for one in rows
    ]
    return Table(
        name="retention-revenue", title=_("Revenue"), heads=_heads(rows, gettext("In month 0")), rows=_filled(made)
    )


def _heads(rows: Sequence[counted.Cohort], first: str) -> list[Head]:
    longest = max((len(one.customers) for one in rows), default=0)
    return [
        Head(words=_("Month"), is_number=False),
        Head(words=first),
        *(Head(words=str(after)) for after in range(longest)),
    ]


def _filled(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Make all rows as long as the longest."""
    longest = max((len(row) for row in rows), default=0)
    return [[*row, *[Cell(words="", value="")] * (longest - len(row))] for row in rows]
