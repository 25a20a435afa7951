"""All automations side by side: people, e-mails, goals and recovered payments of a period, and of the one before."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from automations.models import Automation
from reports import periods
from reports.charts import Chart, Drawing, Series, draw
from reports.pages import access
from reports.pages.performance import measures, shell, tables
from reports.pages.performance.filters import Filters
from reports.pages.performance.tables import Thing
from reports.performance import buckets, numbers, ways
from reports.performance.numbers import Numbers, Side
from reports.performance.scope import Scope

MEASURES = measures.AUTOMATION
_FIGURES = ("entered", "finished", "sent", "opened", "goals", "recovered")


@access.may("view")
@require_safe
def automations(request: HttpRequest) -> HttpResponse:
    """Show them, sorted as the address says."""
    asked = shell.asked(request)
    scope = asked.of_automations()
    told = shell.answered(scope, lambda: _told(scope, asked, request.GET.get("page", "")))
    return shell.shown(request, "automations", _("Automations"), asked, **told)


def _told(scope: Scope, asked: Filters, page: str) -> dict[str, Any]:
    people = shell.links(shell.address("automation_people"), asked)
    now, before = (numbers.of_automations(scope, one) for one in (asked.period, asked.period.before()))
    everything = Thing(name=_("All together"), now=now.total, before=before.total)
    things = _things(scope, now, before, asked)
    return {
        "table": tables.made(things, MEASURES, asked, people, first=_("Automation"), total=everything, page=page),
        "figures": [tables.shown(measures.AUTOMATION_BY_NAME[name], everything, people) for name in _FIGURES],
        "amounts": amounts(now.total),
        "drawing": drawn(scope, asked.period),
        "definitions": MEASURES,
        "export": shell.address("automations_export"),
    }


@access.may("view")
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Give the table as a CSV."""
    asked = shell.asked(request)
    scope = asked.of_automations()

    def ask() -> dict[str, Any]:
        now, before = (numbers.of_automations(scope, one) for one in (asked.period, asked.period.before()))
        return {"things": tables.ordered_by(_things(scope, now, before, asked), MEASURES, asked.sort)}

    told = shell.answered(scope, ask)
    if "problem" in told:
        return shell.shown(request, "automations", _("Automations"), asked, **told)
    columns, lines = tables.columns(MEASURES, _("Automation")), tables.lines(told["things"], MEASURES)
    return shell.as_csv(request, "automations", columns, lines, about=Automation, count=len(told["things"]))


def _things(scope: Scope, now: Side, before: Side, asked: Filters) -> list[Thing]:
    """Make a row of each automation that is meant; of those in the archive only where there is something to tell."""
    rows = Automation.objects.prefetch_related("labels")
    rows = rows if scope.automations is None else rows.filter(pk__in=scope.automations)
    return [
        Thing(
            name=one.name,
            now=now.each.get(one.pk, Numbers()),
            before=before.each.get(one.pk, Numbers()),
            url=f"{shell.address('automation', one.pk)}?{asked.query(automation='', sort='')}",
            note="" if one.is_active else one.get_state_display(),
            labels=[label.name for label in one.labels.all()],
            own=f"automation={one.pk}",
        )
        for one in rows
        if one.state != Automation.State.ARCHIVED or one.pk in now.each
    ]


def amounts(told: Numbers) -> list[str]:
    """Write what the recovered payments are worth a month, each currency by itself."""
    return [measures.amount(units, currency) for currency, units in sorted(told.amounts.items())]


def drawn(scope: Scope, period: periods.Period) -> Drawing:
    """Draw how many entered and finished over time."""
    days = ways.tallies(scope, period, key="day")
    counts = {
        str(measures.AUTOMATION_BY_NAME[name].label): {day: getattr(one, name) for day, one in days.items()}
        for name in ("entered", "finished")
    }
    return over_time(_("Entered and finished"), period, counts)


def over_time(title: str, period: periods.Period, counts: Mapping[str, Mapping[Any, int]]) -> Drawing:
    """Draw counts of days as lines, by their names."""
    known = [day for own in counts.values() for day in own]
    parts = buckets.of(period, known, periods.today())
    series = tuple(Series(name=name, values=parts.sums(own)) for name, own in counts.items())
    return draw(Chart(kind="line", title=title, labels=parts.labels, series=series, written=measures.count))
