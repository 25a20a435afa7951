"""The list of automations: what there are, what starts each, and how many people are in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from automations import receivers
from automations.flow import outline
from automations.models import Automation, Enrolment, Label
from automations.models.automations import AutomationQuerySet
from automations.pages import access, tabs, words
from config.seeking import contains

PER_PAGE = 50
State = Automation.State
# what the tabs are called; the first has all that are not put away
TABS: dict[str, Any] = {
    "": _("In use"),
    State.ACTIVE.value: pgettext_lazy("automations", "Active"),
    State.PAUSED.value: pgettext_lazy("automations", "Paused"),
    State.DRAFT.value: _("Drafts"),
    State.ARCHIVED.value: _("Archive"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One automation of the list; `starts` says its triggers in words."""

    automation: Automation
    look: tuple[str, str]
    starts: str
    inside: int
    stopped: int
    # whether an address that it calls is switched off
    is_cut_off: bool


@access.may("view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the automations of a state whose name or description contains `q`, with a label."""
    asked = tabs.asked(request, TABS)
    page = Paginator(_found(asked), PER_PAGE).get_page(request.GET.get("page"))
    own: dict[str, Any] = {
        "q": asked.q,
        "state": asked.state,
        "label": asked.label,
        "labels": Label.objects.exclude(automations=None),
        "is_narrowed": bool(asked.q or asked.label),
        "tabs": _tabs(),
        "page": page,
        "query": asked.query,
        "rows": _rows(page.object_list),
        "is_first": not Automation.objects.exists(),
    }
    return render(request, "automations/list.html", access.context(request, gettext("Automations"), **own))


def _found(asked: tabs.Asked) -> AutomationQuerySet:
    kept = Automation.objects.filter(state=asked.state) if asked.state else Automation.objects.living()
    kept = kept.filter(labels=asked.label) if asked.label else kept
    found = kept.filter(contains(asked.q, "name", "description")).order_by("name")
    return found.prefetch_related("labels")


def _tabs() -> list[dict[str, Any]]:
    counts = dict(Automation.objects.order_by().values_list("state").annotate(Count("pk")))
    living = sum(count for state, count in counts.items() if state != State.ARCHIVED)
    return [
        {"state": state, "label": label, "count": counts.get(state, 0) if state else living}
        for state, label in TABS.items()
    ]


def _rows(automations: Iterable[Automation]) -> list[Row]:
    found = list(automations)
    inside = Enrolment.objects.inside().filter(automation__in=found).order_by()
    counts: dict[int, dict[str, int]] = {}
    for pk, state, count in inside.values_list("automation", "state").annotate(Count("pk")):
        counts.setdefault(pk, {})[state] = count
    off = receivers.off_among(found)
    return [_row(one, counts.get(one.pk, {}), is_cut_off=one.pk in off) for one in found]


def _row(one: Automation, counts: dict[str, int], *, is_cut_off: bool) -> Row:
    triggers = outline.of_published({"triggers": one.draft.get("triggers")}).triggers
    return Row(
        automation=one,
        look=words.LOOKS[State(one.state)],
        starts=" · ".join(part.words for part in triggers),
        inside=sum(counts.values()),
        stopped=counts.get(Enrolment.State.PARKED, 0),
        is_cut_off=is_cut_off,
    )
