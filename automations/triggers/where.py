"""The conditions that a trigger of recurring payments may have."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from automations.flow.conditions import Conditions
from automations.flow.forms import Option, segment
from subscriptions.segments import sentences

EVERY_PAYMENT = Conditions(text='{"all": []}', of_payments=True)
WHERE = Option(
    name="where",
    label=gettext_lazy("Only recurring payments with"),
    form=segment(of_payments=True),
    default=EVERY_PAYMENT,
)


def with_conditions(words: str, options: Mapping[str, Any]) -> str:
    """Add the conditions to what a trigger says."""
    where = options["where"]
    if where == EVERY_PAYMENT:
        return words
    return _("%(trigger)s, if %(conditions)s") % {
        "trigger": words,
        "conditions": sentences.conditions_of_payment(where.node()),
    }
