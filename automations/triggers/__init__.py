"""What lets people into an automation: one table of kinds, each in a small file of its own."""

from automations.triggers.created import CREATED
from automations.triggers.dated import DATED
from automations.triggers.kind import TriggerKind
from automations.triggers.of_people import SUBSCRIBED, TAGGED
from automations.triggers.updated import UPDATED

TRIGGERS: dict[str, TriggerKind] = {one.name: one for one in (CREATED, UPDATED, DATED, SUBSCRIBED, TAGGED)}

__all__ = ["CREATED", "DATED", "SUBSCRIBED", "TAGGED", "TRIGGERS", "UPDATED", "TriggerKind"]
