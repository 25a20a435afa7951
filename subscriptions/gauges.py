"""What the database tells of actions on many people."""

from collections.abc import Iterator

from config.metrics.gauges import Gauge, counted, one
from subscriptions.people_actions.models import PeopleAction


def tell() -> Iterator[Gauge]:
    """Tell the figures."""
    going = PeopleAction.objects.filter(state__in=PeopleAction.OPEN)
    yield one("people_actions_open", "Actions on many people that go on", counted(going))
