"""Taking people on through their steps: everybody who is due, many at a time, each exactly once.

A batch is locked, moved and written in one transaction, so whoever dies in between has done nothing, and two who work
at the same time never hold the same person. People at the same step go through it together; where that fails they are
tried one by one, so that what is wrong with one holds up nobody else. Nothing leaves the house in here: e-mails and
calls are rows that somebody else sends (`sending`, `calling`), and people wait at the step until they are.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from automations import plans
from automations.batch import Batch
from automations.flow.route import END
from automations.flow.shape import Step
from automations.models import AutomationVersion, Enrolment, Passage
from automations.plans import Plan
from automations.steps.kind import Ends, Move, Passes, StepProblem, Waits
from config.turns import unheld
from contacts.holding import take

logger = logging.getLogger(__name__)

BATCH = 500
# Steps that one person takes in one go; after that others have their turn.
MOST_ROUNDS = 25
# Attempts at a step that fails, before the person is stopped there; with the pauses, about an hour.
MAX_ATTEMPTS = 7
_FIRST_PAUSE = timedelta(seconds=30)
State = Enrolment.State


def advance(*, limit: int = BATCH, now: datetime | None = None) -> int:
    """Take a batch of those who are due as far as they come; return how many there were."""
    with transaction.atomic():
        now = now or timezone.now()
        people = _lock(limit, now)
        if people:
            _Journey(people, now).go()
    return len(people)


def _lock(limit: int, now: datetime) -> list[Enrolment]:
    due = Enrolment.objects.due(now).order_by("wake_at")
    # Nobody else moves them until the end, and nobody waits for them: who holds them sees to them.
    contacts = dict(unheld(due).values_list("pk", "contact_id")[:limit])
    held = take(set(contacts.values()))
    ids = [pk for pk, contact in contacts.items() if contact in held]
    rows = Enrolment.objects.filter(pk__in=ids).order_by("pk").select_related("contact", "payment")
    return list(rows) if ids else []


class _Journey:
    """One batch on its way; what becomes of it is gathered, and written at the end."""

    def __init__(self, people: list[Enrolment], now: datetime) -> None:
        self.people, self.now = people, now
        self.passages: list[Passage] = []
        self.passed = _passed(one for one in people if one.has_moved)

    def go(self) -> None:
        """Go on until everybody waits or is through, and write it down."""
        _follow_newest(self.people, self.passed, self.now)
        for _round in range(MOST_ROUNDS):
            groups = self._groups()
            if not groups:
                break
            for (version, step), some in groups.items():
                self._take(plans.load(version), step, tuple(some))
            self._let_go()
        Passage.objects.bulk_create(self.passages)
        # By their keys they all conflict, so none is inserted; `bulk_update` took ten times as long (measured).
        Enrolment.objects.bulk_create(self.people, update_conflicts=True, unique_fields=["pk"], update_fields=_WRITTEN)

    def _let_go(self) -> None:
        """Leave those as they are whom a step of this very batch has ended, in another automation."""
        ours = Enrolment.objects.filter(pk__in=[one.pk for one in self.people], state=State.ENDED)
        ended = set(ours.values_list("pk", flat=True))
        self.people = [one for one in self.people if one.pk not in ended]

    def _groups(self) -> Mapping[tuple[int, str], list[Enrolment]]:
        groups: dict[tuple[int, str], list[Enrolment]] = defaultdict(list)
        for one in self.people:
            if one.state == State.ACTIVE and one.wake_at and one.wake_at <= self.now:
                groups[(one.version_id, one.step)].append(one)
        return groups

    def _take(self, plan: Plan, step: str, some: tuple[Enrolment, ...]) -> None:
        """Take some people through one step, together or, if that fails, one by one."""
        try:
            with transaction.atomic():
                moves = self._moves(plan, step, some)
        except (OperationalError, InterfaceError):
            raise  # it is the database that fails, and not the step: all of it is done again
        except Exception as error:
            if len(some) == 1:
                self._fail(some[0], error)
            for one in some if len(some) > 1 else ():
                self._take(plan, step, (one,))
        else:
            for one in some:
                self._move(plan, one, *moves[one.pk])

    def _moves(self, plan: Plan, step: str, some: tuple[Enrolment, ...]) -> dict[int, tuple[str, Move]]:
        """Say at which step each makes which move: at a goal ahead that they have reached, or where they are."""
        if step == END:
            return {one.pk: (END, Ends(reason="")) for one in some}
        moves: dict[int, tuple[str, Move]] = {}
        left = some
        for goal in plan.route.goals[step]:
            asked = Batch(people=tuple(one for one in left if goal not in self.passed[one.pk]), now=self.now)
            reached = asked.matching(plan.route.steps[goal].options["where"]) if asked.people else set()
            moves |= {pk: (goal, Passes(outcome="reached")) for pk in reached}
            left = tuple(one for one in left if one.pk not in reached)
        if left:
            acted = self._act(plan.route.steps[step], left)
            moves |= {pk: (step, move) for pk, move in acted.items()}
        return moves

    def _act(self, step: Step, some: tuple[Enrolment, ...]) -> Mapping[int, Move]:
        """Do a step, with nobody who has it behind them already, from an earlier version of the flow."""
        behind = {one.pk: self.passed[one.pk] for one in some if step.id in self.passed[one.pk]}
        moves: dict[int, Move] = {pk: Passes(outcome=passed[step.id]) for pk, passed in behind.items()}
        new = tuple(one for one in some if one.pk not in behind)
        return {**moves, **step.kind.act(step, Batch(people=new, now=self.now))} if new else moves

    def _move(self, plan: Plan, one: Enrolment, step: str, move: Move) -> None:
        one.failures, one.reason, one.detail = 0, "", ""
        if isinstance(move, Waits):
            one.has_begun, one.until, one.wake_at = True, move.until, move.until
            one.watches = plan.route.steps[step].kind.watches or bool(plan.route.goals[step])
            return
        if step != END and step not in self.passed[one.pk]:
            self._keep(one, step, move)
        one.has_begun, one.until, one.watches = False, None, False
        if isinstance(move, Passes):
            one.step, one.arrived_at = plan.route.after(step, move.outcome), self.now
        else:
            one.state = State.ENDED if move.reason and move.reason != "end" else State.FINISHED
            one.reason, one.step, one.wake_at, one.ended_at = move.reason, END, None, self.now

    def _keep(self, one: Enrolment, step: str, move: Passes | Ends) -> None:
        outcome, facts = (move.outcome, dict(move.facts)) if isinstance(move, Passes) else (move.reason, {})
        if step != one.step:
            facts["jumped_from"] = one.step
        self.passed[one.pk][step] = outcome
        self.passages.append(
            Passage(
                enrolment=one,
                version_id=one.version_id,
                step=step,
                arrived_at=one.arrived_at if step == one.step else self.now,
                left_at=self.now,
                outcome=outcome,
                facts=facts,
            )
        )

    def _fail(self, one: Enrolment, error: Exception) -> None:
        """Try again later, each time later, and stop the person there in the end; a problem that stays, at once."""
        one.failures += 1
        one.reason, one.detail = _said(error)
        if isinstance(error, StepProblem) or one.failures >= MAX_ATTEMPTS:
            one.state, one.wake_at, one.watches = State.PARKED, None, False
        else:
            logger.exception("Enrolment %s cannot go on at step %s", one.pk, one.step)
            one.wake_at = self.now + _FIRST_PAUSE * 2 ** (one.failures - 1)


_WRITTEN = [
    "version",
    "state",
    "reason",
    "detail",
    "step",
    "arrived_at",
    "has_begun",
    "until",
    "wake_at",
    "watches",
    "has_moved",
    "failures",
    "ended_at",
]


def _said(error: Exception) -> tuple[str, str]:
    if isinstance(error, StepProblem):
        return error.reason, error.detail
    return "error", f"{type(error).__name__}: {error}"


def _passed(people: Iterable[Enrolment]) -> dict[int, dict[str, str]]:
    """Return the outcomes of the steps behind people; within one version nobody comes to a step twice."""
    passed: dict[int, dict[str, str]] = defaultdict(dict)
    moved = [one.pk for one in people]
    rows = Passage.objects.filter(enrolment__in=moved).values_list("enrolment_id", "step", "outcome") if moved else ()
    for enrolment, step, outcome in rows:
        passed[enrolment][step] = outcome
    return passed


def _follow_newest(people: list[Enrolment], passed: dict[int, dict[str, str]], now: datetime) -> None:
    """Have those who came in by an earlier version go on by the newest, where they are or at the next step there is."""
    rows = AutomationVersion.objects.filter(number=F("automation__version"))
    automations = {one.automation_id for one in people}
    newest = dict(rows.filter(automation__in=automations).values_list("automation_id", "pk"))
    behind = [one for one in people if newest[one.automation_id] != one.version_id]
    passed |= _passed(one for one in behind if one.pk not in passed)
    for one in behind:
        older, version = plans.load(one.version_id).route, newest[one.automation_id]
        step = plans.load(version).route.place_of(one.step, older)
        if step != one.step:
            one.step, one.has_begun, one.until, one.arrived_at = step, False, None, now
        one.version_id, one.has_moved = version, True
