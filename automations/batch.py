"""People who have come to the same step at the same time, and what can be asked about them at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from automations.flow.conditions import Conditions
from automations.models import Enrolment
from automations.steps.kind import Move, StepProblem
from subscriptions.segments import compiler
from subscriptions.segments.clock import Clock
from subscriptions.segments.compiler import World
from subscriptions.segments.mistakes import SegmentError


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some enrolments, whose contacts and payments are loaded, at one moment."""

    people: tuple[Enrolment, ...]
    now: datetime

    @property
    def contacts(self) -> tuple[int, ...]:
        """The numbers of the contacts, each once."""
        return tuple({one.contact_id for one in self.people})

    def each(self, move: Callable[[Enrolment], Move]) -> dict[int, Move]:
        """Say it of each on their own."""
        return {one.pk: move(one) for one in self.people}

    def all(self, move: Move) -> dict[int, Move]:
        """Say the same of everybody."""
        return {one.pk: move for one in self.people}

    def matching(self, conditions: Conditions) -> set[int]:
        """Return the numbers of the enrolments whose people fulfil them; one query, unless a person is there twice."""
        try:
            node = conditions.node()
        except SegmentError as error:
            raise StepProblem("conditions", str(error)) from error
        found: set[int] = set()
        for some in _without_doubles(self.people):
            this = tuple(one.payment_id for one in some.values() if one.payment_id)
            world = World(clock=Clock(now=self.now), this=this, only=tuple(some))
            contacts = compiler.people(node, world).order_by().values_list("pk", flat=True)
            found |= {some[contact].pk for contact in contacts}
        return found


def _without_doubles(people: tuple[Enrolment, ...]) -> Iterator[Mapping[int, Enrolment]]:
    """Split people so that each contact stands once in each part: "this" is one payment for each of them."""
    left = list(people)
    while left:
        part: dict[int, Enrolment] = {}
        again = [one for one in left if part.setdefault(one.contact_id, one) is not one]
        yield part
        left = again
