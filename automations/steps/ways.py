"""Which way to go: by a condition, to a goal, or to the end."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from automations.batch import Batch
from automations.flow.forms import Option, choice, segment
from automations.flow.shape import Step
from automations.steps.kind import Ends, Move, Passes, StepKind, Waits
from subscriptions.segments import sentences

_WHERE = Option(name="where", label=gettext_lazy("Segment"), form=segment())


def _people(options: Mapping[str, Any]) -> dict[str, str]:
    return {"conditions": sentences.conditions_of_people(options["where"].node())}


def _if(step: Step, batch: Batch) -> Mapping[int, Move]:
    matching = batch.matching(step.options["where"])
    return batch.each(lambda one: Passes(outcome="yes" if one.pk in matching else "no"))


IF = StepKind(
    name="if",
    label=gettext_lazy("If / else"),
    icon="call_split",
    options=(_WHERE,),
    say=lambda options: _("Are they people %(conditions)s?") % _people(options),
    act=_if,
    asks_only=True,
    branches={"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")},
)


def _goal(step: Step, batch: Batch) -> Mapping[int, Move]:
    """Let through who has reached it, and do with the others who have come here what the step says."""
    reached = batch.matching(step.options["where"])
    unmet = _UNMET[step.options["unmet"]]
    return batch.each(lambda one: Passes(outcome="reached") if one.pk in reached else unmet)


_UNMET: dict[str, Move] = {
    "go_on": Passes(outcome="not_reached"),
    "wait": Waits(),
    "end": Ends(reason="goal_not_reached"),
}
_UNMET_WORDS: dict[str, Any] = {
    "go_on": gettext_lazy("go on all the same"),
    "wait": gettext_lazy("wait for it"),
    "end": gettext_lazy("end here"),
}
GOAL = StepKind(
    name="goal",
    label=gettext_lazy("Goal"),
    icon="flag",
    options=(
        _WHERE,
        Option(
            name="unmet",
            label=gettext_lazy("Who comes here without it"),
            form=choice(_UNMET_WORDS),
            default="go_on",
        ),
    ),
    say=lambda options: _("Goal: people %(conditions)s") % _people(options),
    act=_goal,
    asks_only=True,
    watches=True,
    is_goal=True,
)
END = StepKind(
    name="end",
    label=gettext_lazy("End"),
    icon="stop_circle",
    options=(),
    say=lambda _options: _("End"),
    act=lambda _step, batch: batch.all(Ends(reason="end")),
    asks_only=True,
)
