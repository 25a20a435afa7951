"""A test run: a flow is gone through at once for one person, and the e-mails go to whoever tests it, to nobody else.

Waits are skipped, and say until when they would have lasted; goals ahead are not jumped to, so that every step is
seen. Conditions are asked truly. Nothing is written of the person, no webhook is called and no colleague is written to.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from automations.batch import Batch
from automations.calling import told
from automations.composing import CannotCompose, compose
from automations.email import sheets
from automations.email import testing as to_tester
from automations.flow.route import END, Route
from automations.flow.shape import Step
from automations.models import Automation, Call, Enrolment, Message
from automations.rehearsal.walk import Mail, mail_of, person
from automations.steps.kind import Ends, Passes, StepProblem, Waits
from contacts.models import Contact
from subscriptions.models import RecurringPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One step of a test run: what came of it, in a word of the pages, and what it wrote or would have told.

    `until` is until when they would have waited; `body` is what a webhook would be sent.
    """

    step: Step
    outcome: str
    until: datetime | None = None
    problem: str = ""
    detail: str = ""
    mail: Mail | None = None
    body: str = ""


def run(
    automation: Automation,
    route: Route,
    contact: Contact,
    payment: RecurringPayment | None,
    *,
    tester: str,
    branches: Mapping[str, str] | None = None,
) -> list[Tested]:
    """Go through a flow, mail the tester, and tell each step; `branches` says which to take at which step."""
    one = person(automation, contact, payment, timezone.now())
    return [*_steps(route, one, tester, branches or {})]


def _steps(route: Route, one: Enrolment, tester: str, branches: Mapping[str, str]) -> Iterator[Tested]:
    at = route.first
    while at != END:
        step = route.steps[at]
        tested = _tested(step, one, tester, branches.get(at, ""))
        yield tested
        if step.kind.name == "end":
            return
        at = route.after(at, tested.outcome)


def _tested(step: Step, one: Enrolment, tester: str, branch: str) -> Tested:
    if branch in step.branches:
        return Tested(step=step, outcome=branch)
    try:
        if step.kind.asks_only:
            return _asked(step, one)
        return _TOLD.get(step.kind.name, _only_told)(step, one, tester)
    except StepProblem as problem:
        return Tested(step=step, outcome="failed", problem=problem.reason, detail=problem.detail)


def _asked(step: Step, one: Enrolment) -> Tested:
    """Ask what they would do here; whoever would wait goes on."""
    move = step.kind.act(step, Batch(people=(one,), now=timezone.now()))[one.pk]
    if isinstance(move, Waits):
        return Tested(step=step, outcome="skipped", until=move.until)
    if isinstance(move, Ends) and step.kind.is_goal:
        return Tested(step=step, outcome="not_reached")
    return Tested(step=step, outcome=move.outcome if isinstance(move, Passes) else move.reason)


def _only_told(step: Step, _one: Enrolment, _tester: str) -> Tested:
    return Tested(step=step, outcome="not_done")


def _notify(step: Step, one: Enrolment, _tester: str) -> Tested:
    return Tested(step=step, outcome="not_done", mail=mail_of(step, one))


def _webhook(step: Step, one: Enrolment, _tester: str) -> Tested:
    row = Call(enrolment=one, step=step.id)
    return Tested(step=step, outcome="not_done", body=json.dumps(told(row), indent=2, ensure_ascii=False))


def _email(step: Step, one: Enrolment, tester: str) -> Tested:
    """Send it to the tester; why the person would not get it is told beside it."""
    shown = mail_of(step, one)
    try:
        row = Message(contact=one.contact, enrolment=one, step=step.id)
        written = compose(step, one, row, sheets.sender(), is_draft=True).message
    except CannotCompose as error:
        raise StepProblem(error.reason, error.detail) from error
    outcome, problem = to_tester.send(written, tester=tester)
    return Tested(step=step, outcome=outcome, problem=problem or shown.why_not, mail=shown)


_TOLD = {"email": _email, "notify": _notify, "webhook": _webhook}
