"""All campaigns side by side, automated and direct: what became of what was sent in a period, and in the one before."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from automations.models import Campaign
from reports.pages import access
from reports.pages.performance import measures, shell, tables
from reports.pages.performance.automations import over_time
from reports.pages.performance.filters import Filters
from reports.pages.performance.tables import Thing
from reports.performance import emails
from reports.performance.scope import Scope
from reports.performance.tally import Tally

MEASURES = measures.MAIL
_FIGURES = ("sent", "delivered", "opened", "clicked", "click_to_open", "replied", "bounced", "unsubscribed")


@access.may("view")
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """Show them, sorted as the address says."""
    asked = shell.asked(request)
    scope = asked.of_campaigns()
    told = shell.answered(scope, lambda: _told(scope, asked, request.GET.get("page", "")))
    return shell.shown(request, "campaigns", _("Campaigns"), asked, kinds=Campaign.Kind.choices, **told)


def _told(scope: Scope, asked: Filters, page: str) -> dict[str, Any]:
    things, total = _counted(scope, asked)
    people = shell.links(shell.address("campaign_people"), asked)
    return {
        "table": tables.made(things, MEASURES, asked, people, first=_("Campaign"), total=total, page=page),
        "figures": [tables.shown(measures.MAIL_BY_NAME[name], total, people) for name in _FIGURES],
        "drawing": _drawn(scope, asked),
        "definitions": MEASURES,
        "export": shell.address("campaigns_export"),
    }


@access.may("view")
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Give the table as a CSV."""
    asked = shell.asked(request)
    scope = asked.of_campaigns()
    told = shell.answered(scope, lambda: {"things": tables.ordered_by(_counted(scope, asked)[0], MEASURES, asked.sort)})
    if "problem" in told:
        return shell.shown(request, "campaigns", _("Campaigns"), asked, kinds=Campaign.Kind.choices, **told)
    columns, lines = tables.columns(MEASURES, _("Campaign")), tables.lines(told["things"], MEASURES)
    return shell.as_csv(request, "campaigns", columns, lines, about=Campaign, count=len(told["things"]))


@access.may("view")
@require_safe
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Lead to the report with this campaign alone, in the same period."""
    one = get_object_or_404(Campaign, pk=campaign_id)
    return HttpResponseRedirect(f"{reverse('report_campaigns')}?{shell.asked(request).query(campaign=one.pk)}")


def _counted(scope: Scope, asked: Filters) -> tuple[list[Thing], Thing]:
    """Count each campaign of which something was sent, and all of them together."""
    now, before = (emails.tallies(scope, one, by=("campaign",)) for one in (asked.period, asked.period.before()))
    rows = Campaign.objects.filter(pk__in={key for (key,) in (*now, *before)}).prefetch_related("labels")
    things = [
        Thing(
            name=one.name,
            now=now.get((one.pk,), Tally()),
            before=before.get((one.pk,), Tally()),
            url=reverse("campaign_results", args=[one.pk]),
            note=one.get_kind_display(),
            labels=[label.name for label in one.labels.all()],
            own=f"campaign={one.pk}",
        )
        for one in rows
    ]
    total = sum(now.values(), Tally()), sum(before.values(), Tally())
    return things, Thing(name=_("All together"), now=total[0], before=total[1])


def _drawn(scope: Scope, asked: Filters) -> Any:
    days = emails.tallies(scope, asked.period, by=("day",))
    counts = {
        str(measures.MAIL_BY_NAME[name].label): {day: getattr(one, name) for (day,), one in days.items()}
        for name in ("sent", "opened", "clicked")
    }
    return over_time(_("By the day on which they were sent"), asked.period, counts)
