"""What templates say of connections."""

from django import template

from integrations import state
from integrations.models import Connection

register = template.Library()

# More of them are looked for on the page of connected apps.
_MOST = 10


@register.filter
def state_of(connection: Connection) -> state.State:
    """Say how a connection is doing."""
    return state.state_of(connection)


@register.simple_tag
def troubled_connections() -> list[tuple[Connection, state.State]]:
    """Return the connections that somebody has to do something about, and how each is doing."""
    found = ((one, state.state_of(one)) for one in Connection.objects.with_state().order_by("pk"))
    return [(one, its) for one, its in found if its.tone in ("bad", "warn")][:_MOST]
