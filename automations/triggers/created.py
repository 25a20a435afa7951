"""A recurring payment is created."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from automations.triggers.kind import TriggerKind
from automations.triggers.where import WHERE, with_conditions
from subscriptions.models import Change


def _starts(_options: Mapping[str, Any], change: Change) -> bool:
    return change.kind == Change.Kind.CREATED


CREATED = TriggerKind(
    name="created",
    label=gettext_lazy("A recurring payment is created"),
    icon="add_circle",
    options=(WHERE,),
    say=lambda options: with_conditions(_("A recurring payment is created"), options),
    starts=_starts,
)
