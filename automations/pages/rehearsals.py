"""Dry runs and test runs of the draft: who would have entered, what they would have got, and a run for the tester."""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from automations import reasons
from automations.flow import reading, route
from automations.flow.mistakes import FlowError
from automations.flow.shape import Flow, Step
from automations.models import Automation
from automations.pages import access, choosing
from automations.pages.pictures import with_pictures
from automations.rehearsal import testing, walk, who
from automations.steps.kind import StepProblem
from config.audit.log import record
from contacts.models import Contact
from subscriptions.models import RecurringPayment

DAYS = 30
PER_PAGE = 50
_FORM = "automation_test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One bar of the chart: how many would have entered on a day, and how high that is of a hundred."""

    date: date
    count: int
    x: int
    height: float


@access.may("view")
@require_safe
def dry_run(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Show who would have entered in the last thirty days if the draft had been active."""
    one = access.find(automation_id)
    flow = _flow(one)
    if flow is None:
        return _with_mistakes(request, one)
    found = _found(one, flow)
    page = Paginator(tuple(reversed(found.found)), PER_PAGE).get_page(request.GET.get("page"))
    starts = _starts(flow)
    own = {
        "automation": one,
        "who": found,
        "days": _days(found),
        "people": len({each.contact for each in found.found}),
        "payments": len({each.payment for each in found.found if each.payment}),
        "page": page,
        "rows": _rows(list(page.object_list), starts),
        "unknown": [starts[key] for key in found.unknown],
        "most": who.MOST_STARTS,
    }
    return render(request, "automations/dry_run.html", access.context(request, one.name, tab="flow", **own))


@with_pictures
@access.may("view")
@require_safe
def dry_way(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Show the way that one of them would have gone, with the e-mails as they would have read; `run` names it."""
    one = access.find(automation_id)
    flow = _flow(one)
    if flow is None:
        return _with_mistakes(request, one)
    found = next((each for each in _found(one, flow).found if each.run == request.GET.get("run")), None)
    contact = Contact.objects.filter(pk=found.contact).first() if found else None
    if found is None or contact is None:
        raise Http404
    payment, problem = who.payment_of(found), ""
    try:
        stops = walk.would_have_gone(one, route.of(flow), contact, payment, since=found.at, until=timezone.now())
    except StepProblem as error:
        stops, problem = [], reasons.say(error.reason)
    own = {
        "automation": one,
        "found": found,
        "contact": contact,
        "payment": payment,
        "started": _starts(flow)[found.trigger],
        "stops": [_stop(stop) for stop in stops],
        "problem": problem,
    }
    return render(request, "automations/dry_way.html", access.context(request, one.name, tab="flow", **own))


@with_pictures
@access.may("change")
@require_http_methods(["GET", "HEAD", "POST"])
def test(request: HttpRequest, automation_id: int) -> HttpResponse:
    """Choose a person, and go through the draft for them at once; the e-mails go to the tester."""
    one = access.find(automation_id)
    flow = _flow(one)
    if flow is None:
        return _with_mistakes(request, one)
    chosen = choosing.asked(request, request.POST if request.method == "POST" else request.GET)
    tested = _run(request, one, flow, chosen) if request.method == "POST" else None
    request.session[_FORM] = secrets.token_urlsafe(16)
    own = {
        "automation": one,
        "tested": tested,
        "forks": [(step, step.kind.say(step.options)) for step in route.of(flow).steps.values() if step.kind.branches],
        "of_payments": choosing.is_about_payments(flow),
        "token": request.session[_FORM],
        "address": access.person(request).email,
        **chosen,
    }
    return render(request, "automations/test.html", access.context(request, one.name, tab="flow", **own))


def _run(request: HttpRequest, one: Automation, flow: Flow, chosen: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Run it, unless this very form was sent before, or nobody is chosen, or the tester has no address."""
    address, token = access.person(request).email, request.session.pop(_FORM, "")
    if not token or not constant_time_compare(token, request.POST.get("token", "")):
        messages.warning(
            request, gettext("This test has been run already. Run it again if you want the e-mails again.")
        )
        return None
    contact = chosen.get("contact")
    if contact is None or not address:
        return None
    payment = chosen["payment"] if choosing.is_about_payments(flow) else None
    branches = {
        name.removeprefix("branch-"): str(value) for name, value in request.POST.items() if name.startswith("branch-")
    }
    record("automation.tested", about=one, request=request)
    steps = testing.run(one, route.of(flow), contact, payment, tester=address, branches=branches)
    return [_tested(step) for step in steps]


def _flow(one: Automation) -> Flow | None:
    try:
        return reading.read(one.draft, itself=one.pk)
    except FlowError:
        return None


def _with_mistakes(request: HttpRequest, one: Automation) -> HttpResponse:
    messages.error(request, gettext("The draft has mistakes. Mend what is marked and save; then it can be tried."))
    return redirect("automation", one.pk)


def _found(one: Automation, flow: Flow) -> who.Who:
    now = timezone.now()
    return who.would_have_entered(one, flow, since=now - timedelta(days=DAYS), until=now)


def _starts(flow: Flow) -> dict[str, str]:
    return {trigger.id: trigger.kind.say(trigger.options) for trigger in flow.triggers}


def _rows(found: list[who.Found], starts: dict[str, str]) -> list[dict[str, Any]]:
    contacts = Contact.objects.in_bulk([each.contact for each in found])
    wanted = [each.payment for each in found if each.payment]
    payments = RecurringPayment.objects.in_bulk(wanted)
    return [
        {
            "found": each,
            "contact": contacts.get(each.contact),
            "payment": payments.get(each.payment) if each.payment else None,
            "started": starts[each.trigger],
        }
        for each in found
    ]


def _days(found: who.Who) -> list[Day]:
    counts = Counter(timezone.localdate(each.at) for each in found.found)
    first, top = timezone.localdate() - timedelta(days=DAYS), max(counts.values(), default=1)
    dates = [first + timedelta(days=number) for number in range(DAYS + 1)]
    return [
        Day(date=day, count=counts[day], x=number * 10, height=round(counts[day] / top * 100, 1))
        for number, day in enumerate(dates)
    ]


def _outcome(step: Step, outcome: str) -> str:
    return str(step.kind.branches.get(outcome) or reasons.say(outcome))


def _stop(stop: walk.Stop) -> dict[str, Any]:
    return {
        "stop": stop,
        "icon": stop.step.kind.icon,
        "words": stop.step.kind.say(stop.step.options),
        "outcome": _outcome(stop.step, stop.outcome),
        "problem": reasons.say(stop.problem),
    }


def _tested(one: testing.Tested) -> dict[str, Any]:
    return {
        "tested": one,
        "icon": one.step.kind.icon,
        "words": one.step.kind.say(one.step.options),
        "outcome": _outcome(one.step, one.outcome),
        "problem": reasons.say(one.problem),
        "is_bad": one.outcome in {"failed", "uncertain"},
    }
