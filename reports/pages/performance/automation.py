"""One automation in a period: its people and where they are, its e-mails, its goals, and the payments it recovered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from automations import entering
from automations.flow import outline
from automations.models import Automation, Campaign
from automations.pages import access as access_to_automations
from config.access import person
from reports.pages import access
from reports.pages.performance import filters, measures, shell, tables
from reports.pages.performance.automations import amounts, drawn
from reports.pages.performance.filters import Filters
from reports.pages.performance.measures import Measure
from reports.pages.performance.tables import Shown, Thing
from reports.performance import emails, keeping, numbers, ways
from reports.performance.scope import Scope
from reports.performance.tally import Tally

_FIGURES = ("inside", "entered", "finished", "ended", "goals", "recovered", "sent", "opened", "clicked", "replied")
_MAIL = tuple(one for one in measures.MAIL if one.name not in ("confirmed", "soft_bounced"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A step with how many are there now, came past it and ended there in the period; `depth` is how far it is in
    branches, and `goal` how many reached it where it is a goal.
    """

    words: str
    icon: str
    depth: int
    counts: Mapping[str, int]
    numbers: tuple[Shown, ...]


_AT_STEP = (
    Measure(
        name="inside",
        label=gettext_lazy("There now"),
        help=gettext_lazy("People who are at this step at this moment, whatever the period."),
        value=lambda counts: counts["inside"],
        people="inside",
        is_now=True,
    ),
    Measure(
        name="passed",
        label=gettext_lazy("Passed"),
        help=gettext_lazy("How often people left this step behind in the period and went on."),
        value=lambda counts: counts["passed"],
        people="passed",
    ),
    Measure(
        name="goals",
        label=gettext_lazy("Goal reached"),
        help=gettext_lazy("How often people reached this goal in the period."),
        value=lambda counts: counts["goals"],
        people="goals",
    ),
    Measure(
        name="ended",
        label=gettext_lazy("Left here"),
        help=gettext_lazy("How often a way was over at this step in the period, before the end."),
        value=lambda counts: counts["ended"],
        people="ended",
    ),
)


@access.may("view")
@access_to_automations.may("view")
@require_safe
def automation(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Show it, as the tab of the automation."""
    one = access_to_automations.find(automation_id)
    asked = replace(shell.asked(request), automation=one.pk)
    scope = replace(asked.of_automations(), automated=True)
    told = shell.answered(scope, lambda: _told(one, scope, asked, request.GET.get("page", "")))
    own: dict[str, Any] = {"automation": one, "asked": asked.asked, "filters": asked, **told}
    own["choices"] = filters.choices()
    own["standing"] = keeping.standing()
    context = access_to_automations.context(request, one.name, tab="report", **own)
    context["may_see"] = person(request).has_perm("contacts.view_contact")
    return render(request, "reports/performance/automation.html", context)


@access.may("view")
@access_to_automations.may("view")
@require_safe
def export(request: HttpRequest, automation_id: int) -> HttpResponseBase:
    """Give its steps as a CSV."""
    one = access_to_automations.find(automation_id)
    asked = replace(shell.asked(request), automation=one.pk)
    scope = replace(asked.of_automations(), automated=True)
    told = shell.answered(scope, lambda: {"stops": _stops(one, scope, asked)})
    if "problem" in told:
        return automation(request, automation_id)
    stops: list[Stop] = told["stops"]
    columns = [_("Step"), *(measure.label for measure in _AT_STEP)]
    lines = [[stop.words, *(stop.counts[measure.name] for measure in _AT_STEP)] for stop in stops]
    return shell.as_csv(request, "steps", columns, lines, about=Automation, count=len(lines))


def _told(one: Automation, scope: Scope, asked: Filters, page: str) -> dict[str, Any]:
    people = shell.links(shell.address("automation_people"), asked)
    now, before = (numbers.of_automations(scope, period).total for period in (asked.period, asked.period.before()))
    whole = Thing(name=one.name, now=now, before=before)
    return {
        "figures": [tables.shown(measures.AUTOMATION_BY_NAME[name], whole, people) for name in _FIGURES],
        "amounts": amounts(now),
        "drawing": drawn(scope, asked.period),
        "stops": _stops(one, scope, asked),
        "stop_heads": _AT_STEP,
        "export": shell.address("campaigns_export"),
        "steps_export": f"{shell.address('automation_export', one.pk)}?{asked.query()}",
        "every": asked.query(automation="", sort=""),
        "table": _mail(scope, asked, page),
        "definitions": (*measures.AUTOMATION[:6], *_AT_STEP, *_MAIL),
    }


def _stops(one: Automation, scope: Scope, asked: Filters) -> list[Stop]:
    """List the steps of what people go by, and together those that there were in earlier versions."""
    version = entering.newest(one)
    drawn = outline.of_published(version.flow) if version else outline.of_draft(one.draft, itself=one.pk)
    done = ways.tallies(scope, asked.period, key="step")
    counts = {
        "inside": ways.by(ways.inside(scope), "step"),
        "passed": {step: one.passed for step, one in done.items()},
        "goals": {step: one.reached for step, one in done.items()},
        "ended": {step: one.left for step, one in done.items()},
    }
    people = shell.links(shell.address("automation_people"), asked)
    found, known = [], set[str]()
    for part in drawn.every_part():
        if not part.path.startswith("steps"):
            continue
        known.add(part.id)
        own = {name: by_step.get(part.id, 0) for name, by_step in counts.items()}
        cells = _cells(own, f"step={part.id}", people, is_goal=part.icon == _GOAL_ICON)
        found.append(Stop(words=part.words, icon=part.icon, depth=part.path.count("."), counts=own, numbers=cells))
    gone = {
        name: sum(count for step, count in by_step.items() if step not in known) for name, by_step in counts.items()
    }
    if any(gone.values()):
        cells = tuple(replace(cell, url="") for cell in _cells(gone, "", people, is_goal=bool(gone["goals"])))
        found.append(
            Stop(words=_("Steps of earlier versions, and the end"), icon="history", depth=0, counts=gone, numbers=cells)
        )
    return found


_GOAL_ICON = "flag"


def _cells(counts: dict[str, int], own: str, people: Any, *, is_goal: bool) -> tuple[Shown, ...]:
    thing = Thing(name="", now=counts, before=counts, own=own)
    shown = (tables.shown(measure, thing, people) for measure in _AT_STEP)
    return tuple(one if one.measure.name != "goals" or is_goal else replace(one, words="", url="") for one in shown)


def _mail(scope: Scope, asked: Filters, page: str) -> tables.Table:
    """Make the table of the e-mails that it sent."""
    now, before = (emails.tallies(scope, one, by=("campaign",)) for one in (asked.period, asked.period.before()))
    names = dict(Campaign.objects.filter(pk__in={key for (key,) in (*now, *before)}).values_list("pk", "name"))
    things = [
        Thing(
            name=name,
            now=now.get((pk,), Tally()),
            before=before.get((pk,), Tally()),
            url=f"{shell.address('campaign', pk)}?{asked.query(campaign='', automation='', sort='')}",
            own=f"campaign={pk}",
        )
        for pk, name in names.items()
    ]
    together = Thing(name=_("All together"), now=sum(now.values(), Tally()), before=sum(before.values(), Tally()))
    people = shell.links(shell.address("campaign_people"), asked)
    return tables.made(things, _MAIL, asked, people, first=_("E-mail"), total=together, page=page)
