"""What templates say of connections."""

from django import template

from integrations import state
from integrations.models import Connection

register = template.Library()


@register.filter
def state_of(connection: Connection) -> state.State:
    """Say how a connection is doing."""
    return state.state_of(connection)
