"""Published flows, read once a process: a version never changes."""

from dataclasses import dataclass
from functools import lru_cache

from automations.flow import route
from automations.flow.reading import read_again
from automations.flow.route import Route
from automations.flow.shape import Flow
from automations.models import AutomationVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A flow and the way through it."""

    flow: Flow
    route: Route


@lru_cache(maxsize=2000)
def load(version: int) -> Plan:
    """Return the plan of a version, by its id."""
    flow = read_again(AutomationVersion.objects.values_list("flow", flat=True).get(pk=version))
    return Plan(flow=flow, route=route.of(flow))
