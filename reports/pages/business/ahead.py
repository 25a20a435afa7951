"""The pages on what comes up, and on what is at risk and was recovered."""

from collections.abc import Sequence
from decimal import Decimal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports.business import ahead as counted
from reports.business import sets, states
from reports.charts import Chart, Series, draw
from reports.models import Episode
from reports.pages import access, words
from reports.pages.business import definitions, frame
from reports.pages.business.states import rated, times
from reports.pages.parts import Cell, Figure, Head, Page, Table, link

Outcome = Episode.Outcome
# what is counted of the coming days, and whether by what is charged or by what it is worth a month
_AHEAD = (("renewals", "charge"), ("trial_ends", "charge"), ("card_ends", "mrr"))


@access.payments.may("view")
@require_safe
def ahead(request: HttpRequest) -> HttpResponseBase:
    """Show next payments, trials and cards that end within 30, 60 and 90 days."""
    spans = {
        (name, days): one
        for name, by in _AHEAD
        for days, one in zip(sets.AHEAD, counted.spans(name, by=by), strict=True)
    }
    page = Page(
        title=gettext("Coming up"),
        intro=gettext("What is charged in the next 30, 60 and 90 days, which trials end, and whose card expires."),
        figures=[_figure(spans[name, sets.AHEAD[0]]) for name, _by in _AHEAD],
        drawings=[draw(_weeks())],
        tables=[_spans(spans)],
        words=[(sets.SETS[f"{name}_30"].title, sets.SETS[f"{name}_30"].meaning) for name, _by in _AHEAD],
    )
    return frame.respond(request, "report_ahead", page)


@access.payments.may("view")
@require_safe
def at_risk(request: HttpRequest) -> HttpResponseBase:
    """Show what is at risk now, and what of failed payments was recovered."""
    asked = frame.asked(request)
    failed = states.ended(Episode.Kind.FAILED, asked.months)
    page = Page(
        title=gettext("At risk and recovered"),
        intro=gettext("Recurring payments that may be lost, and what became of those that failed."),
        figures=[*(_figure(counted.counted(name)) for name in counted.AT_RISK), _recovery(failed)],
        drawings=[draw(_recovered(failed))],
        tables=[_failed(failed)],
        words=definitions.of("at_risk", "recovery")
        + [(sets.SETS[name].title, sets.SETS[name].meaning) for name in counted.AT_RISK],
    )
    return frame.respond(request, "report_at_risk", page, asked=asked, has_money=False)


def _figure(one: counted.Counted) -> Figure:
    about = sets.SETS[one.name]
    days = one.name.rpartition("_")[2]
    return Figure(
        label=gettext("%(what)s, %(days)s days") % {"what": about.title, "days": days}
        if days.isdecimal()
        else about.title,
        value=words.count(one.count),
        note=words.amounts(one.amounts),
        meaning=about.meaning,
        href=link("report_payments", one.name),
    )


def _weeks() -> Chart:
    weeks = counted.weeks()
    return Chart(
        kind="bar",
        title=gettext("Next payments by week"),
        labels=tuple(words.day(monday) for monday, _count in weeks),
        series=(Series(name=gettext("Next payments"), values=tuple(float(count) for _monday, count in weeks)),),
        written=words.count,
        marked=words.briefly,
        whole=True,
    )


def _spans(spans: dict[tuple[str, int], counted.Counted]) -> Table:
    heads = [
        Head(words=_("What"), is_number=False),
        *(Head(words=gettext("%(count)d days") % {"count": days}) for days in sets.AHEAD),
        *(Head(words=gettext("Amount in %(count)d days") % {"count": days}, is_number=True) for days in sets.AHEAD),
    ]
    rows = [
        [
            Cell(words=str(sets.SETS[f"{name}_30"].title)),
            *(
                Cell(
                    words=words.count(spans[name, days].count),
                    value=spans[name, days].count,
                    href=link("report_payments", f"{name}_{days}") if spans[name, days].count else "",
                )
                for days in sets.AHEAD
            ),
            *(Cell(words=words.amounts(spans[name, days].amounts), is_long=True) for days in sets.AHEAD),
        ]
        for name, _by in _AHEAD
    ]
    return Table(name="coming-up", title=_("The next 30, 60 and 90 days"), heads=heads, rows=rows)


def _recovery(failed: Sequence[states.Ended]) -> Figure:
    won = sum(one.counts.get(Outcome.RECOVERED, 0) for one in failed)
    decided = won + sum(one.counts.get(Outcome.LOST, 0) for one in failed)
    return Figure(
        label=_("Recovered in the period"),
        value=words.share(won / decided if decided else None),
        note=gettext("%(won)s of %(decided)s") % {"won": words.count(won), "decided": words.count(decided)}
        + (f" · {words.amounts(_worth(failed))}" if won else ""),
        meaning=definitions.MEANINGS["recovery"],
    )


def _worth(failed: Sequence[states.Ended]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for one in failed:
        for currency, amount in one.worth.get(Outcome.RECOVERED, {}).items():
            sums[currency] = sums.get(currency, Decimal()) + amount
    return sums


def _recovered(failed: Sequence[states.Ended]) -> Chart:
    shown = ((Outcome.RECOVERED, _("Paid after all")), (Outcome.LOST, _("Ended")), (Outcome.ELSE, _("Something else")))
    return Chart(
        kind="stacked",
        title=gettext("What became of failed payments"),
        labels=tuple(words.month(one.month) for one in failed),
        series=tuple(
            Series(name=str(name), values=tuple(float(one.counts.get(outcome, 0)) for one in failed))
            for outcome, name in shown
        ),
        written=words.count,
        marked=words.briefly,
        whole=True,
    )


def _failed(failed: Sequence[states.Ended]) -> Table:
    heads = [
        Head(words=_("Month"), is_number=False),
        Head(words=_("Failed")),
        Head(words=_("Paid after all")),
        Head(words=_("Ended")),
        Head(words=_("Something else")),
        Head(words=_("Recovery"), meaning=definitions.MEANINGS["recovery"]),
        Head(words=_("Recovered a month")),
        Head(words=_("Lost a month")),
    ]
    kind = Episode.Kind.FAILED
    rows = [
        [
            Cell(words=words.month(one.month), value=one.month.isoformat()[:7]),
            times(one.began, kind=kind, month=one.month, outcome="began"),
            *(
                times(one.counts.get(outcome, 0), kind=kind, month=one.month, outcome=outcome)
                for outcome in (Outcome.RECOVERED, Outcome.LOST, Outcome.ELSE)
            ),
            rated(one.rate(Outcome.RECOVERED)),
            Cell(words=words.amounts(one.worth.get(Outcome.RECOVERED, {})), is_long=True),
            Cell(words=words.amounts(one.worth.get(Outcome.LOST, {})), is_long=True),
        ]
        for one in failed
    ]
    return Table(name="recovery", title=_("Month by month"), heads=heads, rows=rows)
