"""The page on active, trial, paused and failed payments, and on what became of trials."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports.business import sets
from reports.business import states as counted
from reports.charts import Chart, Series, draw
from reports.models import Episode
from reports.pages import access, words
from reports.pages.business import definitions, frame
from reports.pages.parts import Cell, Figure, Head, Page, Table, link

Kind, Outcome = Episode.Kind, Episode.Outcome


@access.payments.may("view")
@require_safe
def states(request: HttpRequest) -> HttpResponseBase:
    """Show how many payments are in each state, and how many trials became paying ones."""
    asked = frame.asked(request)
    ends = counted.at_ends(asked.months)
    trials = counted.ended(Kind.TRIAL, asked.months)
    page = Page(
        title=gettext("States and trials"),
        intro=gettext("How many recurring payments are active, in trial, paused or failed, and how trials end."),
        figures=_figures(trials),
        drawings=[draw(_chart(asked.months, ends)), draw(_conversion(trials))],
        tables=[_states_table(asked.months, ends), _trials_table(trials)],
        words=definitions.of(*Kind, "trial_conversion", "past"),
    )
    return frame.respond(request, "report_states", page, asked=asked, has_money=False)


def _figures(trials: Sequence[counted.Ended]) -> list[Figure]:
    now = [
        Figure(
            label=sets.SETS[kind].title,
            value=words.count(sets.payments(kind).count()),
            note=gettext("now"),
            meaning=sets.SETS[kind].meaning,
            href=link("report_payments", kind),
        )
        for kind in Kind
    ]
    won = sum(one.counts.get(Outcome.CONVERTED, 0) for one in trials)
    decided = won + sum(one.counts.get(Outcome.LOST, 0) for one in trials)
    rate = Figure(
        label=_("Trial conversion"),
        value=words.share(won / decided if decided else None),
        note=gettext("%(won)s of %(decided)s in the period")
        % {"won": words.count(won), "decided": words.count(decided)},
        meaning=definitions.MEANINGS["trial_conversion"],
    )
    return [*now, rate]


def _chart(months: Sequence[date], ends: Sequence[dict[str, int]]) -> Chart:
    return Chart(
        kind="line",
        title=gettext("Recurring payments at the end of each month"),
        labels=tuple(words.month(month) for month in months),
        series=tuple(
            Series(name=str(kind.label), values=tuple(float(counts[kind]) for counts in ends)) for kind in Kind
        ),
        written=words.count,
        marked=words.briefly,
        whole=True,
    )


def _conversion(trials: Sequence[counted.Ended]) -> Chart:
    shown = ((Outcome.CONVERTED, _("Became paying")), (Outcome.LOST, _("Ended")), (Outcome.ELSE, _("Undecided")))
    return Chart(
        kind="stacked",
        title=gettext("Trials that ended"),
        labels=tuple(words.month(one.month) for one in trials),
        series=tuple(
            Series(name=str(name), values=tuple(float(one.counts.get(outcome, 0)) for one in trials))
            for outcome, name in shown
        ),
        written=words.count,
        marked=words.briefly,
        whole=True,
    )


def _states_table(months: Sequence[date], ends: Sequence[dict[str, int]]) -> Table:
    heads = [
        Head(words=_("Month"), is_number=False),
        *(Head(words=kind.label, meaning=definitions.MEANINGS[kind]) for kind in Kind),
    ]
    rows = [
        [
            Cell(words=words.month(month), value=month.isoformat()[:7]),
            *(times(counts[kind], kind=kind, month=month) for kind in Kind),
        ]
        for month, counts in zip(months, ends, strict=True)
    ]
    return Table(name="states", title=_("At the end of each month"), heads=heads, rows=rows)


def _trials_table(trials: Sequence[counted.Ended]) -> Table:
    heads = [
        Head(words=_("Month"), is_number=False),
        Head(words=_("Trials begun")),
        Head(words=_("Became paying")),
        Head(words=_("Ended")),
        Head(words=_("Undecided")),
        Head(words=_("Conversion"), meaning=definitions.MEANINGS["trial_conversion"]),
    ]
    rows = [
        [
            Cell(words=words.month(one.month), value=one.month.isoformat()[:7]),
            times(one.began, kind=Kind.TRIAL, month=one.month, outcome="began"),
            *(
                times(one.counts.get(outcome, 0), kind=Kind.TRIAL, month=one.month, outcome=outcome)
                for outcome in (Outcome.CONVERTED, Outcome.LOST, Outcome.ELSE)
            ),
            rated(one.rate(Outcome.CONVERTED)),
        ]
        for one in trials
    ]
    return Table(name="trials", title=_("What became of trials"), heads=heads, rows=rows)


def times(count: int, *, kind: str, month: date, outcome: str = "") -> Cell:
    """Return a number with the way to the payments behind it; without an outcome those that were so at the end."""
    query = {"kind": str(kind), "month": month.isoformat()[:7]} | ({"outcome": str(outcome)} if outcome else {})
    return Cell(words=words.count(count), value=count, href=link("report_times", **query) if count else "")


def rated(rate: float | None) -> Cell:
    """Return a share as a cell."""
    return Cell(words=words.share(rate), value="" if rate is None else round(rate, 6))
