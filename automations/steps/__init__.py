"""What happens to people in an automation: one table of kinds, like with like in a small file."""

from automations.steps.kind import StepKind
from automations.steps.others import START, STOP
from automations.steps.outgoing import EMAIL, NOTIFY, WEBHOOK
from automations.steps.people import SET, SUBSCRIBE, TAG_STEP, UNSUBSCRIBE, UNTAG
from automations.steps.waits import WAIT, WAIT_DATE, WAIT_SEGMENT, WAIT_UNTIL
from automations.steps.ways import END, GOAL, IF

STEPS: dict[str, StepKind] = {
    one.name: one
    for one in (
        EMAIL,
        WAIT,
        WAIT_UNTIL,
        WAIT_DATE,
        WAIT_SEGMENT,
        IF,
        GOAL,
        TAG_STEP,
        UNTAG,
        SUBSCRIBE,
        UNSUBSCRIBE,
        SET,
        NOTIFY,
        WEBHOOK,
        START,
        STOP,
        END,
    )
}

__all__ = ["STEPS", "StepKind"]
