"""The way through a flow: what follows each step, and which goals lie ahead of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from automations.flow.shape import Flow, Step, every_step

END = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Steps by their ids; `following` is where one goes on behind a step with all its branches, END at the end.

    `goals` are those to which people may jump from a step: further down on their own way, and in no branch that they
    have not taken.
    """

    first: str
    steps: Mapping[str, Step]
    following: Mapping[str, str]
    goals: Mapping[str, tuple[str, ...]]

    def after(self, step: str, outcome: str) -> str:
        """Return the step that is next for who leaves a step with an outcome."""
        branch = self.steps[step].branches.get(outcome)
        return branch[0].id if branch else self.following[step]

    def place_of(self, step: str, older: "Route") -> str:
        """Return where somebody goes on in this flow who was at a step of an older one.

        That is the same step, or else the next one on their way that there still is.
        """
        while step != END and not self._has(step, older):
            step = older.following.get(step, END)
        return step

    def _has(self, step: str, older: "Route") -> bool:
        before, now = older.steps.get(step), self.steps.get(step)
        return before is not None and now is not None and before.kind == now.kind


def of(flow: Flow) -> Route:
    """Draw the way through a flow."""
    following: dict[str, str] = {}
    goals: dict[str, tuple[str, ...]] = {}
    _draw(flow.steps, END, (), following, goals)
    return Route(
        first=flow.steps[0].id if flow.steps else END,
        steps={step.id: step for step in every_step(flow.steps)},
        following=following,
        goals=goals,
    )


def _draw(
    steps: tuple[Step, ...],
    end: str,
    beyond: tuple[str, ...],
    following: dict[str, str],
    goals: dict[str, tuple[str, ...]],
) -> None:
    """Draw a list of steps from its end, behind which one goes on at `end` with the goals `beyond`."""
    for step in reversed(steps):
        following[step.id], goals[step.id] = end, beyond
        for branch in step.branches.values():
            _draw(branch, end, beyond, following, goals)
        end = step.id
        beyond = (step.id, *beyond) if step.kind.is_goal else beyond
