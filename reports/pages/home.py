"""The first page after signing in."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from config.pulse import beats
from reports import home as counted
from reports import periods
from reports.business import keeping, revenue, states
from reports.charts import Chart, Series, draw
from reports.models import Episode, Movement
from reports.pages import access, words
from reports.pages.business import definitions, frame
from reports.pages.parts import Figure, link

# Months of the chart, the one that goes on among them.
_MONTHS = 12


@access.payments.may("view")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what needs attention, four figures with their trend, what happened today, and first steps."""
    frame.catch_up()
    now = periods.today()
    wanted = periods.Period(start=periods.months_on(now, 1 - _MONTHS), end=periods.months_on(now, 1)).months()
    used = revenue.in_use()
    money = revenue.money("all", used)
    months = revenue.months(wanted, money)
    may = access.person(request).has_perm
    own: dict[str, Any] = {
        "steps": counted.steps(may),
        "stopped": counted.stopped() if may("automations.view_automation") else [],
        "failed": _failed(now),
        "late": beats.late(),
        "figures": _figures(months, money, wanted) if used else [],
        "today": _today(now),
        "drawing": draw(_chart(months, money)) if used else None,
        "others": _others(used, money),
        "fresh_at": keeping.fresh_at(),
        "done": round(100 * keeping.done()),
    }
    return render(request, "reports/home.html", access.payments.context(request, gettext("Home"), **own))


def _figures(months: Sequence[revenue.Month], money: revenue.Money, wanted: Sequence[date]) -> list[Figure]:
    this, told = months[-1], partial(words.money, currency=money.currency)
    before, after = states.at_ends(wanted[-2:])
    return [
        Figure(
            label=_("Monthly recurring revenue"),
            value=told(this.closing),
            note=_trend(float(this.net), told(abs(this.net))),
            tone=_tone(float(this.net)),
            meaning=definitions.MEANINGS["mrr"],
            href=link("report_revenue"),
        ),
        Figure(
            label=_("Customers"),
            value=words.count(this.customers_after),
            note=_trend(difference := this.customers_after - this.customers, words.count(abs(difference))),
            tone=_tone(difference),
            meaning=definitions.MEANINGS["customer"],
            href=link("report_customers"),
        ),
        *(
            Figure(
                label=label,
                value=words.count(after[kind]),
                note=_trend(after[kind] - before[kind], words.count(abs(after[kind] - before[kind]))),
                tone=_tone(sign * (after[kind] - before[kind])),
                meaning=definitions.MEANINGS[kind],
                href=link(page),
            )
            for label, kind, sign, page in (
                (_("In trial"), Episode.Kind.TRIAL, 1, "report_states"),
                (_("Payment failed"), Episode.Kind.FAILED, -1, "report_at_risk"),
            )
        ),
    ]


def _trend(difference: float, amount: str) -> str:
    """Say how much more or less it is than at the end of last month."""
    if not difference:
        return gettext("as at the end of last month")
    template = (
        gettext("%(amount)s more than last month") if difference > 0 else gettext("%(amount)s less than last month")
    )
    return template % {"amount": amount}


def _tone(difference: float) -> str:
    return "up" if difference > 0 else "down" if difference < 0 else ""


def _failed(day: date) -> dict[str, Any]:
    found = counted.failed(day)
    query = {"kind": Episode.Kind.FAILED.value, "outcome": "began", "day": day.isoformat()}
    return {"count": found.count, "amounts": words.amounts(found.amounts), "href": link("report_times", **query)}


def _today(day: date) -> list[dict[str, Any]]:
    """Return what happened today, without what did not."""
    return [
        {
            "label": Movement.Kind(one.name).label,
            "count": words.count(one.count),
            "amounts": [
                (
                    words.money(amount, currency),
                    link("report_movements", kind=one.name, day=day.isoformat(), currency=currency),
                )
                for currency, amount in sorted(one.amounts.items())
            ],
        }
        for one in counted.moved(day)
        if one.count
    ]


def _chart(months: Sequence[revenue.Month], money: revenue.Money) -> Chart:
    return Chart(
        kind="line",
        title=gettext("Monthly recurring revenue at the end of each month"),
        labels=tuple(words.month(one.month) for one in months),
        series=(Series(name=gettext("Revenue"), values=tuple(float(one.closing) for one in months)),),
        written=lambda value: words.money(words.decimal(value), money.currency),
        marked=words.briefly,
    )


def _others(used: Sequence[str], money: revenue.Money) -> str:
    """Name the currencies that are not in the figures."""
    return ", ".join(words.currency(code) for code in used if code not in money.rates)
