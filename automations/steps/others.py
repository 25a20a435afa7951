"""Other automations: to start one for a person, or to end it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from automations import entering
from automations.batch import Batch
from automations.entering import Entry
from automations.flow.forms import AUTOMATION, Option
from automations.flow.shape import Step
from automations.models import Automation
from automations.steps.kind import Move, Passes, StepKind, StepProblem
from automations.words import automation_name

_AUTOMATION = Option(name="automation", label=gettext_lazy("Automation"), form=AUTOMATION)


def _start(step: Step, batch: Batch) -> Mapping[int, Move]:
    """Start it for each with the recurring payment that has led here, by its own rule of how often."""
    other = _other(step)
    if not other.is_active:
        return batch.all(Passes(outcome="not_active"))
    entering.enter(
        other,
        [
            Entry(
                contact=one.contact_id,
                payment=one.payment_id,
                change=one.change_id,
                cause=f"s{one.pk}:{step.id}",
                trigger=entering.BY_AUTOMATION,
                depth=one.depth + 1,
            )
            for one in batch.people
        ],
    )
    return batch.all(Passes())


def _stop(step: Step, batch: Batch) -> Mapping[int, Move]:
    entering.end(_other(step), batch.contacts, reason="other_automation", now=batch.now)
    return batch.all(Passes())


def _other(step: Step) -> Automation:
    other = Automation.objects.filter(pk=step.options["automation"]).first()
    if other is None:
        raise StepProblem("no_automation")
    return other


START = StepKind(
    name="start",
    label=gettext_lazy("Start another automation"),
    icon="play_circle",
    options=(_AUTOMATION,),
    say=lambda options: _("Start “%(name)s”") % {"name": automation_name(options["automation"])},
    act=_start,
)
STOP = StepKind(
    name="stop",
    label=gettext_lazy("End another automation"),
    icon="cancel",
    options=(_AUTOMATION,),
    say=lambda options: _("End “%(name)s”") % {"name": automation_name(options["automation"])},
    act=_stop,
)
