"""The way that somebody would have gone from a moment on: every step with its time, and the e-mails as they would read.

Steps that only ask are asked by their own code, of the recurring payment as it was at that moment; the others are told
and not done. What only the clock makes true is looked at once a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from automations.batch import Batch
from automations.composing import CannotCompose, compose, why_not
from automations.email import sheets
from automations.flow.route import END, Route
from automations.flow.shape import Step
from automations.models import Automation, Enrolment, Message
from automations.rehearsal import record
from automations.steps.kind import PASSES, Ends, Move, Passes, StepProblem, Waits
from contacts.models import Contact
from subscriptions.models import RecurringPayment

MOST_STOPS = 300
MOST_LOOKS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An e-mail as it would read; `why_not` is the word for why it would not be sent, empty if it would."""

    to: str
    subject: str
    text: str
    html: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One step on the way: what came of it, or until when they would wait there still."""

    step: Step
    at: datetime
    outcome: str = ""
    until: datetime | None = None
    is_waiting: bool = False
    problem: str = ""
    mail: Mail | None = None


@dataclass(slots=True, kw_only=True)
class _Walker:
    route: Route
    one: Enrolment
    now: datetime
    until: datetime
    looks: list[datetime]
    stops: list[Stop] = field(default_factory=list)

    def go(self) -> None:
        """Look at them at each moment at which something may be different, until they are through or time is up."""
        step: str | None = self.route.first
        for _look in range(MOST_LOOKS):
            with record.undone():
                _set_back(self.one, self.now)
                step, waits = self._go_on(step or END)
            if step is None or waits is None or not self._wait(self.route.steps[step], waits):
                return

    def _go_on(self, step: str) -> tuple[str | None, Waits | None]:
        """Go on until they wait; return where and for what, or nothing where they are through."""
        while step != END and len(self.stops) < MOST_STOPS:
            goal = self._goal_ahead(step)
            at, move = (goal, Passes(outcome="reached")) if goal else (step, self._move(self.route.steps[step]))
            if isinstance(move, Waits):
                return step, move
            self._stop(self.route.steps[at], move)
            if isinstance(move, Ends):
                return None, None
            step = self.route.after(at, move.outcome)
            self.one.arrived_at, self.one.has_begun = self.now, False
        return None, None

    def _goal_ahead(self, step: str) -> str:
        for goal in self.route.goals[step]:
            if Batch(people=(self.one,), now=self.now).matching(self.route.steps[goal].options["where"]):
                return goal
        return ""

    def _move(self, step: Step) -> Move:
        if not step.kind.asks_only:
            return PASSES
        return step.kind.act(step, Batch(people=(self.one,), now=self.now))[self.one.pk]

    def _wait(self, step: Step, move: Waits) -> bool:
        """Go on to the next moment at which they are looked at; False where that is not yet."""
        self.one.has_begun = True
        ahead = [one for one in (move.until, *self.looks) if one and self.now < one <= self.until]
        if not ahead:
            self.stops.append(Stop(step=step, at=self.one.arrived_at, until=move.until, is_waiting=True))
            return False
        self.now = min(ahead)
        return True

    def _stop(self, step: Step, move: Passes | Ends) -> None:
        mail = mail_of(step, self.one) if step.kind.name in {"email", "notify"} else None
        outcome = move.outcome if isinstance(move, Passes) else move.reason
        problem = mail.why_not if mail else ""
        if mail:
            outcome = "suppressed" if problem else "sent"
        self.stops.append(Stop(step=step, at=self.now, outcome=outcome, problem=problem, mail=mail))


def would_have_gone(
    automation: Automation,
    route: Route,
    contact: Contact,
    payment: RecurringPayment | None,
    *,
    since: datetime,
    until: datetime,
) -> list[Stop]:
    """Return the way from one moment to another; raise StepProblem where conditions name something that is gone."""
    one = person(automation, contact, payment, since)
    walker = _Walker(route=route, one=one, now=since, until=until, looks=sorted(_looks(payment, since, until)))
    walker.go()
    return walker.stops


def person(automation: Automation, contact: Contact, payment: RecurringPayment | None, at: datetime) -> Enrolment:
    """Make somebody in an automation who is not written down."""
    return Enrolment(
        pk=0, automation=automation, contact=contact, payment=payment, entered_at=at, arrived_at=at, run_key="rehearsal"
    )


def mail_of(step: Step, one: Enrolment) -> Mail:
    """Write the e-mail of a step as it would read, and why it would not be sent."""
    try:
        row = Message(contact=one.contact, enrolment=one, step=step.id)
        composed = compose(step, one, row, sheets.sender(), is_draft=True)
        reason = why_not(step, one, is_draft=True)
    except CannotCompose as error:
        raise StepProblem(error.reason, error.detail) from error
    written = composed.message
    return Mail(
        to=written.to[0] or "",
        subject=str(written.subject),
        text=str(written.body),
        html=composed.html,
        why_not=reason,
    )


def _set_back(one: Enrolment, moment: datetime) -> None:
    if one.payment is not None:
        record.set_back([one.payment.pk], moment)
        one.payment.refresh_from_db()


def _looks(payment: RecurringPayment | None, since: datetime, until: datetime) -> Iterator[datetime]:
    yield from record.moments(payment.pk, since) if payment else ()
    day: Any = since + timedelta(days=1)
    while day <= until:
        yield day
        day += timedelta(days=1)
